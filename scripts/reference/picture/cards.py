"""The cards of a stack: one for each store, cluster and way in."""

from collections.abc import Sequence

from scripts.reference.estate.facts import (
    Bucket,
    Cache,
    Cluster,
    Copies,
    Database,
    Entry,
    FileSystem,
    Firewall,
    NodeGroup,
    Replica,
    Standby,
    Subnet,
    Vpc,
)
from scripts.reference.picture import palette
from scripts.reference.picture.blocks import NOTHING, Block, Box, Tile, card, mark, side_by_side, stacked
from scripts.reference.picture.canvas import Canvas
from scripts.reference.picture.font import width_of, wrapped
from scripts.reference.words import count, letters, product

GAP = 8.0
_ROW = 15.5
_SHARD_ROOM = 112.0
"""Width within which shards are drawn; more of them are only counted."""


def firewall_card(firewall: Firewall) -> Block:
    """Return the card of a web ACL."""
    lines = []
    if firewall.rate_limit is not None:
        lines.append(f"{firewall.rate_limit:,} per {firewall.window_seconds} s")
    lines.append(count(len(firewall.groups), "rule group"))
    return card(Tile("WAF", palette.SECURITY), "web ACL", lines)


def entry_card(entry: Entry) -> Block:
    """Return the card of a load balancer, with its web ACL beside it."""
    lines = [*entry.hosts, ", ".join(entry.listeners), *(f"from {source}" for source in entry.sources)]
    balancer = card(Tile("ALB", palette.NETWORK), "load balancer", lines)
    if entry.firewall is None:
        return balancer
    return side_by_side([balancer, firewall_card(entry.firewall)], GAP, [1.62, 1])


def cluster_card(cluster: Cluster) -> Block:
    """Return the card of a cluster with a table of its pools."""
    reach = "API public and private" if cluster.public else "API private"
    base = card(
        Tile("EKS", palette.COMPUTE),
        f"Kubernetes {cluster.version}",
        [f"{reach}, {count(len(cluster.addons), 'add-on')}"],
        dot=cluster.key,
    )
    table = _pool_table(cluster)

    def paint(canvas: Canvas, box: Box) -> None:
        base.paint(canvas, box)
        canvas.text(box.right - 22, box.y + 17, "nodes: min / desired / max", width=150, size=10, fill=palette.MUTED, anchor="end")
        top = box.y + base.height
        table.paint(canvas, Box(box.x + 8, top, box.width - 16, table.height))

    return Block(base.height + table.height + 8, paint)


def _pool_table(cluster: Cluster) -> Block:
    rows = len(cluster.pools)

    def paint(canvas: Canvas, box: Box) -> None:
        columns = [box.x + box.width * share for share in (0, 0.22, 0.5, 0.77)]
        widths = [box.width * share - 6 for share in (0.22, 0.28, 0.27, 0.23)]
        canvas.line([(box.x, box.y), (box.right, box.y)], stroke=palette.FRAME)
        heads = ["node pool", "type", "on-demand", "Spot"]
        for x, width, head in zip(columns, widths, heads, strict=True):
            canvas.text(x, box.y + 13, head, width=width, size=10, fill=palette.MUTED)
        for order, pool in enumerate(cluster.pools, 1):
            y = box.y + 13 + order * _ROW
            cells = [pool.name, pool.type, _size(pool.on_demand), _size(pool.spot)]
            for column, (x, width, cell) in enumerate(zip(columns, widths, cells, strict=True)):
                canvas.text(x, y, cell, width=width, bold=column == 0, fill=palette.INK if cell != "none" else palette.MUTED)

    return Block(18 + rows * _ROW, paint)


def _size(group: NodeGroup | None) -> str:
    return str(group) if group else "none"


def database_card(database: Database, zones: Sequence[str]) -> Block:
    """Return the card of a primary, with its replicas in the columns of their zones below it."""
    standby = "with a standby in another zone" if database.multi_az else "one zone"
    lines = [
        f"{database.instance_class}, {standby}",
        f"{database.storage_gb:,} GiB {database.storage_type}, up to {database.max_storage_gb:,}; {database.backup_days} days of recovery",
    ]
    primary = card(Tile("RDS", palette.DATABASE), f"{product(database.engine)} {database.version}", lines, dot=database.key)
    return stacked([primary, _replicas(database, zones)], 12) if database.replicas else primary


