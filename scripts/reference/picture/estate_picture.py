"""docs/reference/estate.svg: the hub on top, regions side by side below it, small environments last."""

from collections.abc import Sequence

from scripts.reference.estate.facts import Stack
from scripts.reference.picture import palette
from scripts.reference.picture.blocks import Box, mark
from scripts.reference.picture.canvas import Canvas
from scripts.reference.picture.hub_band import accounts, hub_band
from scripts.reference.picture.reference_arrows import draw_references, road
from scripts.reference.picture.region_panel import WIDTH, panels
from scripts.reference.picture.strip import strip

_MARGIN = 24.0
_LANE = 30.0
"""Room at the right, where references of the small stacks run."""
_GAP = 16.0
_TOP = 76.0
_LEGEND = 44.0
_LEAST_COLUMNS = 3
"""Regions for which there is always room, so that hub and strips stay readable with fewer."""


def draw(stacks: Sequence[Stack]) -> str:
    """Return the picture of all stacks, the hub's among them."""
    hub = next(stack for stack in stacks if stack.is_hub)
    large = [stack for stack in stacks if stack.environment == hub.environment]
    small = [stack for stack in stacks if stack.environment != hub.environment]
    columns = max(len(large), _LEAST_COLUMNS)
    across = columns * WIDTH + (columns - 1) * _GAP
    canvas = Canvas()
    band = hub_band(hub, stacks, across)
    once = Box(_MARGIN, _TOP, across, band.height)
    band.paint(canvas, once)
    regions = panels(large)
    top = once.bottom + road(large, hub)
    places: dict[str, Box] = {}
    for order, (stack, panel) in enumerate(zip(large, regions, strict=True)):
        places[stack.name] = Box(_MARGIN + order * (WIDTH + _GAP), top, WIDTH, panel.height)
        panel.paint(canvas, places[stack.name])
    bottom = top + regions[0].height
    for stack in small:
        block = strip(stack, across)
        places[stack.name] = Box(_MARGIN, bottom + _GAP, across, block.height)
        block.paint(canvas, places[stack.name])
        bottom += _GAP + block.height
    _title(canvas, hub, stacks, across)
    draw_references(canvas, stacks, hub, once, places)
    _legend(canvas, bottom, across, sorted({key for stack in stacks for key in stack.keys}))
    domain = hub.zones[0] if hub.zones else hub.name
    return canvas.svg(across + _MARGIN + _LANE + 6, bottom + _LEGEND, f"The estate of {domain}", accounts(stacks))


def _title(canvas: Canvas, hub: Stack, stacks: Sequence[Stack], across: float) -> None:
    domain = hub.zones[0] if hub.zones else hub.name
    canvas.text(_MARGIN, 38, domain, width=across / 2, size=24, bold=True)
    canvas.text(_MARGIN, 60, accounts(stacks), width=across / 2, size=12, fill=palette.MUTED)
    told = "drawn from the resources that the program registers"
    canvas.text(_MARGIN + across, 60, told, width=across / 2, size=12, fill=palette.MUTED, anchor="end")


def _legend(canvas: Canvas, bottom: float, across: float, keys: Sequence[str]) -> None:
    y = bottom + 26
    x = _MARGIN
    canvas.line([(x, y - 4), (x + 34, y - 4)], stroke=palette.HUB, dash="6 4", arrow=True)
    x += 42 + canvas.text(x + 42, y, "stack reference", width=140, size=11) + 24
    canvas.line([(x, y - 4), (x + 34, y - 4)], stroke=palette.INK, arrow=True)
    x += 42 + canvas.text(x + 42, y, "traffic", width=140, size=11) + 24
    x += canvas.text(x, y, "encrypted under the stack's key for data that is", width=340, size=11) + 10
    for key in keys:
        mark(canvas, x + 4, y - 4, key)
        x += 14 + canvas.text(x + 14, y, key, width=100, size=11) + 12
    mark(canvas, x + 14, y - 4, None, ring=True)
    canvas.text(x + 24, y, "under S3's own keys", width=across - x, size=11)
