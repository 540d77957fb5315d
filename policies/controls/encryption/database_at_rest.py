"""ENC-01: databases, their insights and their copies are encrypted with keys of our own."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph
from policies.scope import own_key
from policies.values import any_of, asks, is_yes
from policies.verdict import Ruling

INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"
SNAPSHOT_COPY = "aws:rds/snapshotCopy:SnapshotCopy"
BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge what holds data, and what copies it elsewhere, each by its own key."""
    for store in graph.of(INSTANCE, CLUSTER):
        needs = [need(store, "storageEncrypted", is_yes, "true"), own_key(graph, store, "kmsKeyId")]
        insights = asks(store.properties, "performanceInsightsEnabled", is_yes, absent=False)
        if insights is not False:
            key = own_key(graph, store, "performanceInsightsKmsKeyId")
            needs.append(key if insights else Need(key.path, any_of([key.met, None]), key.allowed))
        yield ruled(store, *needs)
    for copy in graph.of(SNAPSHOT_COPY, BACKUPS):
        yield ruled(copy, own_key(graph, copy, "kmsKeyId"))


CONTROL = Control(
    id="ENC-01",
    title="Databases, Performance Insights and copies of snapshots are encrypted with keys of our own",
    severity=Severity.HIGH,
    why="Who gets hold of a disk, a snapshot or a query's text must not read it, and the key must be ours to withdraw.",
    fix="set storage_encrypted=True, kms_key_id and performance_insights_kms_key_id to the key of the data's class",
    clauses=clauses(gdpr="32", lgpd="46", soc2="PI1.5", iso27001="5.33 8.24", pci="3.5.1 3.6.1"),
    governs=(INSTANCE, CLUSTER, SNAPSHOT_COPY, BACKUPS),
    check=check,
)
