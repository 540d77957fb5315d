"""What stacks read from each other, as arrows: to the hub above them, between regions in lanes of their own."""

from collections.abc import Mapping, Sequence

from scripts.reference.estate.facts import Reference, Stack
from scripts.reference.picture import palette
from scripts.reference.picture.blocks import Box
from scripts.reference.picture.canvas import Canvas

_ROAD = 54.0
_LANE = 22.0
_DASH = "6 4"
_NAMED = 2
"""Outputs that an arrow names; of more it tells the number, and the page beside the picture names them."""


def road(large: Sequence[Stack], hub: Stack) -> float:
    """Return the room that references need between the hub and the regions."""
    return _ROAD + _LANE * len(_between_regions(large, hub))


def draw_references(canvas: Canvas, stacks: Sequence[Stack], hub: Stack, once: Box, places: Mapping[str, Box]) -> None:
    """Draw every reference; `once` is where the hub's band is, `places` where each stack's panel is.

    Raises ValueError for a reference of a small stack to another than the hub's, which has no road.
    """
    _own(canvas, once, places[hub.name])
    large = [stack for stack in stacks if stack.environment == hub.environment]
    for stack in stacks:
        for reference in stack.references:
            if stack in large and reference.stack == hub.name:
                _upwards(canvas, reference, once, places[stack.name])
            elif reference.stack == hub.name:
                _around(canvas, reference, once, places[stack.name])
            elif stack not in large:
                raise ValueError(
                    f"{stack.name} reads {reference.stack}; a stack below the regions can read {hub.name} only: give it a road"
                )
    for lane, (stack, reference) in enumerate(_between_regions(large, hub)):
        _across(canvas, reference, places[stack.name], places[reference.stack], lane)


def _between_regions(large: Sequence[Stack], hub: Stack) -> list[tuple[Stack, Reference]]:
    return [(stack, reference) for stack in large for reference in stack.references if reference.stack != hub.name]


def _own(canvas: Canvas, once: Box, panel: Box) -> None:
    """Join the hub to the panel of the stack it is part of."""
    x = panel.x + 40
    for side in (-3, 3):
        canvas.line([(x + side, once.bottom), (x + side, panel.y)], stroke=palette.HUB)
    canvas.text(x + 14, once.bottom + 31, "the same stack", width=panel.width - 60, size=11, fill=palette.HUB)


def _upwards(canvas: Canvas, reference: Reference, once: Box, panel: Box) -> None:
    x = panel.x + 40
    canvas.line([(x, panel.y), (x, once.bottom)], stroke=palette.HUB, dash=_DASH, arrow=True)
    canvas.text(x + 12, once.bottom + 31, _told(reference), width=panel.width - 60, size=11, fill=palette.HUB)


def _around(canvas: Canvas, reference: Reference, once: Box, panel: Box) -> None:
    """Lead a reference from below past the regions."""
    lane, y = once.right + 14, panel.y + 30
    canvas.line([(panel.right, y), (lane, y), (lane, once.middle), (once.right, once.middle)], stroke=palette.HUB, dash=_DASH, arrow=True)
    canvas.text(lane + 14, y - 14, _told(reference), width=y - once.bottom - 30, size=11, fill=palette.HUB, turned=True)


def _across(canvas: Canvas, reference: Reference, reader: Box, read: Box, lane: int) -> None:
    """Lead a reference from one region to another, in a lane above both."""
    y = reader.y - 14 - lane * _LANE
    start, end = reader.x + 80 + 24 * lane, read.right - 40 - 24 * lane
    canvas.line([(start, reader.y), (start, y), (end, y), (end, read.y)], stroke=palette.HUB, dash=_DASH, arrow=True)
    canvas.text(start + 10, y + 4, _told(reference), width=reader.right - start - 20, size=11, fill=palette.HUB)


def _told(reference: Reference) -> str:
    outputs = ", ".join(reference.outputs) if len(reference.outputs) <= _NAMED else f"{len(reference.outputs)} outputs"
    return f"reads {outputs} of stack {reference.stack}"