def _replicas(database: Database, zones: Sequence[str]) -> Block:
    deepest = max(sum(replica.zone == zone for replica in database.replicas) for zone in zones)

    def paint(canvas: Canvas, box: Box) -> None:
        for zone, column in zip(zones, box.columns(len(zones), 6), strict=True):
            here = [replica for replica in database.replicas if replica.zone == zone]
            for order, replica in enumerate(here):
                _replica(canvas, Box(column.x, box.y + order * 40, column.width, 34), replica, database)
            if here:
                centre = column.x + column.width / 2
                canvas.line([(centre, box.y - 12), (centre, box.y)], stroke=palette.DATABASE, arrow=True)

    return Block(deepest * 40 - 6, paint)


def _replica(canvas: Canvas, box: Box, replica: Replica, database: Database) -> None:
    canvas.rect(box.x, box.y, box.width, box.height, fill=palette.CARD, stroke=palette.FRAME)
    canvas.text(box.x + 8, box.y + 14, replica.name.removeprefix(f"{database.name}-"), width=box.width - 28, bold=True)
    canvas.text(box.x + 8, box.y + 27, replica.instance_class, width=box.width - 16, fill=palette.MUTED)
    mark(canvas, box.right - 11, box.y + 11, database.key)


def standby_card(standby: Standby) -> Block:
    """Return the card of a standby of another region's database."""
    return card(Tile("RDS", palette.DATABASE), standby.name, [f"{standby.instance_class}, standby of another region"], dot=standby.key)


def cache_card(cache: Cache) -> Block:
    """Return the card of a Redis group, with its shards drawn while they are few."""
    shards = f"{count(cache.shards, 'shard')} of 1 + {cache.replicas_per_shard}"
    drawn = cache.shards * (_shard_width(cache) + 4) <= _SHARD_ROOM
    base = card(
        Tile("EC", palette.DATABASE),
        f"{product(cache.engine)} {cache.version}",
        [cache.node_type, shards],
        dot=cache.key,
        extra=18 if drawn else 0,
    )

    def paint(canvas: Canvas, box: Box) -> None:
        base.paint(canvas, box)
        if drawn:
            _shards(canvas, box.x + 42, box.y + base.height - 23, cache)

    return Block(base.height, paint)


def _shard_width(cache: Cache) -> float:
    return 5 + 11 * (1 + cache.replicas_per_shard)


def _shards(canvas: Canvas, x: float, y: float, cache: Cache) -> None:
    """Paint each shard as a capsule with its primary filled and its replicas hollow."""
    width = _shard_width(cache)
    for shard in range(cache.shards):
        left = x + shard * (width + 4)
        canvas.rect(left, y, width, 15, fill="#fbeff5", stroke="#eab8d3", radius=7.5)
        for node in range(1 + cache.replicas_per_shard):
            hollow = node > 0
            canvas.circle(
                left + 8 + 11 * node,
                y + 7.5,
                3.4,
                fill=palette.CARD if hollow else palette.DATABASE,
                stroke=palette.DATABASE if hollow else None,
            )


def file_system_card(files: FileSystem) -> Block:
    """Return the card of a file system."""
    lines = [f"{files.throughput} throughput", f"mounted in {letters(files.zones)}"]
    return card(Tile("EFS", palette.STORAGE), files.name, lines, dot=files.key)


def bucket_card(bucket: Bucket) -> Block:
    """Return the card of a bucket."""
    lines = ["versioned" if bucket.versioned else "not versioned"]
    if bucket.lock_mode:
        lines.append(f"lock {bucket.lock_days} days")
    return card(Tile("S3", palette.STORAGE), bucket.name, lines, dot=bucket.key or bucket.holds, ring=bucket.key is None)


