"""Draws a stack's components and resources as SVG, coloured by what becomes of them; colours are the page's, by class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from scripts.reference.picture.canvas import fit
from scripts.review.note import SIGNS
from scripts.review.preview import Action, Preview, Step
from scripts.review.stores import at_stake

WIDTH = 1160
COLUMNS = 4
GAP = 14
PITCH = 16
CELL = 13
OTHER = "other"
_PAD = 12
_HEAD = 30
_LABEL = 17
_SMALL, _MANY = 2, 3
_BESIDE = 7
"""Resources that stand beside their component's name; more stand below it."""
_CARD = (WIDTH - GAP * (COLUMNS - 1)) / COLUMNS
_ROW = int((_CARD - 2 * _PAD + PITCH - CELL) // PITCH)


@dataclass(frozen=True)
class Group:
    """A component at the top of a stack, with every resource within it."""

    name: str
    steps: tuple[Step, ...]

    @property
    def changed(self) -> bool:
        """Whether any of it does not stay as it is."""
        return any(step.action is not Action.SAME for step in self.steps)

    @property
    def beside(self) -> bool:
        """Whether its resources stand beside its name."""
        return len(self.steps) <= _BESIDE

    @property
    def height(self) -> float:
        """How much room it takes."""
        return _LABEL + (0 if self.beside else PITCH * -(-len(self.steps) // _ROW))


def groups(preview: Preview) -> dict[str, list[Group]]:
    """Return a stack's components by their domain, such as network; what stands in none is under `other`, by its service."""
    by_urn = {step.urn: step for step in preview.steps}
    tops: dict[str, str] = {}

    def top(urn: str) -> str:
        if urn not in tops:
            step = by_urn[urn]
            tops[urn] = urn if step.parent not in by_urn else top(step.parent)
        return tops[urn]

    members: dict[str, list[Step]] = defaultdict(list)
    for step in preview.steps:
        if step.custom:
            members[top(step.urn)].append(step)
    found: dict[str, list[Group]] = defaultdict(list)
    lone: dict[str, list[Step]] = defaultdict(list)
    classes: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for urn, steps in members.items():
        owner = by_urn[urn]
        parts = owner.type.split(":")
        if owner.custom or len(parts) < 3:
            lone[parts[1].partition("/")[0] if len(parts) > 1 else owner.type] += steps
        else:
            classes[parts[1], parts[2]].append(Group(owner.name, _sorted(steps)))
    for (domain, class_), alike in classes.items():
        found[domain] += _merged(class_, alike)
    found[OTHER] += [Group(service, _sorted(steps)) for service, steps in lone.items()]
    return {domain: sorted(each, key=lambda group: (not group.changed, group.name)) for domain, each in sorted(found.items()) if each}


def _merged(class_: str, alike: list[Group]) -> list[Group]:
    """Return components of one class: small ones that stay as they are stand together where they are many."""
    small = [group for group in alike if len(group.steps) <= _SMALL and not group.changed]
    if len(small) < _MANY:
        return alike
    rest = [group for group in alike if group not in small]
    return [Group(f"{len(small)} {class_}", tuple(step for group in small for step in group.steps)), *rest]


def _sorted(steps: Sequence[Step]) -> tuple[Step, ...]:
    order = list(Action)
    return tuple(sorted(steps, key=lambda step: (order.index(step.action), step.type, step.name)))


def draw(preview: Preview, anchors: Mapping[str, str]) -> str:
    """Return the map; `anchors` are the ids of the page at which a changed resource's diff stands, by urn."""
    domains = groups(preview)
    # None much higher than a column would be if all were even.
    limit = 1.1 * sum(group.height for found in domains.values() for group in found) / COLUMNS + _HEAD
    cards = sorted(
        (
            (domain if not place else f"{domain}, continued", part, _HEAD + _PAD + sum(group.height for group in part))
            for domain, found in domains.items()
            for place, part in enumerate(_parts(found, limit))
        ),
        key=lambda card: (-card[2], card[0]),
    )
    columns = [0.0] * COLUMNS
    painted: list[str] = []
    for domain, found, height in cards:
        column = columns.index(min(columns))
        place = f"translate({_n(column * (_CARD + GAP))} {_n(columns[column])})"
        painted.append(f'<g transform="{place}">{_card(domain, found, height, anchors)}</g>')
        columns[column] += height + GAP
    total = max(columns) - GAP if cards else 40
    label = escape(f"Resources of {preview.stack} by component", quote=True)
    return f'<svg class="map" viewBox="0 0 {WIDTH} {_n(total)}" role="group" aria-label="{label}">{"".join(painted)}</svg>'


def _parts(found: Sequence[Group], limit: float) -> list[list[Group]]:
    parts: list[list[Group]] = [[]]
    for group in found:
        if parts[-1] and sum(each.height for each in parts[-1]) + group.height > limit:
            parts.append([])
        parts[-1].append(group)
    return parts


def _card(domain: str, found: Sequence[Group], height: float, anchors: Mapping[str, str]) -> str:
    count = sum(len(group.steps) for group in found)
    changed = sum(step.action is not Action.SAME for group in found for step in group.steps)
    told = f"{changed} of {count}" if changed else str(count)
    parts = [
        f'<rect class="card{" touched" if changed else ""}" x=".5" y=".5" width="{_n(_CARD - 1)}" height="{_n(height - 1)}" rx="8"/>',
        f'<text class="domain" x="{_PAD}" y="20">{escape(domain)}</text>'
        f'<text class="count" x="{_n(_CARD - _PAD)}" y="20" text-anchor="end">{told}</text>',
    ]
    top = float(_HEAD)
    for group in found:
        parts.append(_group(group, top, anchors))
        top += group.height
    return "".join(parts)


def _group(group: Group, y: float, anchors: Mapping[str, str]) -> str:
    room = _CARD - 2 * _PAD - (len(group.steps) * PITCH + 6 if group.beside else 0)
    size, shown = fit(group.name, room, 11.5)
    style = "" if size == 11.5 else f' font-size="{size}"'
    parts = [f'<text class="component{" touched" if group.changed else ""}" x="{_PAD}" y="{_n(y + 11)}"{style}>{escape(shown)}</text>']
    for index, step in enumerate(group.steps):
        if group.beside:
            left, top = _CARD - _PAD - (len(group.steps) - index) * PITCH + PITCH - CELL, y + 1
        else:
            left, top = _PAD + index % _ROW * PITCH, y + _LABEL + index // _ROW * PITCH
        parts.append(_cell(step, left, top, anchors.get(step.urn)))
    return "".join(parts)


def _cell(step: Step, x: float, y: float, anchor: str | None) -> str:
    told = escape(f"{step.action}: {step.type} {step.name}")
    radius = CELL / 2 if at_stake(step.type) else 2.5
    box = f'<rect class="{step.action}" x="{_n(x)}" y="{_n(y)}" width="{CELL}" height="{CELL}" rx="{_n(radius)}"/>'
    if anchor is None:
        return f"<g><title>{told}</title>{box}</g>"
    sign = f'<text class="sign" x="{_n(x + CELL / 2)}" y="{_n(y + CELL - 3)}">{SIGNS[step.action]}</text>'
    return f'<a href="#{anchor}" aria-label="{escape(told, quote=True)}"><title>{told}</title>{box}{sign}</a>'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
