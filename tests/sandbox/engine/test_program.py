"""Programs that fail, under the real engine: the person reads their own mistake and nothing else."""

import json
import os
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.engine import build, events, home, stacks
from sandbox.engine.stack_files import derive
from sandbox.paths import Home

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = Home(tmp_path_factory.mktemp("project"))
    (made.project / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    (made.project / "Pulumi.dev.yaml").write_text("config:\n  demo:size: 4\n")
    engine = build.find_or_build(lambda _step: None)
    home.prepare(made, engine)
    stacks.create(made, engine, "dev", home.for_process(home.environment(made, None, stacks.DEFAULT_ACCOUNT)))
    yield made


def preview(place: Home, program: str) -> tuple[int, list[events.Message]]:
    """Previews the program; gives the engine's exit code and all that a person would be told."""
    (place.project / "__main__.py").write_text(textwrap.dedent(program))
    engine = build.find_or_build(lambda _step: None)
    environment = home.for_process(home.environment(place, None, stacks.DEFAULT_ACCOUNT))
    done = subprocess.run(
        [engine, "preview", "-s", "dev", "--json", "--non-interactive", "--config-file", derive(place, "dev")],
        cwd=place.project,
        env=environment | {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = [events.parse(line) for line in done.stdout.splitlines()]
    return done.returncode, [event for event in found if isinstance(event, events.Message) and not event.generic]


def test_an_exception_shows_the_programs_frames_only(place: Home) -> None:
    (place.project / "helper.py").write_text("def zone(name):\n    raise LookupError(f'no zone {name}')\n")
    code, (told,) = preview(place, "import helper\nhelper.zone('x')\n")
    assert code != 0
    frames = [line.strip() for line in told.text.splitlines() if line.strip().startswith("File ")]
    assert [Path(frame.split('"')[1]).name for frame in frames] == ["__main__.py", "helper.py"]
    assert told.text.strip().endswith("LookupError: no zone x")


def test_an_error_meant_for_the_person_comes_without_a_traceback(place: Home) -> None:
    _, (told,) = preview(place, "import pulumi\nraise pulumi.RunError('Pulumi.dev.yaml: demo:size: 4 is too many')\n")
    assert told.text.strip() == "Pulumi.dev.yaml: demo:size: 4 is too many"


def test_a_syntax_error_points_at_its_line_only(place: Home) -> None:
    _, (told,) = preview(place, "import pulumi\n\ndef broken(:\n    pass\n")
    assert "__main__.py" in told.text and "line 3" in told.text and "SyntaxError" in told.text
    assert "runpy" not in told.text and "program.py" not in told.text


@pytest.mark.parametrize(
    "answered", ["invoke of x:y:z failed: grpc: the client connection is closing", "Resource monitor has terminated, shutting down"]
)
def test_a_call_that_the_engine_cut_off_adds_nothing_to_what_the_engine_says(place: Home, answered: str) -> None:
    code, told = preview(place, f"raise Exception({answered!r})\n")
    assert code != 0 and told == []


def test_a_failure_inside_an_apply_is_shown(place: Home) -> None:
    program = """
        import pulumi

        def later(value):
            raise ValueError("too late")

        pulumi.export("x", pulumi.Output.from_input(1).apply(later))
    """
    _, (told,) = preview(place, program)
    assert "ValueError: too late" in told.text
    assert "in later" in told.text


def test_an_exit_code_of_the_program_is_told(place: Home) -> None:
    _, (told,) = preview(place, "import sys\nsys.exit(3)\n")
    assert told.text.strip() == "an unhandled error occurred: Program exited with non-zero exit code: 3"


def test_a_folder_without_a_program_is_one_error(place: Home) -> None:
    (place.project / "__main__.py").unlink(missing_ok=True)
    engine = build.find_or_build(lambda _step: None)
    environment = home.for_process(home.environment(place, None, stacks.DEFAULT_ACCOUNT))
    command = [str(engine), "preview", "-s", "dev", "--non-interactive", "--config-file", str(derive(place, "dev"))]
    done = subprocess.run(command, cwd=place.project, env=environment, capture_output=True, text=True, check=False)
    assert f"there is no program: {place.project} has no __main__.py" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_settings_arguments_and_imports_reach_the_program(place: Home) -> None:
    (place.project / "beside.py").write_text("WORD = 'found'\n")
    program = """
        import json, os, pathlib, sys
        import pulumi, beside

        seen = [pulumi.Config().get_int("size"), pulumi.get_stack(), pulumi.get_project(), pulumi.runtime.is_dry_run()]
        seen += [beside.WORD, os.getcwd()]
        pathlib.Path("seen.json").write_text(json.dumps([*seen, any(p.endswith("sandbox/engine") for p in sys.path)]))
    """
    code, told = preview(place, program)
    assert (code, told) == (0, [])
    seen = json.loads((place.project / "seen.json").read_text())
    assert seen == [4, "dev", "demo", True, "found", os.fspath(place.project), False]
