"""A region from above: its network with what stands in each tier, and the regional services below it."""

from collections.abc import Sequence

from scripts.reference.estate.facts import Stack, Vpc
from scripts.reference.picture import palette
from scripts.reference.picture.blocks import NOTHING, Block, Box, paragraph, side_by_side, stacked
from scripts.reference.picture.canvas import Canvas
from scripts.reference.picture.cards import (
    GAP,
    bucket_rows,
    cache_card,
    cluster_card,
    copies_card,
    database_card,
    endpoints_card,
    entry_card,
    file_system_card,
    keys_card,
    standby_card,
    subnet_cells,
)
from scripts.reference.picture.font import width_of, wrapped
from scripts.reference.words import count, law, place

WIDTH = 398.0
_PAD = 12.0
_TIER_PAD = 8.0
_TIER_HEAD = 20.0
_VPC_PAD = 8.0
_TIER_WIDTH = WIDTH - 2 * (_PAD + _VPC_PAD + _TIER_PAD)


def panels(stacks: Sequence[Stack]) -> list[Block]:
    """Return one panel for each stack, with equal parts at equal heights."""
    parts = [_parts(stack) for stack in stacks]
    heights = [max(block.height for block in row) for row in zip(*parts, strict=True)]
    return [_panel(part, heights) for part in parts]


_FRAMED = slice(1, 6)
"""The parts that stand inside the VPC's frame."""


def _parts(stack: Stack) -> list[Block]:
    vpc = stack.vpc
    return [
        heading(stack),
        _vpc_heading(vpc),
        _tier(vpc, "public", "routed to the internet gateway", [entry_card(each) for each in stack.entries]),
        _tier(
            vpc,
            "private",
            _way_out(vpc),
            [*(cluster_card(each) for each in stack.clusters), endpoints_card(vpc, _TIER_WIDTH)],
        ),
        _tier(vpc, "isolated", "no route out", stores(stack)),
        _gateways(stack),
        own_buckets(stack),
        keys_card(stack.keys),
        copies_card(stack.copies, WIDTH - 2 * _PAD),
        services(stack, WIDTH - 2 * _PAD),
    ]


def stores(stack: Stack) -> list[Block]:
    """Return databases, then standbys of other regions', then caches beside file systems."""
    rows = [database_card(each, stack.vpc.zones) for each in stack.databases]
    rows += [standby_card(each) for each in stack.standbys]
    small = [*(cache_card(each) for each in stack.caches), *(file_system_card(each) for each in stack.file_systems)]
    rows += [side_by_side(small[start : start + 2], GAP) for start in range(0, len(small), 2)]
    return rows


def heading(stack: Stack) -> Block:
    """Return the stack's name, place and law."""

    def paint(canvas: Canvas, box: Box) -> None:
        canvas.text(box.x, box.y + 19, stack.name, width=box.width * 0.6, size=18, bold=True)
        bound = law(stack.law)
        if bound:
            width = width_of(bound, 10, bold=True) + 16
            canvas.rect(box.right - width, box.y + 4, width, 18, fill="#ddf4ff", radius=9)
            canvas.text(box.right - width / 2, box.y + 16.6, bound, width=width - 12, size=10, bold=True, fill="#0550ae", anchor="middle")
        canvas.text(box.x, box.y + 36, place(stack.region), width=box.width * 0.6, size=11.5, fill=palette.MUTED)
        canvas.text(
            box.right, box.y + 36, count(stack.resources, "resource"), width=box.width * 0.4, size=11.5, fill=palette.MUTED, anchor="end"
        )

    return Block(44, paint)


