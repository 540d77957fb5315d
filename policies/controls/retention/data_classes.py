"""RET-06: what a store holds is written on it, on its key, on its backups and on its copies, and is the same on all."""

from collections.abc import Iterable
from typing import Any

from config.vocabulary import DataClass
from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.recovery._coverage import KINDS, SELECTION, picks
from policies.graph import Graph, Linked
from policies.holdings import CLASS, STORES, bucket_at, data_class, keys_of
from policies.scope import KEY, REPLICA_KEY
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, each, negated, same
from policies.verdict import Ruling

PLAN = "aws:backup/plan:Plan"
VAULT = "aws:backup/vault:Vault"
COPIES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
REPLICAS = {
    "aws:dynamodb/tableReplica:TableReplica": ("globalTableArn", "aws:dynamodb/table:Table"),
    "aws:rds/cluster:Cluster": ("replicationSourceIdentifier", "aws:rds/cluster:Cluster"),
    "aws:rds/instance:Instance": ("replicateSourceDb", "aws:rds/instance:Instance"),
    REPLICA_KEY: ("primaryKeyArn", KEY),
}
"""Copies, the property that names what they are a copy of, and its type."""
_ALLOWED = f"one of {', '.join(DataClass)}"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge every store, key and copy of either by its class; a key or a source of another stack is judged there."""
    for store in graph.of(*dict.fromkeys((*STORES, KEY, REPLICA_KEY))):
        own = data_class(store)
        needs = [Need(CLASS, None if own is UNKNOWN else own is not ABSENT, _ALLOWED)]
        needs += [Need(use.path, _agree(own, use.key), "a key of the store's own data class") for use in keys_of(graph, store)]
        if store.type in REPLICAS:
            path, type_ = REPLICAS[store.type]
            needs.append(Need(CLASS, _agree(own, graph.target(store, path, type_)), "the class of what it is a copy of"))
        yield ruled(store, *needs)
    for replication in graph.of(COPIES):
        sources = bucket_at(graph, replication, "bucket").resources
        paths = [f"rules.{order}.destination.bucket" for order, _ in enumerate(each(replication.properties, "rules"))]
        answers = [_agree(data_class(source), bucket_at(graph, replication, path)) for source in sources for path in paths]
        yield ruled(replication, Need("rules.destination.bucket", all_of(answers), "buckets of the source's own data class"))
    yield from _vaults(graph)


def _vaults(graph: Graph) -> Iterable[Ruling]:
    """Judge what plans write to: a vault that gets backups of personal data is one of personal data."""
    personal = [store for store in graph.of(*KINDS) if data_class(store) is DataClass.PERSONAL]
    for plan in graph.of(PLAN):
        picked = any_of([picks(one, store) for one in graph.attached(plan, SELECTION, "planId").resources for store in personal])
        needs = []
        for order, _ in enumerate(each(plan.properties, "rules")):
            path = f"rules.{order}.targetVaultName"
            marked = all_of([same(DataClass.PERSONAL, data_class(vault)) for vault in graph.target(plan, path, VAULT).resources])
            needs.append(Need(path, any_of([marked, negated(picked)]), "a vault of personal data, which is backed up in it"))
        yield ruled(plan, *needs)


def _agree(own: Any, other: Linked) -> Answer:
    return all_of([same(own, data_class(one)) for one in other.resources])


CONTROL = Control(
    id="RET-06",
    title="Stores, keys, backups and copies say which class of data they hold, and say the same",
    severity=Severity.MEDIUM,
    why="Keys, retention and transfers follow the class; a copy that is marked harmless is treated as if it were.",
    fix="pass tags=self.tags(DataClass.X) to the store, its copies and its vault, and the key of the same class from `keys`",
    clauses=clauses(gdpr="5(2)* 30*", lgpd="37", soc2="C1.1*", iso27001="5.12* 5.13*", pci="12.5.2*"),
    governs=(*dict.fromkeys((*STORES, *REPLICAS, KEY)), COPIES, PLAN),
    check=check,
    house=True,
)
