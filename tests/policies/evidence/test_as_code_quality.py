"""GitLab's code quality report: violations by their severity, the rest as information, each told apart in every run."""

import json
from pathlib import Path
from typing import Any

import pytest

from policies.catalogue import PACKS
from policies.evidence.as_code_quality import render
from policies.evidence.report import report
from policies.verdict import Verdict
from tests.kit.evidence import EXCEPTION, ORIGIN, SMALL, small_report, verdicts_of
from tests.kit.policies import lone

ROOT = Path(__file__).resolve().parents[3]


def rows(framework: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(small_report(framework)))
    return found


@pytest.mark.parametrize("framework", PACKS)
def test_every_entry_has_the_fields_that_gitlab_reads(framework: str) -> None:
    found = rows(framework)
    for row in found:
        assert set(row) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert row["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert set(row["location"]) == {"path", "lines"} and row["location"]["lines"]["begin"] >= 1
        assert (ROOT / row["location"]["path"]).is_file(), "a path of the repository, without ./"
    assert len({row["fingerprint"] for row in found}) == len(found)


def test_violations_have_their_severity_and_the_rest_is_information() -> None:
    found = {(row["check_name"], row["description"]): row["severity"] for row in rows("gdpr")}
    by_control: dict[str, set[str]] = {}
    for (control, _), severity in found.items():
        by_control.setdefault(control, set()).add(severity)
    assert by_control["NET-01"] == {"blocker"} and by_control["ENC-01"] == {"critical"}
    assert by_control["NET-07"] == {"info"}
    report_ = small_report("gdpr")
    shown = [each for each in report_.findings if each.verdict in (Verdict.VIOLATION, Verdict.UNDECIDED, Verdict.EXCEPTED)]
    assert len(shown) == len(rows("gdpr"))


def test_a_fingerprint_stays_when_other_findings_come() -> None:
    before = {row["fingerprint"] for row in rows("gdpr")}
    fewer = json.loads(render(report("gdpr", verdicts_of(lone(SMALL[0]), rows=()), ORIGIN)))
    first = next(row for row in fewer if row["check_name"] == "NET-01")
    assert first["fingerprint"] in before


def test_a_row_of_exceptions_with_a_fault_is_a_blocker() -> None:
    verdicts = verdicts_of(lone(SMALL[1]), rows=[EXCEPTION | {"expires": "2026-06-10"}])
    (found,) = [row for row in json.loads(render(report("morefocus", verdicts, ORIGIN))) if row["check_name"] == "exceptions"]
    assert found["severity"] == "blocker" and found["location"]["path"] == "policies/exceptions.yaml"
