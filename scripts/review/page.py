"""The page of a merge request: one HTML file that needs nothing from elsewhere, in light and dark, readable without JavaScript."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from policies.control import Control, Framework
from policies.verdict import Finding, Verdict
from scripts.cost.estimate import Change, Difference
from scripts.review import estate_map
from scripts.review.judging import Verdicts, control_of, severity, worst_first
from scripts.review.note import SIGNS
from scripts.review.preview import SHOWN, Action
from scripts.review.report import Review, StackReview, signed

FOLDER = Path(__file__).with_name("templates")
_MOST_COSTS = 60
_WORST = (Verdict.VIOLATION, Verdict.UNDECIDED, Verdict.EXCEPTED, Verdict.PASS, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True)
class Shown:
    """What one control finds, in whichever stacks."""

    control: Control | None
    """None for one that is not in this version of the packs."""
    id: str
    severity: str
    stops: bool
    rows: tuple[tuple[str, Finding], ...]
    """Stack and finding."""


def page(review: Review) -> str:
    """Return the page."""
    anchors = {
        stack.stack: {step.urn: f"s{place}-{order}" for order, (step, _) in enumerate(stack.differences)}
        for place, stack in enumerate(review.stacks)
    }
    amount, whole = review.cost
    return _template().render(
        review=review,
        shown=SHOWN,
        action=Action,
        signs=SIGNS,
        signed=signed,
        amount=amount,
        whole=whole,
        maps={stack.stack: Markup(estate_map.draw(stack.preview, anchors[stack.stack])) for stack in review.stacks},  # noqa: S704 - escaped there
        anchors=anchors,
        state=_state(review),
        costs=_costs(review),
        services=_services(review),
        new=_by_control(review),
        findings={kind: list(_findings(review, kind)) for kind in ("known", "mended", "open", "excepted")},
        faults=review.faults,
        frameworks=_frameworks(review),
        judged=any(stack.verdicts for stack in review.stacks),
        style=Markup((FOLDER / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - ours
        script=Markup(_script()),  # noqa: S704 - ours
        hashed=base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode(),
    )


@cache
def _script() -> str:
    return (FOLDER / "page.js").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("index.html.j2")


def _state(review: Review) -> tuple[str, str]:
    """Return how grave all of it is, as a word for the page's colours, and one sentence."""
    said = []
    if review.failed:
        said.append(f"the preview of {', '.join(stack.stack for stack in review.failed)} failed")
    if review.blocking:
        said.append(f"{review.blocking} mandatory {'violation stands' if review.blocking == 1 else 'violations stand'}")
    if review.absent:
        said.append(f"there is no preview of {', '.join(review.absent)}")
    if review.refusals:
        said.append(f"the packs refuse {len(review.refusals)} more")
    if review.faults:
        said.append(f"{len(review.faults)} {'exception is' if len(review.faults) == 1 else 'exceptions are'} not taken")
    if review.losses:
        said.append(f"{len(review.losses)} {'store' if len(review.losses) == 1 else 'stores'} of data would be replaced or deleted")
    if said:
        return "bad", _sentence("; ".join(said))
    if review.new_violations:
        return "mind", f"{review.new_violations} new {'violation' if review.new_violations == 1 else 'violations'} of advisory controls."
    if not review.counts.total() - review.counts[Action.SAME]:
        return "good", "Nothing changes."
    return "good", "No data is at stake, and no control is newly violated."


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


@dataclass(frozen=True)
class Cost:
    """A resource that costs more or less."""

    stack: str
    each: Difference
    share: int = 0
    """Of the largest difference, in per cent."""

    @property
    def name(self) -> str:
        """Its logical name."""
        return self.each.urn.rpartition("::")[2]

    @property
    def type(self) -> str:
        """Its type token."""
        return self.each.urn.split("::")[2].rpartition("$")[2]


def _costs(review: Review) -> list[Cost]:
    rows = [Cost(stack.stack, each) for stack in review.stacks for each in stack.priced]
    rows.sort(key=lambda row: (-abs(row.each.amount), row.stack, row.each.urn))
    most = max((abs(row.each.amount) for row in rows), default=Decimal(0)) or Decimal(1)
    return [replace(row, share=int(100 * abs(row.each.amount) / most)) for row in rows[:_MOST_COSTS]]


def _services(review: Review) -> list[tuple[str, Decimal, Decimal]]:
    """Return each service's cost before and after, where they differ: the largest difference first."""
    sums: dict[str, list[Decimal]] = {}
    for change in _changes(review):
        for place, estimate in enumerate((change.before, change.after)):
            for service, usd in estimate.by(lambda line: line.service).items():
                sums.setdefault(service, [Decimal(0), Decimal(0)])[place] += usd
    rows = [(service, before, after) for service, (before, after) in sums.items() if before != after]
    return sorted(rows, key=lambda row: (-abs(row[2] - row[1]), row[0]))


def _changes(review: Review) -> Iterator[Change]:
    return (stack.cost for stack in review.stacks if stack.cost)


def _by_control(review: Review) -> list[Shown]:
    """Return the new violations by control, the worst first."""
    rows = [(stack.stack, verdicts, finding) for stack, verdicts in _judged(review) for finding in verdicts.new]
    rows.sort(key=lambda row: worst_first(row[2]))
    return [
        Shown(
            control_of(found[0][2]),
            name,
            severity(found[0][2]).value,
            found[0][1].stops(found[0][2]),
            tuple((row[0], row[2]) for row in found),
        )
        for name, group in groupby(rows, key=lambda row: row[2].control)
        if (found := list(group))
    ]


def _findings(review: Review, kind: str) -> Iterator[tuple[str, Finding]]:
    for stack, verdicts in _judged(review):
        chosen = {
            "known": tuple(each for each in verdicts.violations if not verdicts.is_new(each)),
            "mended": verdicts.mended,
            "open": verdicts.open,
            "excepted": verdicts.excepted,
        }[kind]
        yield from ((stack.stack, finding) for finding in chosen)


def _frameworks(review: Review) -> list[tuple[str, Counter[Verdict], int]]:
    """Return for each framework how many of its controls stand at which verdict, the worst of any stack, and how many there are."""
    worst: dict[str, Verdict] = {}
    for _, verdicts in _judged(review):
        for finding in verdicts.findings:
            held = worst.get(finding.control, finding.verdict)
            worst[finding.control] = min(held, finding.verdict, key=_WORST.index)
    rows = []
    for framework in Framework:
        counts = Counter(
            verdict
            for name, verdict in worst.items()
            if (control := control_of(Finding(control=name, urn="", verdict=verdict))) and control.answers(framework)
        )
        rows.append((framework.value, counts, counts.total()))
    return rows


def _judged(review: Review) -> Iterator[tuple[StackReview, Verdicts]]:
    return ((stack, stack.verdicts) for stack in review.stacks if stack.verdicts)
