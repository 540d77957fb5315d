"""A report as one JSON document, with every finding: what other programs read."""

import hashlib
import json
from collections import Counter
from typing import Any

from policies.evidence.report import READING, ClauseRow, ControlRow, Report
from policies.verdict import Verdict


def render(report: Report) -> str:
    """Return the document; the same report gives the same bytes."""
    return json.dumps(document(report), indent=1, ensure_ascii=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """Return the document as plain data."""
    verdicts, origin = report.verdicts, report.origin
    return {
        "format": 1,
        "framework": {"id": report.framework, "title": report.title, "scope": report.scope, "reading": READING},
        "stack": report.stack,
        "layer": verdicts.layer.value,
        "as_of": report.as_of.isoformat(),
        "passes": report.passes,
        "commit": {"id": origin.commit, "date": origin.committed, "changed": origin.changed},
        "pack": {"version": origin.pack_version, "sha256": verdicts.controls_digest},
        "configuration": {"sha256": verdicts.configuration_digest},
        "verdicts": {"sha256": digest(report)},
        "resources": {"total": sum(verdicts.resources.values()), "by_type": dict(sorted(verdicts.resources.items()))},
        "summary": {
            "controls": _counted(str(row.verdict or "disabled") for row in report.controls),
            "findings": _counted(str(finding.verdict) for finding in report.findings),
            "clauses": _counted(str(row.standing) for row in report.clauses),
        },
        "clauses": [_clause(row) for row in report.clauses],
        "controls": [_control(row) for row in report.controls],
        "exceptions": [row.model_dump(mode="json") for row in report.exceptions],
        "faults": [{"row": fault.row, "text": fault.text} for fault in report.faults],
    }


def digest(report: Report) -> str:
    """Return the SHA-256 of the verdicts that a report is made of: the same for all frameworks of a run."""
    return hashlib.sha256(report.verdicts.to_json().encode()).hexdigest()


def _counted(words: Any) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def _clause(row: ClauseRow) -> dict[str, Any]:
    return {
        "name": row.listed.name,
        "title": row.listed.title,
        "proof": row.listed.proof.value,
        "why": row.listed.why,
        "standing": row.standing.value,
        "controls": [
            {"id": each.control, "clause": each.clause, "strength": each.strength.value, "verdict": _said(each.verdict)}
            for each in row.answers
        ],
    }


def _control(row: ControlRow) -> dict[str, Any]:
    control = row.control
    return {
        "id": control.id,
        "title": control.title,
        "severity": control.severity.value,
        "why": control.why,
        "fix": control.fix,
        "level": {"asked": control.level.value, "effective": row.effective.value},
        "verdict": _said(row.verdict),
        "clauses": [{"name": str(clause), "strength": clause.strength.value} for clause in control.clauses],
        "findings": [{"urn": each.urn, "verdict": each.verdict.value, "message": each.message} for each in row.findings],
    }


def _said(verdict: Verdict | None) -> str:
    return str(verdict or "disabled")
