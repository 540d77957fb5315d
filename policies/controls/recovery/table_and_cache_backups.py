"""BCK-05: tables can be had back to any second, caches to their last snapshot."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging
from policies.values import UNKNOWN, is_yes
from policies.verdict import Ruling

TABLE = "aws:dynamodb/table:Table"
REPLICA = "aws:dynamodb/tableReplica:TableReplica"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each table, each replica, and each cache with shards; staging may be deleted."""
    for table in graph.of(TABLE):
        yield ruled(table, need(table, "pointInTimeRecovery.enabled", is_yes, "true"), *_deletion(table))
    for replica in graph.of(REPLICA):
        yield ruled(replica, need(replica, "pointInTimeRecovery", is_yes, "true"), *_deletion(replica))
    for cache in graph.of(CACHE):
        yield ruled(cache, need(cache, "snapshotRetentionLimit", lambda days: days >= 1, "1 day or more"))


def _deletion(table: Resource) -> list[Need]:
    # A replica says no environment of its own, and stands for production.
    return [] if is_staging(table) else [need(table, "deletionProtectionEnabled", is_yes, "true")]


def remedy(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Switch a table's recovery to a point in time on, for as long as it says; what is not known yet stays."""
    current = inputs.get("pointInTimeRecovery")
    given = dict(current) if isinstance(current, Mapping) else {}
    settled = UNKNOWN in (current, given.get("enabled")) or is_yes(given.get("enabled"))
    return {} if settled else {"pointInTimeRecovery": {**given, "enabled": True}}


def remedy_of_a_replica(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Switch a replica's own recovery to a point in time on."""
    given = inputs.get("pointInTimeRecovery")
    return {} if is_yes(given) or given is UNKNOWN else {"pointInTimeRecovery": True}


def remedy_of_a_cache(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep one snapshot of a cache that keeps none."""
    return {} if inputs.get("snapshotRetentionLimit") not in (None, 0) else {"snapshotRetentionLimit": 1}


CONTROL = Control(
    id="BCK-05",
    title="Tables have point-in-time recovery and refuse deletion; caches keep snapshots",
    severity=Severity.HIGH,
    why="A function that writes wrong items writes thousands of them before anybody sees it.",
    fix="set point_in_time_recovery={'enabled': True} and deletion_protection_enabled=True; snapshot_retention_limit on caches",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="A1.2 CC7.4", iso27001="5.30 8.13", pci="10.3.3"),
    governs=(TABLE, REPLICA, CACHE),
    check=check,
    remedies={TABLE: remedy, REPLICA: remedy_of_a_replica, CACHE: remedy_of_a_cache},
)
