"""A report as GitLab's code quality report: what a merge request shows beside the lines.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

import hashlib
import json
from typing import Any

from policies.control import Severity
from policies.evidence.places import Place, place
from policies.evidence.report import ControlRow, Report
from policies.verdict import Finding, Verdict

_SEVERITIES = {Severity.LOW: "minor", Severity.MEDIUM: "major", Severity.HIGH: "critical", Severity.CRITICAL: "blocker"}
_SHOWN = (Verdict.VIOLATION, Verdict.UNDECIDED, Verdict.EXCEPTED)


def render(report: Report) -> str:
    """Return a list of violations, and, as information, of what is undecided or excepted; rows of exceptions with a fault are blockers."""
    rows = [_row(row, finding, report) for row in report.controls for finding in row.findings if finding.verdict in _SHOWN]
    rows += [
        _entry("exceptions", str(fault), "blocker", Place("policies/exceptions.yaml", 1), hashlib.sha256(str(fault).encode()).hexdigest())
        for fault in report.faults
    ]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def _row(row: ControlRow, finding: Finding, report: Report) -> dict[str, Any]:
    severity = _SEVERITIES[row.control.severity] if finding.verdict is Verdict.VIOLATION else "info"
    text = f"{row.control.title}: {finding.verdict} of {finding.resource}: {finding.message}"
    return _entry(row.control.id, text, severity, place(finding.urn, report.stack), report.key(finding))


def _entry(check: str, text: str, severity: str, where: Place, key: str) -> dict[str, Any]:
    return {
        "description": text,
        "check_name": check,
        "fingerprint": key,
        "severity": severity,
        "location": {"path": where.path, "lines": {"begin": where.line}},
    }
