"""A report as SARIF 2.1.0: controls as rules, the framework as a taxonomy, exceptions as suppressions.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from typing import Any

from policies.control import Framework, Severity
from policies.evidence.as_json import digest
from policies.evidence.clauses import whole
from policies.evidence.places import place
from policies.evidence.report import ControlRow, Report
from policies.evidence.verdicts import Effective
from policies.exceptions import Row
from policies.verdict import Finding, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "error"}
_SCORES = {Severity.LOW: "3.0", Severity.MEDIUM: "5.5", Severity.HIGH: "8.0", Severity.CRITICAL: "9.5"}
"""What code scanning sorts by: below 4 is low, below 7 medium, below 9 high.

Source: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""
_KINDS = {Verdict.VIOLATION: "fail", Verdict.EXCEPTED: "fail", Verdict.UNDECIDED: "open"}


def render(report: Report) -> str:
    """Return the log: a result for each violation, excepted or not, and each open decision. What passed is in the other reports."""
    return json.dumps(log(report), indent=1, ensure_ascii=False) + "\n"


def log(report: Report) -> dict[str, Any]:
    """Return the log as plain data."""
    rows = {(row.control, row.urn): row for row in report.exceptions}
    index = {row.control.id: number for number, row in enumerate(report.controls)}
    results = [
        _result(row, finding, index[row.control.id], rows.get((finding.control, finding.urn)), report)
        for row in report.controls
        for finding in row.findings
        if finding.verdict in _KINDS
    ]
    driver = {
        "name": "MoreFocus policies",
        "fullName": f"MoreFocus policies: {report.title}",
        "version": report.origin.pack_version,
        "rules": [_rule(row, report) for row in report.controls],
        **({"supportedTaxonomies": [{"name": report.framework, "index": 0}]} if report.clauses else {}),
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"evidence/{report.stack}/{report.framework}/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
        **({"taxonomies": [_taxonomy(report)]} if report.clauses else {}),
        "properties": _origin(report),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _origin(report: Report) -> dict[str, Any]:
    return {
        "commit": report.origin.commit,
        "changed": report.origin.changed,
        "layer": report.verdicts.layer.value,
        "asOf": report.as_of.isoformat(),
        "packSha256": report.verdicts.controls_digest,
        "configurationSha256": report.verdicts.configuration_digest,
        "verdictsSha256": digest(report),
        "levels": {row.control.id: row.effective.value for row in report.controls},
        "resources": sum(report.verdicts.resources.values()),
        "faults": [str(fault) for fault in report.faults],
    }


def _rule(row: ControlRow, report: Report) -> dict[str, Any]:
    control = row.control
    own = control.answers(Framework(report.framework)) if report.clauses else ()
    found: dict[str, Any] = {
        "id": control.id,
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": control.why},
        "help": {"text": f"To do: {control.fix}"},
        "defaultConfiguration": {"enabled": row.effective is not Effective.DISABLED, "level": _level(row)},
        "properties": {"security-severity": _SCORES[control.severity], "tags": ["security", *map(str, control.clauses)]},
    }
    if own:
        found["relationships"] = [
            {
                "target": {"id": name, "toolComponent": {"name": report.framework, "index": 0}},
                "kinds": ["relevant"],
                "description": {"text": "; ".join(f"{clause.name}: {clause.strength}" for clause in own if whole(clause) == name)},
            }
            for name in dict.fromkeys(whole(clause) for clause in own)
        ]
    return found


def _taxonomy(report: Report) -> dict[str, Any]:
    return {
        "name": report.framework,
        "fullName": report.title,
        "isComprehensive": True,
        "shortDescription": {"text": report.scope},
        "taxa": [
            {
                "id": row.listed.name,
                "shortDescription": {"text": row.listed.title},
                "fullDescription": {"text": row.listed.why},
                "properties": {"proof": row.listed.proof.value, "standing": row.standing.value},
            }
            for row in report.clauses
        ],
    }


def _result(row: ControlRow, finding: Finding, index: int, excepted: Row | None, report: Report) -> dict[str, Any]:
    where = place(finding.urn, report.stack)
    fails = _KINDS[finding.verdict] == "fail"
    found: dict[str, Any] = {
        "ruleId": row.control.id,
        "ruleIndex": index,
        "kind": _KINDS[finding.verdict],
        "level": _level(row) if fails else "none",
        "message": {"text": f"{finding.resource}: {finding.message}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": where.path, "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": where.line},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.urn or report.stack, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"controlAndResource/v1": report.key(finding)},
    }
    if excepted is not None:
        until = f"{excepted.reason} Until {excepted.expires}; {excepted.owner} owns it, {excepted.approver} approved it: {excepted.link}"
        found["suppressions"] = [{"kind": "external", "status": "accepted", "justification": until}]
    return found


def _level(row: ControlRow) -> str:
    # What is advice in a run stops nothing there, however bad.
    return "note" if row.effective is Effective.ADVISORY else _LEVELS[row.control.severity]
