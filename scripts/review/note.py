"""The note of a merge request as Markdown: what is grave first, the diff folded, never longer than GitLab takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from policies.verdict import Finding, Verdict
from scripts.review.differences import Row
from scripts.review.judging import Verdicts, control_of, severity, worst_first
from scripts.review.markdown import code, fenced, folded, one_line, plain, text_of
from scripts.review.preview import SHOWN, Action, Step
from scripts.review.report import Review, StackReview, signed

MARKER = "<!-- morefocus: review of the infrastructure -->"
"""First line of the note, by which it is found again; nobody sees it."""
LIMIT = 1_000_000
"""Characters that GitLab takes as a comment.

Source: https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics
"""
SIGNS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.REPLACE: "±",
    Action.DELETE: "-",
    Action.IMPORT: "→",
    Action.SAME: " ",
}
_ROWS = (200, 60, 20, 5, 1)
"""Rows of a list that are tried, until they fit; how many more there are is said below them."""
_LONGEST = 600
"""Characters of what a control says of a resource."""
_CLOSING = 4000
"""Characters kept for what says what was left out."""


@dataclass
class _Text:
    """Lines, as many as there is room for."""

    room: int
    lines: list[str] = field(default_factory=list)

    def add(self, *lines: str) -> bool:
        """Add lines together, or none of them where there is no room; tell whether they were added."""
        size = sum(len(line) + 1 for line in lines)
        if size > self.room:
            return False
        self.room -= size
        self.lines += lines
        return True


def note(review: Review, *, whole: str, pipeline: str = "", limit: int = LIMIT) -> str:
    """Return the note, at most `limit` characters long.

    `whole` says where everything stands that had no room, as Markdown; `pipeline` is the number of the pipeline, so that an older one
    never overwrites what a newer one wrote.
    """
    text = _Text(limit - _CLOSING)
    text.add(MARKER, f"<!-- pipeline: {pipeline or 0} -->", "## What this changes of the infrastructure", "")
    left_out: list[str] = []
    for section, share in ((_head, 1.0), (_failures, 0.3), (_controls, 0.5), (_costs, 0.3)):
        if not _fitted(text, share, partial(section, review)):
            left_out.append(section.__name__.strip("_"))
    _diffs(review, text, left_out)
    text.room += _CLOSING
    if left_out:
        text.add("", f"**Left out here, since GitLab takes {limit:,} characters:** {_cut('; '.join(left_out), 3000)}.")
    text.add("", f"Everything stands in {_cut(whole, 500)}." + (f" Previewed: {code(review.commit)}." if review.commit else ""))
    return "\n".join(text.lines) + "\n"


def _fitted(text: _Text, share: float, section: Callable[[int], list[str]]) -> bool:
    """Add a section with as many rows as fit into its share of the room that is left; tell whether it fits at all."""
    part = _Text(int(text.room * share))
    return any(part.add(*section(most)) for most in _ROWS) and text.add(*part.lines)


def _head(review: Review, most: int) -> list[str]:
    """Return which data is at stake, and the table of stacks."""
    losses = review.losses
    lines = []
    if losses:
        held = "it holds" if len(losses) == 1 else "they hold"
        lines = [f"> :warning: **{_counted(len(losses), 'store')} of data would be replaced or deleted, with what {held}:**", ">"]
        lines += [
            f"> - {code(loss.stack)} **{loss.step.action}** {code(loss.step.type)} {code(loss.step.name)}: lost is {loss.stake}"
            for loss in losses[:most]
        ]
        lines += [*_more(len(losses) - most, "> - "), ""]
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


def _failures(review: Review, most: int) -> list[str]:
    """Return what failed previews said."""
    lines: list[str] = []
    for stack in review.failed:
        lines += [f"### :x: The preview of {code(stack.stack)} failed", "", "What follows is what was known until then.", ""]
        lines += fenced("\n".join(_cut(problem, 20 * most) for problem in stack.preview.problems[:most]))
        lines += _more(len(stack.preview.problems) - most, "")
    return lines


def _controls(review: Review, most: int) -> list[str]:
    """Return what controls say: new violations first."""
    judged = [(stack.stack, stack.verdicts) for stack in review.stacks if stack.verdicts]
    new = [(name, verdicts, finding) for name, verdicts in judged for finding in verdicts.new]
    lines = ["### Controls", ""] if judged or review.refusals else []
    if new:
        lines += [f"**{_counted(len(new), 'new violation')}**", "", *_violations(new[:most]), *_more(len(new) - most, "- "), ""]
    elif judged:
        lines += ["No new violation.", ""]
    for title, kind in _REST:
        rows = [
            f"- {code(name)} {code(finding.control)} {code(finding.resource)}: {plain(_cut(finding.message, _LONGEST))}"
            for name, verdicts in judged
            for finding in kind(verdicts)
        ]
        if rows:
            lines += folded(f"{title}: {len(rows)}", [*rows[:most], *_more(len(rows) - most, "- ")])
    if refusals := review.refusals:
        lines += ["**What the packs refuse as well**", ""]
        lines += [f"- {code(name)} {plain(_cut(text, _LONGEST))}" for name, text in refusals[:most]]
        lines += [*_more(len(refusals) - most, "- "), ""]
    faults = review.faults
    if faults:
        lines += [
            "**Exceptions that are not taken**",
            "",
            *(f"- {plain(_cut(fault, _LONGEST))}" for fault in faults[:most]),
            *_more(len(faults) - most, "- "),
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
        lines += [f"  - {code(stack)} {code(finding.resource)}: {plain(_cut(finding.message, _LONGEST))}" for stack, _, finding in found]
        if control:
            lines += [f"  - *To do:* {plain(control.fix)}"]
            lines += [f"  - *Against:* {plain(', '.join(map(str, control.clauses)))}"] if control.clauses else []
    return lines


def _costs(review: Review, most: int) -> list[str]:
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
        title = f"{_counted(len(rows), 'resource')} that {'changes costs' if len(rows) == 1 else 'change cost'} more or less"
        lines += folded(title, [*table, "", *_more(len(rows) - most, ""), "", *told])
    missing = sorted({pair for _, change in changes for pair in change.newly_unresolved})
    if missing:
        lines += [
            f"Not counted, since no table has a price: {', '.join(code(f'{key} in {region}') for region, key in missing[:most])}"
            f"{' and more' if len(missing) > most else ''}.",
            "",
        ]
    return lines


def _diffs(review: Review, text: _Text, left_out: list[str]) -> None:
    """Add what changes of each stack; where there is no room for all of it, what a small stack leaves goes to the larger ones."""
    blocks = {stack.stack: [block(step, rows) for step, rows in stack.differences] for stack in review.stacks if stack.differences}
    text.add("### Changes", "", *([] if blocks else ["None.", ""]))
    room = text.room
    parts: dict[str, _Text] = {}
    for place, name in enumerate(sorted(blocks, key=lambda name: sum(map(len, map("".join, blocks[name]))))):
        parts[name] = _Text(room // (len(blocks) - place))
        shown = _diff(name, blocks[name], parts[name])
        room -= sum(len(line) + 1 for line in parts[name].lines)
        if shown < len(blocks[name]):
            left_out.append(f"{len(blocks[name]) - shown} of {len(blocks[name])} changes of {code(name)}")
    for name in blocks:
        text.add(*parts[name].lines)


def _diff(name: str, blocks: Sequence[Sequence[str]], part: _Text) -> int:
    """Fold as many blocks as there is room for; return how many."""
    longest = max((len(run) for lines in blocks for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    head = ["<details>", f"<summary><b>{text_of(name)}</b>: {_counted(len(blocks), 'resource')}</summary>", "", f"{fence}diff"]
    tail = [fence, "", "</details>", ""]
    closing = sum(len(line) + 1 for line in tail)
    part.room -= closing
    shown = 0
    if part.room > 0 and part.add(*head):
        for lines in blocks:
            if not part.add(*lines):
                break
            shown += 1
        part.room += closing
        part.add(*tail)
    return shown


def block(step: Step, rows: Sequence[Row]) -> list[str]:
    """Return one resource's change as lines of a diff."""
    lines = [f"{SIGNS[step.action]} {step.type} {step.name}" + (f" ({step.action})" if step.action is not Action.UPDATE else "")]
    for row in rows:
        why = "   # cannot be changed in place" if row.replaces else ""
        if row.before is not None:
            lines.append(f"-     {one_line(row.path)}: {one_line(row.before)}{why}")
        if row.after is not None:
            lines.append(f"+     {one_line(row.path)}: {one_line(row.after)}{why if row.before is None else ''}")
    return lines


def _usd(amount: object) -> str:
    return "·" if amount is None else f"{amount:,.2f}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _more(count: int, bullet: str) -> list[str]:
    return [f"{bullet}and {count} more"] if count > 0 else []


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
