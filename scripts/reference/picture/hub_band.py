"""What the estate has once, above all regions: the zone of the domain, and the web client's delivery."""

from collections.abc import Sequence

from scripts.reference.estate.facts import Delivery, Stack
from scripts.reference.picture import palette
from scripts.reference.picture.blocks import Block, Box, Tile, card, side_by_side, stacked
from scripts.reference.picture.canvas import Canvas
from scripts.reference.picture.cards import GAP, bucket_card, firewall_card
from scripts.reference.picture.font import wrapped
from scripts.reference.words import count, http

_PAD = 14.0
_HEAD = 32.0
_READERS = 74.0
_HOP = 64.0
"""Room for an arrow with its label."""
ZONE_SHARE = 0.34
"""Share of the band's width that zones take, at its right."""


def hub_band(hub: Stack, stacks: Sequence[Stack], width: float) -> Block:
    """Return the band of the hub's stack; all stacks name hosts in its zones."""
    zone_width = width * ZONE_SHARE - 2 * _PAD
    zones = stacked([_zone(domain, stacks, zone_width) for domain in hub.zones], GAP)
    deliveries = stacked([_delivery(each, hub) for each in hub.deliveries], GAP)
    height = _HEAD + max(zones.height, deliveries.height) + _PAD

    def paint(canvas: Canvas, box: Box) -> None:
        canvas.rect(box.x, box.y, box.width, box.height, fill=palette.HUB_FILL, stroke=palette.HUB_FRAME, radius=10)
        note = f"what exists once, in stack {hub.name}"
        canvas.label(box.x + _PAD, box.y + 22, "Hub", note, width=box.width * (1 - ZONE_SHARE), size=16, fill=palette.HUB)
        left = Box(box.x + _PAD, box.y + _HEAD, box.width * (1 - ZONE_SHARE) - _PAD, deliveries.height)
        deliveries.paint(canvas, left)
        zones.paint(canvas, Box(box.right - _PAD - zone_width, box.y + _HEAD, zone_width, box.height - _HEAD - _PAD))

    return Block(height, paint)


def _zone(domain: str, stacks: Sequence[Stack], width: float) -> Block:
    lines = ["hosted zone; the names in it, by stack:"]
    for stack in stacks:
        names = sorted(host.removesuffix(f".{domain}") for host in stack.hosts if host.endswith(f".{domain}"))
        lines += wrapped([f"{stack.name}: {names[0]}", *names[1:]], width - 50, 11) if names else []
    return card(Tile("DNS", palette.NETWORK), domain, lines)


def _delivery(delivery: Delivery, hub: Stack) -> Block:
    beside = [firewall_card(delivery.firewall)] if delivery.firewall else []
    if delivery.certificate:
        beside.append(card(Tile("ACM", palette.SECURITY), "certificate", [delivery.certificate, f"policy {delivery.minimum_tls}"]))
    front = card(Tile("CF", palette.NETWORK), ", ".join(delivery.hosts), [f"CloudFront, {http(delivery.http)}"])
    middle = stacked([front, side_by_side(beside, GAP)] if beside else [front], GAP)
    buckets = stacked([bucket_card(each) for each in hub.buckets if each.name in delivery.buckets], GAP)

    def paint(canvas: Canvas, box: Box) -> None:
        line = box.y + front.height / 2
        _people(canvas, box.x + 26, line)
        canvas.text(box.x + 26, line + 34, "people", width=_READERS, fill=palette.MUTED, anchor="middle")
        room = box.width - _READERS - 2 * _HOP
        start = box.x + _READERS - 16
        centre = Box(start + _HOP, box.y, room * 0.7, middle.height)
        middle.paint(canvas, centre)
        _hop(canvas, start, centre.x, line, "HTTPS" if delivery.https_only else "HTTP")
        target = Box(centre.right + _HOP + 12, box.y, room * 0.3, buckets.height)
        if buckets.height:
            buckets.paint(canvas, target)
            _hop(canvas, centre.right, target.x, line, "signed" if delivery.signed else "unsigned")

    return Block(max(middle.height, buckets.height, 60), paint)


def _hop(canvas: Canvas, start: float, end: float, y: float, label: str) -> None:
    canvas.line([(start + 4, y), (end - 4, y)], stroke=palette.INK, arrow=True)
    canvas.text((start + end) / 2 - 3, y - 6, label, width=end - start - 12, size=10, fill=palette.MUTED, anchor="middle")


def _people(canvas: Canvas, x: float, y: float) -> None:
    canvas.circle(x, y - 8, 7, fill=palette.MUTED)
    canvas.rect(x - 13, y + 1, 26, 18, fill=palette.MUTED, radius=9)


def accounts(stacks: Sequence[Stack]) -> str:
    """Return how much there is, for the picture's first lines."""
    environments: dict[str, list[Stack]] = {}
    for stack in stacks:
        environments.setdefault(stack.environment, []).append(stack)
    told = [
        f"{environment}: {count(len(members), 'region')}, {count(sum(each.resources for each in members), 'resource')}"
        for environment, members in environments.items()
    ]
    return "; ".join(told)