def _vpc_heading(vpc: Vpc) -> Block:
    def paint(canvas: Canvas, box: Box) -> None:
        canvas.text(box.x + _VPC_PAD, box.y + 20, f"VPC {vpc.cidr}", width=box.width * 0.45, size=13, bold=True, fill=palette.NETWORK)
        told = f"flow logs kept {vpc.flow_log_days} days" if vpc.flow_log_days else "no flow logs"
        canvas.text(box.right - _VPC_PAD, box.y + 20, told, width=box.width * 0.45, fill=palette.MUTED, anchor="end")
        inner = box.inset(_VPC_PAD + _TIER_PAD)
        for zone, column in zip(vpc.zones, inner.columns(len(vpc.zones), 6), strict=True):
            canvas.text(column.x + column.width / 2, box.y + 40, zone, width=column.width, fill=palette.MUTED, anchor="middle")

    return Block(46, paint)


def _way_out(vpc: Vpc) -> str:
    zones = vpc.nat_zones
    if not zones:
        return "no way out"
    return "out through the NAT gateway of its zone" if len(zones) == len(vpc.zones) else f"out through {count(len(zones), 'NAT gateway')}"


def _tier(vpc: Vpc, tier: str, note: str, blocks: Sequence[Block]) -> Block:
    fill, frame, ink = palette.TIERS[tier]
    content = stacked([subnet_cells(vpc.tier(tier), vpc.zones, tier), *blocks], GAP)

    def paint(canvas: Canvas, box: Box) -> None:
        area = Box(box.x + _VPC_PAD, box.y, box.width - 2 * _VPC_PAD, box.height - 8)
        canvas.rect(area.x, area.y, area.width, area.height, fill=fill, stroke=frame)
        canvas.label(area.x + _TIER_PAD, area.y + 14, tier, note, width=area.width - 2 * _TIER_PAD, size=11.5, fill=ink)
        content.paint(canvas, Box(area.x + _TIER_PAD, area.y + _TIER_HEAD, area.width - 2 * _TIER_PAD, content.height))

    return Block(_TIER_HEAD + content.height + _TIER_PAD + 8, paint)


def _gateways(stack: Stack) -> Block:
    told = [f"gateway endpoints: {', '.join(stack.vpc.gateway_endpoints)}"] if stack.vpc.gateway_endpoints else []
    told += [f"transit gateway, ASN {transit.asn}" for transit in stack.transits]

    def paint(canvas: Canvas, box: Box) -> None:
        canvas.text(box.x + _VPC_PAD, box.y + 8, "; ".join(told), width=box.width - 2 * _VPC_PAD, fill=palette.MUTED)

    return Block(18, paint) if told else NOTHING


def own_buckets(stack: Stack) -> Block:
    """Return the cards of buckets that no distribution serves; those of tenants are as many as the tenants, and are not drawn."""
    served = {name for delivery in stack.deliveries for name in delivery.buckets}
    return bucket_rows([each for each in stack.buckets if each.name not in served and not each.name.startswith("tenant-")])


def services(stack: Stack, width: float) -> Block:
    """Return all services with how many resources each holds, so that what has no card is told too."""
    return paragraph(wrapped([f"{name} {number}" for name, number in stack.services.items()], width, 10))


def _panel(parts: Sequence[Block], heights: Sequence[float]) -> Block:
    tops = [_PAD]
    for order, height in enumerate(heights):
        tops.append(tops[-1] + height + (0 if order in range(1, 5) or not height else GAP))

    def paint(canvas: Canvas, box: Box) -> None:
        canvas.rect(box.x, box.y, box.width, box.height, fill=palette.PANEL, stroke=palette.FRAME, radius=10)
        inside = Box(box.x + _PAD, box.y, box.width - 2 * _PAD, box.height)
        first, last = _FRAMED.start, _FRAMED.stop - 1
        frame = Box(inside.x, box.y + tops[first], inside.width, tops[last] + heights[last] - tops[first])
        canvas.rect(frame.x, frame.y, frame.width, frame.height, fill=palette.PAGE, stroke=palette.NETWORK, radius=8)
        for part, top, height in zip(parts, tops, heights, strict=False):
            part.paint(canvas, Box(inside.x, box.y + top, inside.width, height))

    return Block(tops[-1] + _PAD - GAP, paint)
