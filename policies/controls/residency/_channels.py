"""Every way in which AWS copies data from one region to another, as flows: what, from where, to where."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config.vocabulary import DataClass
from policies.graph import Graph, Resource
from policies.holdings import BACKUPS_ELSEWHERE, BUCKET, bucket_at, data_class, region_in
from policies.scope import KEY
from policies.values import ABSENT, UNKNOWN, each, look

BUCKET_COPIES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
TABLE = "aws:dynamodb/table:Table"
TABLE_REPLICA = "aws:dynamodb/tableReplica:TableReplica"
GLOBAL_TABLE = "aws:dynamodb/globalTable:GlobalTable"
INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"
GLOBAL_CLUSTER = "aws:rds/globalCluster:GlobalCluster"
SNAPSHOT_COPY = "aws:rds/snapshotCopy:SnapshotCopy"
CLUSTER_SNAPSHOT_COPY = "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
GLOBAL_CACHE = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
IMAGES = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type
KEY_COPY = "aws:kms/replicaKey:ReplicaKey"
PLAN = "aws:backup/plan:Plan"
VAULT = "aws:backup/vault:Vault"
FILE_COPY = "aws:efs/replicationConfiguration:ReplicationConfiguration"
FILES = "aws:efs/fileSystem:FileSystem"
NOWHERE = ""
"""Stands for the place of what the graph does not have and whose name tells no region."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One copy that a resource makes; class and regions are known, UNKNOWN, or ABSENT where nothing says."""

    path: str
    data: Any
    home: Any
    there: Any


@dataclass(frozen=True, slots=True)
class End:
    """Where something is, and what it holds."""

    place: Any
    data: Any


def flows(graph: Graph) -> Iterator[tuple[Resource, list[Flow]]]:
    """Give every resource that copies something, with its copies, those that stay in their region among them."""
    for type_, told in CHANNELS.items():
        for channel in graph.of(type_):
            found = list(told(graph, channel))
            if found:
                yield channel, found


def _ends(graph: Graph, channel: Resource, path: str, *types: str, unnamed: Any = NOWHERE) -> list[End]:
    """Return what a property refers to: in the graph, by the region of its ARN, or `unnamed` of what tells none."""
    linked = bucket_at(graph, channel, path) if types == (BUCKET,) else graph.target(channel, path, *types)
    if linked.resources:
        return [End(one.region, data_class(one)) for one in linked.resources]
    region = region_in(channel.look(path))
    return [End(unnamed if region is ABSENT else region, ABSENT)]


def _held(source: Any, copy: Any) -> Any:
    """Return what a copy holds: what its source does, and what it says itself where that one is not known here."""
    return source if isinstance(source, DataClass) else copy


def _bucket_copies(graph: Graph, channel: Resource) -> Iterable[Flow]:
    (source, *_) = _ends(graph, channel, "bucket", BUCKET)
    yield from _to_buckets(graph, channel, source, "rules")


def _inline_bucket_copies(graph: Graph, bucket: Resource) -> Iterable[Flow]:
    yield from _to_buckets(graph, bucket, End(bucket.region, data_class(bucket)), "replicationConfiguration.rules")


def _to_buckets(graph: Graph, channel: Resource, source: End, rules: str) -> Iterable[Flow]:
    for order, _ in enumerate(each(channel.properties, rules)):
        path = f"{rules}.{order}.destination.bucket"
        for end in _ends(graph, channel, path, BUCKET):
            yield Flow(path, source.data, source.place, end.place)


def _table_copies(graph: Graph, table: Resource) -> Iterable[Flow]:
    yield from _named(table, "replicas", "regionName", data_class(table))


def _table_replica(graph: Graph, replica: Resource) -> Iterable[Flow]:
    for source in _ends(graph, replica, "globalTableArn", TABLE):
        yield Flow("globalTableArn", _held(source.data, data_class(replica)), source.place, replica.region)


def _global_table(graph: Graph, channel: Resource) -> Iterable[Flow]:
    (source, *_) = _ends(graph, channel, "name", TABLE)
    yield from _named(channel, "replicas", "regionName", source.data)


def _secret_copies(graph: Graph, secret: Resource) -> Iterable[Flow]:
    yield from _named(secret, "replicas", "region", data_class(secret))


def _named(channel: Resource, copies: str, key: str, data: Any) -> Iterable[Flow]:
    for order, copy in enumerate(each(channel.properties, copies)):
        yield Flow(f"{copies}.{order}.{key}", data, channel.region, look(copy, key))


def _database_copy(path: str, type_: str) -> Callable[[Graph, Resource], Iterable[Flow]]:
    def told(graph: Graph, replica: Resource) -> Iterable[Flow]:
        if replica.look(path) is not ABSENT:
            # RDS takes a name for a source in the replica's region, and an ARN for one elsewhere.
            for source in _ends(graph, replica, path, type_, unnamed=replica.region):
                yield Flow(path, _held(source.data, data_class(replica)), source.place, replica.region)

    return told


def _backups_elsewhere(graph: Graph, channel: Resource) -> Iterable[Flow]:
    for source in _ends(graph, channel, "sourceDbInstanceArn", INSTANCE):
        yield Flow("sourceDbInstanceArn", source.data, source.place, channel.region)


