"""The note of a merge request as Markdown: what is grave first, the diff folded, never longer than GitLab takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from scripts.review.differences import Row
from scripts.review.markdown import code, counted, cut, one_line, text_of
from scripts.review.preview import Action, Step
from scripts.review.report import Review
from scripts.review.sections import controls, costs, failures, head

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
    for section, share in ((head, 1.0), (failures, 0.3), (controls, 0.5), (costs, 0.3)):
        if not _fitted(text, share, partial(section, review)):
            left_out.append(section.__name__)
    _diffs(review, text, left_out)
    text.room += _CLOSING
    if left_out:
        text.add("", f"**Left out here, since GitLab takes {limit:,} characters:** {cut('; '.join(left_out), 3000)}.")
    text.add("", f"Everything stands in {cut(whole, 500)}." + (f" Previewed: {code(review.commit)}." if review.commit else ""))
    return "\n".join(text.lines) + "\n"


def _fitted(text: _Text, share: float, section: Callable[[int], list[str]]) -> bool:
    """Add a section with as many rows as fit into its share of the room that is left; tell whether it fits at all."""
    part = _Text(int(text.room * share))
    return any(part.add(*section(most)) for most in _ROWS) and text.add(*part.lines)


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
    head = ["<details>", f"<summary><b>{text_of(name)}</b>: {counted(len(blocks), 'resource')}</summary>", "", f"{fence}diff"]
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
