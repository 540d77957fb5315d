"""The three kinds of logs, and how long each is kept where."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

AUDIT_DAYS = 365
"""Source: COM-2."""


class Stream(StrEnum):
    """What a line is about, and who may read it."""

    AUDIT = "audit"
    """Who did what with secrets: for auditors."""
    APPLICATION = "application"
    """Of n8n and of tenants."""
    PLATFORM = "platform"
    """Of all else in the cluster."""

    @property
    def address(self) -> Mapping[str, str]:
        """Its parts as a data stream."""
        return {"type": "logs", "dataset": self.value, "namespace": "morefocus"}

    @property
    def pattern(self) -> str:
        """The indices behind it."""
        return f"logs-{self.value}-*"

    @property
    def policy(self) -> str:
        """Name of its lifecycle."""
        return f"morefocus-{self.value}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifecycle:
    """How long a stream's data stays hot, and until when it is kept at all.

    Raises ValueError when it would be gone before it is warm.
    """

    daily_gb: float
    """Logs of a day, before copies and indices."""
    hot_days: int
    delete_days: int

    def __post_init__(self) -> None:
        if self.daily_gb <= 0:
            raise ValueError(f"daily_gb must be above 0 (got {self.daily_gb})")
        if not 1 <= self.hot_days < self.delete_days:
            raise ValueError(f"give 1 <= hot_days < delete_days (got {self.hot_days}, {self.delete_days})")


SHARD_GB = 40
"""A shard is closed when it is so large, or a day old; Elastic advises 10 to 50 GB.

Source: https://www.elastic.co/docs/deploy-manage/production-guidance/optimize-performance/size-shards
"""


def lifecycle_policy(lifecycle: Lifecycle) -> dict[str, Any]:
    """Return an index lifecycle policy: hot, then warm in fewer and closed segments, then gone, which makes retention a promise.

    Ages count from the day an index is closed, which is at most a day after its first line.
    Source: https://www.elastic.co/docs/manage-data/lifecycle/index-lifecycle-management
    """
    return {
        "policy": {
            "phases": {
                "hot": {
                    "min_age": "0ms",
                    "actions": {
                        "rollover": {"max_age": "1d", "max_primary_shard_size": f"{SHARD_GB}gb"},
                        "set_priority": {"priority": 100},
                    },
                },
                "warm": {
                    "min_age": f"{lifecycle.hot_days}d",
                    "actions": {
                        "forcemerge": {"max_num_segments": 1},
                        "readonly": {},
                        "set_priority": {"priority": 50},
                    },
                },
                "delete": {"min_age": f"{lifecycle.delete_days}d", "actions": {"delete": {"delete_searchable_snapshot": True}}},
            }
        }
    }


def index_template(stream: Stream, *, shards: int) -> dict[str, Any]:
    """Return a stream's index template; unknown fields are kept as they came and not indexed, so that none can grow the mapping."""
    keyword = {"type": "keyword", "ignore_above": 1024}
    return {
        "index_patterns": [stream.pattern],
        "data_stream": {},
        # Above 100, Elastic's own template for logs.
        "priority": 500,
        "template": {
            "settings": {
                "index.lifecycle.name": stream.policy,
                "index.number_of_shards": shards,
                "index.number_of_replicas": 1,
                "index.codec": "best_compression",
                "index.routing.allocation.include._tier_preference": "data_hot",
            },
            "mappings": {
                "dynamic": False,
                "properties": {
                    "@timestamp": {"type": "date"},
                    "message": {"type": "match_only_text"},
                    "log": {"properties": {"level": keyword, "logger": keyword}},
                    "error": {"properties": {"message": {"type": "match_only_text"}, "stack_trace": {"type": "match_only_text"}}},
                    # A keyed hash, and so no address any more.
                    "client": {"properties": {"ip": keyword}},
                    "user": {"properties": {"id": keyword, "name": keyword, "email": keyword}},
                    "event": {"properties": {"action": keyword}},
                    "url": {"properties": {"path": keyword}},
                    "http": {"properties": {"request": {"properties": {"method": keyword}}}},
                    "trace": {"properties": {"id": keyword}},
                    "span": {"properties": {"id": keyword}},
                    "labels": {"type": "flattened", "ignore_above": 1024},
                    "kubernetes": {
                        "properties": {
                            "namespace": keyword,
                            "pod": {"properties": {"name": keyword}},
                            "container": {"properties": {"name": keyword}},
                            "node": {"properties": {"name": keyword}},
                        }
                    },
                },
            },
        },
    }
