"""A report as one page that needs nothing beside itself: to read on a screen, in the light or the dark, and to print."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from policies.control import Severity
from policies.evidence.as_json import digest
from policies.evidence.report import READING, ClauseRow, ControlRow, Report, Standing
from policies.verdict import Verdict

_TEMPLATE = "page.html.jinja"
_ATTENTION = (Verdict.VIOLATION, Verdict.UNDECIDED, Verdict.EXCEPTED)
_LESS = (Standing.UNCONTROLLED, Standing.NOT_PROVABLE)
LABELS: Mapping[str, str] = {
    Standing.VIOLATED: "violated",
    Standing.DISABLED: "not run",
    Standing.UNDECIDED: "undecided",
    Standing.EXCEPTED: "excepted for a while",
    Standing.PASSED: "passed",
    Standing.NOT_APPLICABLE: "nothing in scope",
    Standing.UNCONTROLLED: "no control yet",
    Standing.NOT_PROVABLE: "not provable by infrastructure",
}
"""What the page calls a standing."""
_COLOURS: Mapping[str, str] = {
    **dict.fromkeys((Verdict.VIOLATION, Standing.VIOLATED, "disabled"), "bad"),
    **dict.fromkeys((Verdict.UNDECIDED, Verdict.EXCEPTED), "warn"),
    **dict.fromkeys((Verdict.PASS, Standing.PASSED), "good"),
}


def render(report: Report) -> str:
    """Return the page; every text is escaped."""
    page = _environment().get_template(_TEMPLATE)
    answered = [row for row in report.clauses if row.answers]
    return page.render(
        report=report,
        reading=READING,
        verdicts_digest=digest(report),
        resources=sum(report.verdicts.resources.values()),
        standings=_standings(report),
        answered=answered,
        uncontrolled=_by_reason(report, Standing.UNCONTROLLED),
        not_provable=_by_reason(report, Standing.NOT_PROVABLE),
        urgent=sorted((row for row in report.controls if row.verdict is Verdict.VIOLATION), key=_worst_first),
        lowered=[row for row in report.controls if row.lowered],
        controls=sorted(report.controls, key=_urgency),
        attention=_ATTENTION,
    )


def _standings(report: Report) -> list[tuple[Standing, int]]:
    found = Counter(row.standing for row in report.clauses)
    return [(standing, found[standing]) for standing in Standing if found[standing]]


def _by_reason(report: Report, standing: Standing) -> dict[str, list[ClauseRow]]:
    found: dict[str, list[ClauseRow]] = defaultdict(list)
    for row in report.with_standing(standing):
        found[row.listed.why].append(row)
    return found


def _urgency(row: ControlRow) -> tuple[int, str]:
    order: list[Any] = [Verdict.VIOLATION, None, Verdict.UNDECIDED, Verdict.EXCEPTED, Verdict.PASS, Verdict.NOT_APPLICABLE]
    return order.index(row.verdict), row.control.id


def _worst_first(row: ControlRow) -> tuple[int, str]:
    return -list(Severity).index(row.control.severity), row.control.id


def _colour(word: Any) -> str:
    return _COLOURS.get(word or "disabled", "calm")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["colour"] = _colour
    made.filters["label"] = lambda standing: LABELS[standing]
    made.filters["said"] = lambda verdict: str(verdict or "not run")
    return made