def _snapshot_copy(path: str) -> Callable[[Graph, Resource], Iterable[Flow]]:
    def told(graph: Graph, copy: Resource) -> Iterable[Flow]:
        (source, *_) = _ends(graph, copy, path, "aws:rds/snapshot:Snapshot", "aws:rds/clusterSnapshot:ClusterSnapshot", unnamed=copy.region)
        there = copy.look("destinationRegion")
        yield Flow("destinationRegion", _held(source.data, data_class(copy)), source.place, copy.region if there is ABSENT else there)

    return told


def _member(path: str, global_: str, primary: str, type_: str) -> Callable[[Graph, Resource], Iterable[Flow]]:
    def told(graph: Graph, member: Resource) -> Iterable[Flow]:
        if member.look(path) is ABSENT:
            return
        linked = graph.target(member, path, global_)
        # What is named by a text is not known by its id before it is made.
        owners = linked.resources or [one for one in graph.of(global_) if one.look(path) == member.look(path)]
        if not owners:
            yield Flow(path, data_class(member), NOWHERE if linked.certain else UNKNOWN, member.region)
        for owner in owners:
            for source in _ends(graph, owner, primary, type_, unnamed=owner.region):
                yield Flow(path, _held(source.data, data_class(member)), source.place, member.region)

    return told


def _file_copies(graph: Graph, channel: Resource) -> Iterable[Flow]:
    (source, *_) = _ends(graph, channel, "sourceFileSystemId", FILES, unnamed=channel.region)
    zone = channel.look("destination.availabilityZoneName")
    there = zone[:-1] if isinstance(zone, str) else channel.look("destination.region")
    yield Flow("destination", source.data, source.place, there)


def _fetched(path: str) -> Callable[[Graph, Resource], Iterable[Flow]]:
    return lambda _, copy: [Flow(path, data_class(copy), copy.look(path), copy.region)]


def _image_copies(graph: Graph, channel: Resource) -> Iterable[Flow]:
    for rule, _ in enumerate(each(channel.properties, "replicationConfiguration.rules")):
        path = f"replicationConfiguration.rules.{rule}.destinations"
        # Images are built from the repository, and hold no data of customers.
        yield from _named(channel, path, "region", DataClass.OPERATIONAL)


def _key_copy(graph: Graph, copy: Resource) -> Iterable[Flow]:
    for source in _ends(graph, copy, "primaryKeyArn", KEY, "aws:kms/externalKey:ExternalKey"):
        yield Flow("primaryKeyArn", _held(source.data, data_class(copy)), source.place, copy.region)


def _backup_copies(graph: Graph, plan: Resource) -> Iterable[Flow]:
    for rule, written in enumerate(each(plan.properties, "rules")):
        kept = graph.target(plan, f"rules.{rule}.targetVaultName", VAULT)
        homes = [one for one in kept.resources if one.region == plan.region]
        # What a vault holds is what its copies hold; one that nobody knows may hold anything.
        data = data_class(homes[0]) if homes else ABSENT if kept.certain else UNKNOWN
        for order, _ in enumerate(each(written, "copyActions")):
            path = f"rules.{rule}.copyActions.{order}.destinationVaultArn"
            for end in _ends(graph, plan, path, VAULT):
                yield Flow(path, data, plan.region, end.place)


CHANNELS: Mapping[str, Callable[[Graph, Resource], Iterable[Flow]]] = {
    BUCKET_COPIES: _bucket_copies,
    BUCKET: _inline_bucket_copies,
    TABLE: _table_copies,
    TABLE_REPLICA: _table_replica,
    GLOBAL_TABLE: _global_table,
    INSTANCE: _database_copy("replicateSourceDb", INSTANCE),
    CLUSTER: lambda graph, cluster: [
        *_database_copy("replicationSourceIdentifier", CLUSTER)(graph, cluster),
        *_member("globalClusterIdentifier", GLOBAL_CLUSTER, "sourceDbClusterIdentifier", CLUSTER)(graph, cluster),
    ],
    SNAPSHOT_COPY: _snapshot_copy("sourceDbSnapshotIdentifier"),
    CLUSTER_SNAPSHOT_COPY: _snapshot_copy("sourceDbClusterSnapshotIdentifier"),
    BACKUPS_ELSEWHERE: _backups_elsewhere,
    CACHE: _member("globalReplicationGroupId", GLOBAL_CACHE, "primaryReplicationGroupId", CACHE),
    IMAGES: _image_copies,
    SECRET: _secret_copies,
    KEY_COPY: _key_copy,
    PLAN: _backup_copies,
    FILE_COPY: _file_copies,
    "aws:ebs/snapshotCopy:SnapshotCopy": _fetched("sourceRegion"),
    "aws:ec2/amiCopy:AmiCopy": _fetched("sourceAmiRegion"),
    "aws:kms/replicaExternalKey:ReplicaExternalKey": _key_copy,
    **{
        f"aws:{engine}/cluster:Cluster": _member(
            "globalClusterIdentifier",
            f"aws:{engine}/globalCluster:GlobalCluster",
            "sourceDbClusterIdentifier",
            f"aws:{engine}/cluster:Cluster",
        )
        for engine in ("docdb", "neptune")
    },
}
"""By the resource that asks for the copy. A cluster of a global database, and a cache of a global one, ask for it themselves."""
