"""A copy of the program is as good as the original, and holds the stacks that are asked for."""

from pathlib import Path

import pytest

from config.load import load
from sandbox.engine.policies import policies
from sandbox.paths import Home
from scripts.program import ROOT, copy_program
from tests.kit.plans import STACKS


def stacks_in(folder: Path) -> set[str]:
    return {path.name.split(".")[1] for path in folder.glob("Pulumi.*.yaml")}


def test_a_copy_holds_every_stack_and_loads_as_the_original_does(tmp_path: Path) -> None:
    copy_program(tmp_path / "copy")
    assert stacks_in(tmp_path / "copy") == set(STACKS)
    assert load("eu-west-1", root=tmp_path / "copy") == load("eu-west-1")
    judged = [pack.relative_to(tmp_path / "copy") for pack in policies(Home(tmp_path / "copy")).packs]
    assert judged == [pack.relative_to(ROOT) for pack in policies(Home(ROOT)).packs] != []
    assert (tmp_path / "copy" / "__main__.py").is_file() and not list(tmp_path.rglob("__pycache__"))


@pytest.mark.parametrize("chosen", [{"us-east-1"}, {"us-east-1", "staging"}])
def test_a_copy_may_hold_some_stacks_alone(tmp_path: Path, chosen: set[str]) -> None:
    copy_program(tmp_path, chosen)
    assert stacks_in(tmp_path) == chosen
