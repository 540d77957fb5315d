"""How many nodes and disks the logs take: arithmetic.

Source: https://www.elastic.co/docs/deploy-manage/production-guidance/optimize-performance/size-shards
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from components.platform.logs.streams import SHARD_GB, Lifecycle, Stream

COPIES = 2
"""Each shard and its replica, in different zones."""
INDEXED = 1.1
"""What a log takes as an index, compressed, beside what it was as text: somewhat more while it is hot."""
MERGED = 0.7
"""The same, when its segments are merged and nothing is written any more."""
FILLED = 0.85
"""Elasticsearch puts no more shards on a disk that is fuller."""
SHARDS_PER_NODE = 1000
"""Open shards that a node may hold by default."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tiers:
    """Nodes of each kind, and the GiB of disk of one."""

    hot_nodes: int
    warm_nodes: int
    hot_disk_gb: int
    warm_disk_gb: int
    shards: int
    """Open at the same time, replicas among them."""


def hot_gb(streams: Mapping[Stream, Lifecycle]) -> float:
    """Return the GB that lie hot; the index being written counts for a day more."""
    return sum(each.daily_gb * (each.hot_days + 1) for each in streams.values()) * COPIES * INDEXED


def warm_gb(streams: Mapping[Stream, Lifecycle]) -> float:
    """Return the GB that lie warm."""
    return sum(each.daily_gb * (each.delete_days - each.hot_days) for each in streams.values()) * COPIES * MERGED


def primary_shards(lifecycle: Lifecycle) -> int:
    """Return into how many shards a day's index is split, so that none is larger than it should be."""
    return max(1, math.ceil(lifecycle.daily_gb * INDEXED / SHARD_GB))


def open_shards(streams: Mapping[Stream, Lifecycle]) -> int:
    """Return the shards that are open together: an index a day, until it is deleted."""
    return sum(primary_shards(each) * (each.delete_days + 1) for each in streams.values()) * COPIES


def tiers(streams: Mapping[Stream, Lifecycle], *, zones: int, hot_disk_gb: int, warm_disk_gb: int) -> Tiers:
    """Return how many nodes hold the logs: at least one a zone, so that a zone may be lost, and the same number in each.

    Raises ValueError when there are no two zones for a shard and its replica.
    """
    if zones < 2:
        raise ValueError(f"zones must be at least 2: a shard and its replica never stand in one (got {zones})")
    hot = _nodes(hot_gb(streams), hot_disk_gb, zones)
    by_disk = _nodes(warm_gb(streams), warm_disk_gb, zones)
    shards = open_shards(streams)
    by_shards = _even(math.ceil(shards / SHARDS_PER_NODE), zones)
    return Tiers(hot_nodes=hot, warm_nodes=max(by_disk, by_shards), hot_disk_gb=hot_disk_gb, warm_disk_gb=warm_disk_gb, shards=shards)


def _nodes(gigabytes: float, disk_gb: int, zones: int) -> int:
    return _even(math.ceil(gigabytes / (disk_gb * FILLED)), zones)


def _even(nodes: int, zones: int) -> int:
    return max(1, math.ceil(nodes / zones)) * zones
