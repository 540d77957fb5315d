"""BCK-02: no store of data is without a backup plan."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.recovery._coverage import KINDS, SELECTION, picks
from policies.declared import FILE, declared
from policies.graph import Graph, Resource
from policies.holdings import bucket_at, data_class
from policies.scope import is_staging
from policies.values import ABSENT, UNKNOWN, any_of, asks, each, is_yes
from policies.verdict import Ruling

SETTINGS = "aws:backup/regionSettings:RegionSettings"
COPIES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
_REPLICA_OF = ("replicateSourceDb", "replicationSourceIdentifier")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge every store that holds what cannot be made anew, each selection by whether it picks any, and whether AWS Backup may.

    A copy of a store is backed up with it: replicas of databases, buckets that another one is replicated to, and a locked bucket that is
    itself replicated, which is a backup. Where nothing is replicated anywhere, the lock is enough.
    """
    copies = _copies(graph)
    needed: dict[str, list[Resource]] = {}
    for store in graph.of(*KINDS):
        if not _needs_backup(graph, store, copies):
            continue
        needed.setdefault(KINDS[store.type], []).append(store)
        covered = any_of([picks(selection, store) for selection in graph.of(SELECTION)])
        yield ruled(store, Need("", covered, f"a selection of a backup plan that picks it, or a row under rebuilt in {FILE.name}"))
    for selection in graph.of(SELECTION):
        picked = any_of([picks(selection, store) for stores in needed.values() for store in stores])
        yield ruled(selection, Need("conditions", picked, "tags that a store of this stack carries"))
    for settings in graph.of(SETTINGS):
        paths = [f"resourceTypeOptInPreference.{kind}" for kind in sorted(needed)]
        yield ruled(settings, *(Need(path, asks(settings.properties, path, is_yes, absent=False), "true") for path in paths))


def _needs_backup(graph: Graph, store: Resource, copies: set[str]) -> bool:
    data = data_class(store)
    if data not in (ABSENT, UNKNOWN) and not data.is_backed_up:
        return False
    if store.urn in copies or any(store.look(path) is not ABSENT for path in _REPLICA_OF):
        return False
    return not declared().is_rebuilt(store.name) and not _is_a_backup(graph, store)


def _copies(graph: Graph) -> set[str]:
    """Return the buckets that others are replicated to."""
    return {
        bucket.urn
        for replication in graph.of(COPIES)
        for order, _ in enumerate(each(replication.properties, "rules"))
        for bucket in bucket_at(graph, replication, f"rules.{order}.destination.bucket").resources
    }


def _is_a_backup(graph: Graph, store: Resource) -> bool:
    locks = graph.attached(store, LOCK, "bucket").resources
    locked = any(asks(lock.properties, "rule.defaultRetention.days", lambda days: days > 0, absent=False) for lock in locks)
    # A stack that replicates nothing at all has nowhere to: a new region of which no copies were decided.
    return locked and (is_staging(store) or not graph.of(COPIES) or bool(graph.attached(store, COPIES, "bucket").resources))


CONTROL = Control(
    id="BCK-02",
    title="Every store of personal, credential or operational data is picked by a backup plan that may back it up",
    severity=Severity.HIGH,
    why="The store that nobody put into the plan is missed on the day on which it is needed, and never before.",
    fix="tag the store as the plan's Selection asks (backup=six-hourly), and opt its kind in with backup.RegionSettings",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="A1.2* PI1.5", iso27001="8.13 8.14", pci="10.3.3"),
    governs=(*KINDS, SELECTION, SETTINGS),
    check=check,
)