def bucket_rows(buckets: Sequence[Bucket]) -> Block:
    """Return the cards of buckets, two in a row: of three, names would be too small to read."""
    cards = [bucket_card(bucket) for bucket in buckets]
    return stacked([side_by_side(cards[start : start + 2], GAP) for start in range(0, len(cards), 2)], GAP)


def keys_card(keys: Sequence[str]) -> Block:
    """Return the row of keys, one for each class of data."""

    def paint(canvas: Canvas, box: Box) -> None:
        canvas.rect(box.x, box.y, box.width, box.height, fill=palette.CARD, stroke=palette.FRAME)
        Tile("KMS", palette.SECURITY).paint(canvas, box.x + 8, box.y + 5, 24)
        room = box.width - 42
        natural = [18 + width_of(key, 11) for key in keys]
        space = max(0.0, (room - sum(natural)) / max(1, len(keys)))
        x = box.x + 42.0
        for key, width in zip(keys, natural, strict=True):
            mark(canvas, x + 5, box.middle, key)
            canvas.text(x + 14, box.middle + 3.6, key, width=min(width, room))
            x += width + space

    return Block(34, paint) if keys else NOTHING


def copies_card(copies: Sequence[Copies], width: float) -> Block:
    """Return the card of what a stack keeps in other regions, a line or more for each."""
    lines = [line for each in copies for line in wrapped(_kept(each), width - 50, 11)]
    return card(Tile("DR", palette.STORAGE), "kept in other regions", lines) if lines else NOTHING


def _kept(copies: Copies) -> list[str]:
    held = [
        *copies.buckets,
        *(["recovery points"] if copies.recovery_points else []),
        *(["database backups"] if copies.database_backups else []),
        *(["standby"] if copies.standbys else []),
    ]
    first, *others = held or [f"key for {', '.join(copies.keys)}"]
    return [f"{copies.region}: {first}", *others]


def endpoints_card(vpc: Vpc, width: float) -> Block:
    """Return the card of the interface endpoints, all named."""
    lines = wrapped(vpc.interface_endpoints, width - 50, 10)

    def paint(canvas: Canvas, box: Box) -> None:
        canvas.rect(box.x, box.y, box.width, box.height, fill=palette.CARD, stroke=palette.FRAME)
        Tile("VPCE", palette.NETWORK).paint(canvas, box.x + 8, box.y + 8)
        canvas.text(
            box.x + 42, box.y + 18, count(len(vpc.interface_endpoints), "interface endpoint"), width=box.width - 50, size=11, bold=True
        )
        for order, line in enumerate(lines, 1):
            canvas.text(box.x + 42, box.y + 18 + order * 12.5, line, width=box.width - 50, size=10, fill=palette.MUTED)

    return Block(max(42, 26 + 12.5 * len(lines)), paint) if vpc.interface_endpoints else NOTHING


def subnet_cells(subnets: Sequence[Subnet], zones: Sequence[str], tier: str) -> Block:
    """Return a tier's subnets in the columns of their zones, each with its NAT gateway where it has one."""
    _, frame, ink = palette.TIERS[tier]
    with_nat = any(subnet.nat for subnet in subnets)
    height = 42.0 if with_nat else 22.0

    def paint(canvas: Canvas, box: Box) -> None:
        for zone, column in zip(zones, box.columns(len(zones), 6), strict=True):
            for subnet in (each for each in subnets if each.zone == zone):
                canvas.rect(column.x, column.y, column.width, height, fill=palette.CARD, stroke=frame, radius=4)
                centre = column.x + column.width / 2
                canvas.text(centre, column.y + 15, subnet.cidr, width=column.width - 8, size=11, bold=True, fill=ink, anchor="middle")
                if subnet.nat:
                    nat_badge(canvas, centre, column.y + 22)

    return Block(height, paint)


def nat_badge(canvas: Canvas, centre: float, y: float) -> None:
    """Paint the mark of a NAT gateway."""
    canvas.rect(centre - 36, y, 72, 15, fill=palette.NETWORK, radius=7.5)
    canvas.text(centre, y + 11, "NAT gateway", width=66, size=9.5, bold=True, fill="#ffffff", anchor="middle")
