"""Nobody takes controls out of what runs on a stack unseen: neither out of settings, nor out of a command, nor by a lower level."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from config.load import ROOT
from policies.catalogue import EVERY
from sandbox.engine.policies import policies
from sandbox.engine.run import EngineRun, Operation
from sandbox.paths import Home
from tests.kit.source import CODE, modules

_AROUND = re.compile(r"^(--skip-preview|--policy-pack-config|PULUMI_(OPTION_)?(SKIP_PREVIEW|POLICY_PACKS?|POLICY_PACK_CONFIG))(=|$)")
"""What leads around controls: what is not previewed is not judged before it is made, and a configuration of a pack lowers its levels."""
COMMANDS = ("Makefile", ".gitlab-ci.yml", "scripts/bootstrap.sh")
ALLOWED = {
    # Refreshing and destroying make nothing; `up` below has to preview.
    ("sandbox/engine/run.py", "--skip-preview"),
    # Times the engine on throw-away copies of the program in a sandbox.
    ("scripts/bench/tenants.py", "--skip-preview"),
}
"""File and word. One more here is a decision that a reviewer sees."""


def words(path: str, text: str) -> set[str]:
    """Return the words of a file that reach a command line: of Python those of its texts, of others all but comments."""
    if not path.endswith(".py"):
        return {word.strip("\"'@") for line in text.splitlines() for word in line.partition(" #")[0].split() if not line.startswith("#")}
    program = ast.parse(text)
    said = {id(node.value) for node in ast.walk(program) if isinstance(node, ast.Expr)}
    texts = [node.value for node in ast.walk(program) if isinstance(node, ast.Constant) and id(node) not in said]
    return {word for found in texts if isinstance(found, str) for word in found.split()}


def around(path: str, text: str) -> set[tuple[str, str]]:
    """Return what in a file leads around controls."""
    return {(path, found[1]) for word in words(path, text) if (found := _AROUND.match(word))}


def test_no_command_of_ours_leads_around_controls_but_those_listed_here() -> None:
    paths = [*COMMANDS, *map(str, modules(*CODE)), "__main__.py"]
    found = {each for path in paths for each in around(path, (ROOT / path).read_text(encoding="utf-8"))}
    assert found == ALLOWED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Makefile", "up:\n\t@$(RUN) -m sandbox up --skip-preview\n"),
        ("Makefile", "export PULUMI_OPTION_SKIP_PREVIEW=true\n"),
        (".gitlab-ci.yml", "  script:\n    - pulumi up --policy-pack-config low.json\n"),
        ("scripts/some.py", 'RUN = ["pulumi", "up", "--skip-preview"]'),
        ("scripts/some.py", 'run("pulumi up --policy-pack-config=low.json")'),
    ],
)
def test_whoever_leads_around_controls_is_told(path: str, text: str) -> None:
    assert around(path, text)


def test_what_only_speaks_of_it_is_let_be() -> None:
    assert not around("scripts/some.py", '"""It previews: `--skip-preview` has no place here."""\n# --skip-preview\n')
    assert not around("Makefile", "# never --skip-preview\n")


def test_the_project_names_the_pack_with_every_control_and_asks_for_verdicts() -> None:
    settings = policies(Home(ROOT))
    assert settings.packs == (ROOT / "policies" / "packs" / EVERY,)
    assert [name for name, _ in settings.variables] == ["MOREFOCUS_VERDICTS"]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda text: text.replace("[tool.sandbox.policies]", "[tool.sandbox.former]"),
        lambda text: re.sub(r'packs = \["policies/packs/all"\]', "packs = []", text),
        lambda text: text.replace('["policies/packs/all"]', '["policies/packs/gdpr"]'),
    ],
    ids=["the table is gone", "it names none", "it names one framework"],
)
def test_a_project_that_names_less_is_told(tamper: Callable[[str], str], tmp_path: Path) -> None:
    shipped = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(tamper(shipped), encoding="utf-8")
    assert tamper(shipped) != shipped and tomllib.loads(tamper(shipped))
    (tmp_path / "policies").symlink_to(ROOT / "policies")
    assert policies(Home(tmp_path)).packs != (tmp_path / "policies" / "packs" / EVERY,)


@pytest.mark.parametrize(("operation", "judged"), [(Operation.PREVIEW, True), (Operation.UP, True), (Operation.DESTROY, False)], ids=str)
def test_what_makes_something_previews_first_and_is_judged(operation: Operation, judged: bool, tmp_path: Path) -> None:
    for name in ("pyproject.toml", "policies"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "Pulumi.a.yaml").write_text("config: {}\n")
    engine = tmp_path / "engine"
    # It stays until its process is written down, as the real one does.
    engine.write_text('#!/bin/sh\necho "$@"\nsleep 0.5\n')
    engine.chmod(0o755)
    home = Home(tmp_path)
    home.processes.mkdir(parents=True)
    home.config.mkdir(parents=True)
    home.scratch.mkdir(parents=True)
    (home.scratch / "Pulumi.a.yaml").write_text("encryptionsalt: v1:any\n")
    outcome = EngineRun(home, engine, "a", operation, {"PATH": "/usr/bin:/bin"}).follow(lambda event: None)
    given = outcome.words.split()
    assert given[0] == operation.value
    assert ("--skip-preview" not in given) is judged
    assert (str(tmp_path / "policies/packs" / EVERY) in given) is judged
