"""Verdicts come of a state or of what packs wrote, and evidence of a commit."""

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policies.evidence.verdicts import Layer
from policies.verdict import Verdict
from scripts.evidence import sources
from tests.kit.evidence import DAY, small

URN = "urn:pulumi:eu-west-1::morefocus::aws:rds/instance:Instance::main"


def export(**inputs: Any) -> dict[str, Any]:
    row = {"urn": URN, "type": "aws:rds/instance:Instance", "id": "main", "custom": True, "inputs": inputs, "outputs": {}}
    return {"version": 3, "deployment": {"resources": [row]}}


def backend(**inputs: Any) -> dict[str, Any]:
    return {"version": 3, "checkpoint": {"stack": "organization/morefocus/eu-west-1", "latest": export(**inputs)["deployment"]}}


@pytest.mark.parametrize("document", [export(publiclyAccessible=True), backend(publiclyAccessible=True)])
def test_a_state_is_judged_whether_exported_or_as_the_backend_keeps_it(document: dict[str, Any]) -> None:
    found = sources.from_export(document, "eu-west-1", DAY)
    assert (found.stack, found.layer, found.as_of) == ("eu-west-1", Layer.STATE, DAY)
    assert [each.urn for each in found.by_control["NET-01"] if each.verdict is Verdict.VIOLATION] == [URN]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"checkpoint": {}}, "the state of eu-west-1 is empty"),
        ({"deployment": {"resources": []}}, "the state of eu-west-1 is empty"),
        ({"steps": []}, "expected the JSON of `pulumi stack export`"),
    ],
)
def test_what_is_no_state_with_resources_is_refused(document: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sources.from_export(document, "eu-west-1", DAY)


def test_the_state_of_another_stack_is_refused() -> None:
    with pytest.raises(ValueError, match="holds resources of eu-west-1, not of us-east-1"):
        sources.from_export(export(), "us-east-1", DAY)


def test_what_packs_wrote_is_merged_by_stack(tmp_path: Path) -> None:
    other = small().model_copy(update={"stack": "sa-east-1"})
    paths = [small().write(tmp_path, "gdpr"), small().write(tmp_path, "soc2"), other.write(tmp_path, "gdpr")]
    assert sources.from_files(paths) == [small(), other]


def test_what_other_controls_wrote_is_refused_and_named(tmp_path: Path) -> None:
    path = small().model_copy(update={"controls_digest": "0" * 64}).write(tmp_path, "gdpr")
    with pytest.raises(ValueError, match=r"eu-west-1\.gdpr\.json was written by other controls"):
        sources.from_files([path])
    with pytest.raises(ValueError, match=r"there\.json: .*No such file"):
        sources.from_files([tmp_path / "there.json"])


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """Gives a repository with one commit of one pack."""
    pack = tmp_path / "policies/packs/gdpr/PulumiPolicy.yaml"
    pack.parent.mkdir(parents=True)
    pack.write_text("version: 2.3.4\n")
    identity = ["-c", "user.name=tester", "-c", "user.email=tester@example.org"]
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "add", "-A"], check=True)
    dated = {"GIT_COMMITTER_DATE": "2026-06-15T23:30:00+00:00", "PATH": "/usr/bin:/bin"}
    subprocess.run(["git", "-C", tmp_path, *identity, "commit", "-q", "-m", "one"], check=True, env=dated)
    yield tmp_path


def test_evidence_names_its_commit_and_whether_files_differ(clone: Path) -> None:
    found = sources.origin("gdpr", clone)
    assert (found.committed, found.changed, found.pack_version) == ("2026-06-15T23:30:00+00:00", False, "2.3.4")
    assert len(found.commit) == 40
    (clone / "policies/packs/gdpr/PulumiPolicy.yaml").write_text("version: 2.3.5\n")
    assert sources.origin("gdpr", clone).changed


def test_the_day_is_the_commits_unless_one_is_given(clone: Path) -> None:
    assert sources.day(None, clone) == date(2026, 6, 15)
    assert sources.day("2026-07-01", clone) == date(2026, 7, 1)
    with pytest.raises(ValueError, match="'tomorrow' is no day: write"):
        sources.day("tomorrow", clone)


def test_outside_of_a_repository_there_is_no_evidence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="evidence names its commit"):
        sources.day(None, tmp_path / "nowhere")
