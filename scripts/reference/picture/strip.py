"""A small stack in one strip: the same cards as a region's panel, side by side."""

from scripts.reference.estate.facts import Stack, Vpc
from scripts.reference.picture import palette
from scripts.reference.picture.blocks import Block, Box, side_by_side, stacked
from scripts.reference.picture.canvas import Canvas
from scripts.reference.picture.cards import GAP, cluster_card, copies_card, endpoints_card, entry_card, keys_card, nat_badge
from scripts.reference.picture.region_panel import heading, own_buckets, services, stores

_PAD = 12.0
_GAP = 14.0
_SHARES = (1.02, 1.0, 1.0)
_ROW = 24.0


def strip(stack: Stack, width: float) -> Block:
    """Return the strip of a stack, `width` wide."""
    room = width - 2 * _PAD - 2 * _GAP
    first, second, _ = (room * share / sum(_SHARES) for share in _SHARES)
    columns = side_by_side(
        [
            stacked(
                [heading(stack), _subnets(stack.vpc), keys_card(stack.keys), copies_card(stack.copies, first), services(stack, first)], GAP
            ),
            stacked([*map(entry_card, stack.entries), *map(cluster_card, stack.clusters), endpoints_card(stack.vpc, second)], GAP),
            stacked([*stores(stack), own_buckets(stack)], GAP),
        ],
        _GAP,
        _SHARES,
    )

    def paint(canvas: Canvas, box: Box) -> None:
        canvas.rect(box.x, box.y, box.width, box.height, fill=palette.PANEL, stroke=palette.FRAME, radius=10)
        columns.paint(canvas, box.inset(_PAD))

    return Block(columns.height + 2 * _PAD, paint)


def _subnets(vpc: Vpc) -> Block:
    """Return tiers as rows and zones as columns."""
    tiers = [tier for tier in palette.TIERS if vpc.tier(tier)]

    def paint(canvas: Canvas, box: Box) -> None:
        canvas.rect(box.x, box.y, box.width, box.height, fill=palette.PAGE, stroke=palette.NETWORK, radius=8)
        inside = box.inset(8)
        canvas.text(inside.x, inside.y + 11, f"VPC {vpc.cidr}", width=inside.width * 0.45, size=13, bold=True, fill=palette.NETWORK)
        labels = 62.0
        grid = Box(inside.x + labels, inside.y + 18, inside.width - labels, 0)
        for zone, column in zip(vpc.zones, grid.columns(len(vpc.zones), 6), strict=True):
            canvas.text(column.x + column.width / 2, inside.y + 30, zone, width=column.width, fill=palette.MUTED, anchor="middle")
        for order, tier in enumerate(tiers):
            _row(canvas, Box(inside.x, inside.y + 36 + order * _ROW, inside.width, _ROW - 4), labels, vpc, tier)
        _nat_row(canvas, Box(inside.x, inside.y + 36 + len(tiers) * _ROW, inside.width, _ROW - 4), labels, vpc)

    return Block(16 + 36 + _ROW * (len(tiers) + 1) - 4, paint)


def _row(canvas: Canvas, box: Box, labels: float, vpc: Vpc, tier: str) -> None:
    fill, frame, ink = palette.TIERS[tier]
    canvas.text(box.x, box.y + 14, tier, width=labels - 6, size=11, bold=True, fill=ink)
    cells = Box(box.x + labels, box.y, box.width - labels, box.height)
    for zone, column in zip(vpc.zones, cells.columns(len(vpc.zones), 6), strict=True):
        for subnet in (each for each in vpc.tier(tier) if each.zone == zone):
            canvas.rect(column.x, column.y, column.width, column.height, fill=fill, stroke=frame, radius=4)
            centre = column.x + column.width / 2
            canvas.text(centre, column.y + 14, subnet.cidr, width=column.width - 8, size=11, bold=True, fill=ink, anchor="middle")


def _nat_row(canvas: Canvas, box: Box, labels: float, vpc: Vpc) -> None:
    cells = Box(box.x + labels, box.y, box.width - labels, box.height)
    canvas.text(box.x, box.y + 14, "way out", width=labels - 6, fill=palette.MUTED)
    for zone, column in zip(vpc.zones, cells.columns(len(vpc.zones), 6), strict=True):
        if zone in vpc.nat_zones:
            nat_badge(canvas, column.x + column.width / 2, column.y + 2)
