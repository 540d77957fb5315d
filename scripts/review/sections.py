"""Sections of the note as lines of Markdown, each with as many rows as it is given: data at stake, failures, controls, cost."""

from __future__ import annotations

from collections.abc import Iterable

from policies.verdict import Finding, Verdict
from scripts.review.judging import Verdicts, control_of, severity, worst_first
from scripts.review.markdown import code, counted, cut, fenced, folded, more, plain
from scripts.review.preview import SHOWN, Action
from scripts.review.report import Review, StackReview, signed

_LONGEST = 600
"""Characters of what a control says of a resource."""


def head(review: Review, most: int) -> list[str]:
    """Return which data is at stake, and the table of stacks."""
    losses = review.losses
    lines = []
    if losses:
        held = "it holds" if len(losses) == 1 else "they hold"
        lines = [f"> :warning: **{counted(len(losses), 'store')} of data would be replaced or deleted, with what {held}:**", ">"]
        lines += [
            f"> - {code(loss.stack)} **{loss.step.action}** {code(loss.step.type)} {code(loss.step.name)}: lost is {loss.stake}"
            for loss in losses[:most]
        ]
        lines += [*more(len(losses) - most, "> - "), ""]
    if review.absent:
        lines += [
            f"> :warning: **There is no preview of {', '.join(map(code, review.absent))}**, so nothing is said of what changes there.",
            "",
        ]
    head = ["stack", *(action.value for action in SHOWN), "unchanged", "USD a month", "controls"]
    lines += [f"| {' | '.join(head)} |", f"|---|{'--:|' * (len(SHOWN) + 2)}---|"]
    for stack in review.stacks:
        counts = stack.preview.counts
        cells = [
            code(stack.stack) + ("" if stack.preview.passed else " :x:"),
            *(_figure(action, counts[action], stack) for action in SHOWN),
            str(counts[Action.SAME]),
            _cost_cell(stack),
            _controls_cell(stack.verdicts),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _figure(action: Action, count: int, stack: StackReview) -> str:
    lost = sum(loss.step.action is action for loss in stack.losses)
    return f"**{count}** :warning:" if lost else str(count) if count else "·"


def _cost_cell(stack: StackReview) -> str:
    if stack.cost is None:
        return "unknown"
    return f"{signed(stack.cost.amount)}{' at least' if stack.cost.newly_unresolved else ''}"


def _controls_cell(verdicts: Verdicts | None) -> str:
    if verdicts is None:
        return "not judged"
    counts = verdicts.counts
    said = [
        f"**{len(verdicts.new)} new**" if verdicts.new else "",
        f"{len(verdicts.violations) - len(verdicts.new)} known" if len(verdicts.violations) > len(verdicts.new) else "",
        f"{len(verdicts.mended)} mended" if verdicts.mended else "",
        f"{counts[Verdict.UNDECIDED]} open" if counts[Verdict.UNDECIDED] else "",
        f"{counts[Verdict.EXCEPTED]} excepted" if counts[Verdict.EXCEPTED] else "",
    ]
    return ", ".join(filter(None, said)) or ":white_check_mark:"


def failures(review: Review, most: int) -> list[str]:
    """Return what failed previews said."""
    lines: list[str] = []
    for stack in review.failed:
        lines += [f"### :x: The preview of {code(stack.stack)} failed", "", "What follows is what was known until then.", ""]
        lines += fenced("\n".join(cut(problem, 20 * most) for problem in stack.preview.problems[:most]))
        lines += more(len(stack.preview.problems) - most, "")
    return lines


def controls(review: Review, most: int) -> list[str]:
    """Return what controls say: new violations first."""
    judged = [(stack.stack, stack.verdicts) for stack in review.stacks if stack.verdicts]
    new = [(name, verdicts, finding) for name, verdicts in judged for finding in verdicts.new]
    lines = ["### Controls", ""] if judged or review.refusals else []
    if new:
        lines += [f"**{counted(len(new), 'new violation')}**", "", *_violations(new[:most]), *more(len(new) - most, "- "), ""]
    elif judged:
        lines += ["No new violation.", ""]
    for title, kind in _REST:
        rows = [
            f"- {code(name)} {code(finding.control)} {code(finding.resource)}: {plain(cut(finding.message, _LONGEST))}"
            for name, verdicts in judged
            for finding in kind(verdicts)
        ]
        if rows:
            lines += folded(f"{title}: {len(rows)}", [*rows[:most], *more(len(rows) - most, "- ")])
    if refusals := review.refusals:
        lines += ["**What the packs refuse as well**", ""]
        lines += [f"- {code(name)} {plain(cut(text, _LONGEST))}" for name, text in refusals[:most]]
        lines += [*more(len(refusals) - most, "- "), ""]
    faults = review.faults
    if faults:
        lines += [
            "**Exceptions that are not taken**",
            "",
            *(f"- {plain(cut(fault, _LONGEST))}" for fault in faults[:most]),
            *more(len(faults) - most, "- "),
            "",
        ]
    return lines


_REST = (
    ("Violations from before", lambda verdicts: [each for each in verdicts.violations if not verdicts.is_new(each)]),
    ("Mended", lambda verdicts: verdicts.mended),
    ("Open until the update", lambda verdicts: verdicts.open),
    ("Excepted", lambda verdicts: verdicts.excepted),
)


def _violations(rows: Iterable[tuple[str, Verdicts, Finding]]) -> list[str]:
    """Return violations by control, the worst first: what it is against and how to mend it are said once."""
    by_control: dict[str, list[tuple[str, Verdicts, Finding]]] = {}
    for row in sorted(rows, key=lambda row: worst_first(row[2])):
        by_control.setdefault(row[2].control, []).append(row)
    lines = []
    for name, found in by_control.items():
        _, verdicts, first = found[0]
        control = control_of(first)
        told = "" if verdicts.stops(first) else ", advisory"
        lines.append(f"- **{severity(first).value}{told}** {code(name)} {plain(control.title) if control else ''}".rstrip())
        lines += [f"  - {code(stack)} {code(finding.resource)}: {plain(cut(finding.message, _LONGEST))}" for stack, _, finding in found]
        if control:
            lines += [f"  - *To do:* {plain(control.fix)}"]
            lines += [f"  - *Against:* {plain(', '.join(map(str, control.clauses)))}"] if control.clauses else []
    return lines


def costs(review: Review, most: int) -> list[str]:
    """Return what costs more or less, the largest difference first."""
    changes = [(stack.stack, stack.cost) for stack in review.stacks if stack.cost]
    amount, whole = review.cost
    lines = [
        "### Cost",
        "",
        f"**{signed(amount)} USD a month**{'' if whole else ', as far as it is known'}: on demand, with usage of `config/cost_usage.yaml`.",
        "",
    ]
    rows = sorted(
        ((abs(each.amount), stack.stack, each) for stack in review.stacks for each in stack.priced),
        key=lambda row: (-row[0], row[1], row[2].urn),
    )
    if rows:
        table = ["| stack | resource | before | after | USD a month |", "|---|---|--:|--:|--:|"]
        table += [
            f"| {code(name)} | {code(each.urn.rpartition('::')[2])} | {_usd(each.before)} | {_usd(each.after)} | {signed(each.amount)} |"
            for _, name, each in rows[:most]
        ]
        shifted = [f"{code(stack.stack)} {signed(stack.shifted)}" for stack in review.stacks if stack.shifted]
        told = (
            [f"Usage that is assumed of a stack is shared out anew among its other resources: {', '.join(shifted)}.", ""] if shifted else []
        )
        title = f"{counted(len(rows), 'resource')} that {'changes costs' if len(rows) == 1 else 'change cost'} more or less"
        lines += folded(title, [*table, "", *more(len(rows) - most, ""), "", *told])
    missing = sorted({pair for _, change in changes for pair in change.newly_unresolved})
    if missing:
        lines += [
            f"Not counted, since no table has a price: {', '.join(code(f'{key} in {region}') for region, key in missing[:most])}"
            f"{' and more' if len(missing) > most else ''}.",
            "",
        ]
    return lines


def _usd(amount: object) -> str:
    return "·" if amount is None else f"{amount:,.2f}"
