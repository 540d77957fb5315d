"""How a `pulumi` command typed by a person is read."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.engine import plain
from sandbox.paths import Home


@pytest.mark.parametrize("line", ["up", "-C /x up --yes", "--color never preview -s a", "refresh", "dn", "--logtostderr destroy"])
def test_commands_that_run_the_program_get_the_stack_file(line: str) -> None:
    assert plain.needs_stack_file(line.split())


@pytest.mark.parametrize("line", ["", "stack ls", "config set up x", "version", "up --config-file x", "up --help", "--config-file=x up"])
def test_other_commands_are_left_as_they_are(line: str) -> None:
    assert not plain.needs_stack_file(line.split())


@pytest.mark.parametrize("line", ["up -s prod", "up --stack prod --yes", "up --stack=prod", "-sprod up"])
def test_the_stack_is_read_from_the_command(line: str) -> None:
    assert plain.named_stack(line.split()) == "prod"


@pytest.fixture
def project(tmp_path: Path) -> Home:
    """A project whose engine prints the arguments it is given."""
    home = Home(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    home.scratch.mkdir(parents=True)
    (home.scratch / "Pulumi.prod.yaml").write_text("encryptionsalt: v1:ours\n")
    engine = tmp_path / "engine"
    engine.write_text(f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    engine.chmod(engine.stat().st_mode | stat.S_IXUSR)
    return home


def pulumi(home: Home, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, plain.__file__, str(home.project / "engine"), str(home.project), *arguments]
    return subprocess.run(command, cwd=folder or home.project, capture_output=True, text=True, check=False)


def test_the_engine_gets_the_copy_of_the_stack_file(project: Home) -> None:
    below = project.project / "deep" / "down"
    below.mkdir(parents=True)
    for folder in (project.project, below):
        given = json.loads(pulumi(project, "up", "-s", "prod", folder=folder).stdout)
        assert given == ["up", "-s", "prod", "--config-file", str(project.config / "Pulumi.prod.yaml")]


def test_another_project_is_none_of_our_business(project: Home, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("other")
    (elsewhere / "Pulumi.yaml").write_text("name: other\nruntime: python\n")
    assert json.loads(pulumi(project, "up", "-s", "prod", folder=elsewhere).stdout) == ["up", "-s", "prod"]
    assert json.loads(pulumi(project, "-C", str(elsewhere), "up").stdout) == ["-C", str(elsewhere), "up"]


def test_without_a_stack_the_person_is_asked_to_name_one(project: Home) -> None:
    done = pulumi(project, "up")
    assert done.returncode == 1
    assert "say which one" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_selected_stack_is_found(project: Home) -> None:
    import hashlib

    digest = hashlib.sha1(os.fsencode(project.project / "Pulumi.yaml"), usedforsecurity=False).hexdigest()
    notes = project.engine_home / "workspaces" / f"demo-{digest}-workspace.json"
    notes.parent.mkdir(parents=True)
    notes.write_text('{"stack": "organization/demo/prod"}')
    assert "--config-file" in json.loads(pulumi(project, "preview").stdout)
