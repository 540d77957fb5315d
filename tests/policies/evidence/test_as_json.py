"""The document holds all that a report stands on, and every finding."""

import hashlib
import json

from policies.evidence.as_json import document, render
from policies.verdict import Verdict
from tests.kit.evidence import ORIGIN, small, small_report


def test_the_document_says_what_it_is_made_of() -> None:
    found = document(small_report("pci-dss"))
    assert (found["stack"], found["layer"], found["as_of"], found["passes"]) == ("eu-west-1", "state", "2026-06-15", False)
    assert found["framework"]["id"] == "pci-dss" and "reviewer" in found["framework"]["reading"]
    assert found["commit"] == {"id": ORIGIN.commit, "date": ORIGIN.committed, "changed": False}
    assert found["pack"] == {"version": "1.0.0", "sha256": small().controls_digest}
    assert found["configuration"] == {"sha256": small().configuration_digest}
    assert found["verdicts"]["sha256"] == hashlib.sha256(small().to_json().encode()).hexdigest()
    assert found["resources"] == {"total": 5, "by_type": dict(sorted(small().resources.items()))}


def test_every_finding_control_and_clause_is_in_the_document_and_counted() -> None:
    report = small_report("gdpr")
    found = json.loads(render(report))
    findings = [(control["id"], each["urn"], each["verdict"]) for control in found["controls"] for each in control["findings"]]
    assert findings == [(each.control, each.urn, each.verdict.value) for each in report.findings]
    assert found["summary"]["findings"]["pass"] == sum(verdict == "pass" for _, _, verdict in findings)
    assert sum(found["summary"]["clauses"].values()) == len(found["clauses"]) == 99
    assert sum(found["summary"]["controls"].values()) == len(found["controls"])
    by_id = {control["id"]: control for control in found["controls"]}
    assert by_id["ENC-06"]["verdict"] == "disabled" and by_id["ENC-06"]["level"] == {"asked": "mandatory", "effective": "disabled"}
    assert by_id["NET-01"]["verdict"] == Verdict.VIOLATION and by_id["NET-01"]["fix"] and by_id["NET-01"]["why"]


def test_clauses_name_their_controls_with_strength_and_exceptions_their_end() -> None:
    found = document(small_report("gdpr"))
    security = next(clause for clause in found["clauses"] if clause["name"] == "32")
    assert {"id": "NET-01", "clause": "32", "strength": "reading", "verdict": "violation"} in security["controls"]
    assert {clause["standing"] for clause in found["clauses"]} >= {"violated", "not-provable"}
    (row,) = found["exceptions"]
    assert (row["control"], row["expires"], row["approver"]) == ("NET-07", "2026-06-30", "security")
    assert found["faults"] == []
