"""Packs of a project: which are run in previews and ups, and what becomes of a project that breaks one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.engine.policies import policies
from sandbox.engine.stacks import StackError
from sandbox.paths import Home
from tests.kit.project import Project, project

REPOSITORY = Path(__file__).resolve().parents[3]
SETTINGS = '[tool.sandbox.policies]\npacks = ["packs/all"]\nverdicts = "MOREFOCUS_VERDICTS"\n'
PACK = f"""import sys
sys.path.insert(0, {str(REPOSITORY)!r})
from policies.pack import run
run("all")
"""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project of one stack with buckets, roles and keys as a developer in a hurry writes them, judged by every control."""
    with project(tmp_path_factory.mktemp("judged")) as made:
        folder = made.folder / "packs/all"
        folder.mkdir(parents=True)
        (folder / "PulumiPolicy.yaml").write_text("description: all\nruntime: python\nversion: 1.0.0\n")
        (folder / "__main__.py").write_text(PACK)
        settings = made.folder / "pyproject.toml"
        settings.write_text(settings.read_text() + SETTINGS)
        yield made


def test_a_project_without_packs_is_judged_by_none(tmp_path: Path) -> None:
    assert policies(Home(tmp_path)).arguments == []
    (tmp_path / "pyproject.toml").write_text("[tool.sandbox]\n")
    assert policies(Home(tmp_path)).packs == ()


def test_a_pack_that_is_not_there_is_an_error_and_not_a_pass(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    with pytest.raises(StackError, match=r"packs/all, where there is no PulumiPolicy.yaml"):
        policies(Home(tmp_path))


def test_a_violation_ends_an_up_before_anything_is_made_and_says_what_to_do(judged: Project) -> None:
    done = judged.run("up")
    assert done.returncode != 0
    said = " ".join(done.stdout.split())
    assert "policy ENC-04 on" in said and "To do:" in said and "gdpr 32" in said
    assert "nothing was changed" in said
    assert judged.in_the_cloud("hub") == {"buckets": [], "roles": [], "keys": []}
    (path,) = (judged.folder / ".sandbox/verdicts/preview").glob("hub.*.json")
    found = json.loads(path.read_text(encoding="utf-8"))["findings"]
    assert {each["control"] for each in found if each["verdict"] == "violation"} >= {"ENC-04"}
