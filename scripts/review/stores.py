"""Types of resources that hold data or what data cannot be read without: replacing or deleting one may lose it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.graph import canonical

STORES: Mapping[str, str] = {
    "aws:kms/key:Key": "everything that it encrypted",
    "aws:kms/replicaKey:ReplicaKey": "the way to read what it encrypted in its region",
    "aws:rds/cluster:Cluster": "its rows",
    "aws:rds/clusterInstance:ClusterInstance": "the instance that serves its rows",
    "aws:rds/instance:Instance": "its rows",
    "aws:dynamodb/table:Table": "its items",
    "aws:dynamodb/globalTable:GlobalTable": "its items",
    "aws:docdb/cluster:Cluster": "its documents",
    "aws:memorydb/cluster:Cluster": "its data",
    "aws:s3/bucket:Bucket": "its objects",
    "aws:s3/directoryBucket:DirectoryBucket": "its objects",
    "aws:efs/fileSystem:FileSystem": "its files",
    "aws:ebs/volume:Volume": "its blocks",
    "aws:backup/vault:Vault": "its recovery points",
    "aws:rds/snapshot:Snapshot": "the copy",
    "aws:cognito/userPool:UserPool": "its users, whose passwords cannot be exported",
    "aws:secretsmanager/secret:Secret": "its value",
    "kubernetes:core/v1:Namespace": "every object within it, claims of volumes included",
    "kubernetes:core/v1:PersistentVolume": "its files",
    "kubernetes:core/v1:PersistentVolumeClaim": "its files",
    "kubernetes:apps/v1:StatefulSet": "its pods, and volumes that go with them",
    "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch": "its indices",
    "aws:opensearch/domain:Domain": "its indices",
    "aws:cloudtrail/eventDataStore:EventDataStore": "its records of the trail",
    "aws:sqs/queue:Queue": "messages that nobody has read",
    "aws:mq/broker:Broker": "messages that nobody has read",
    "aws:kinesis/stream:Stream": "records that nobody has read",
    "aws:ecr/repository:Repository": "its images",
    "aws:dynamodb/tableReplica:TableReplica": "its region's copy of the items",
    "aws:elasticache/cluster:Cluster": "what it holds in memory",
    "aws:elasticache/replicationGroup:ReplicationGroup": "what it holds in memory",
    "aws:cloudwatch/logGroup:LogGroup": "its logs",
}
"""Type to what is at stake: the gravest first."""
_ORDER = {type_: place for place, type_ in enumerate(STORES)}
_REPLICA = "replicateSourceDb"


def at_stake(type_: str, inputs: Mapping[str, Any] | None = None) -> str | None:
    """Return what is lost with a resource of a type, or None where it holds nothing; `inputs` tell a replica from its source."""
    if inputs and inputs.get(_REPLICA):
        return "its copy of the rows, which stay in its source"
    return STORES.get(canonical(type_))


def gravity(type_: str, inputs: Mapping[str, Any] | None = None) -> int:
    """Return the place of a type among the stores, the gravest first; a replica is less grave than any of them."""
    return len(_ORDER) if inputs and inputs.get(_REPLICA) else _ORDER.get(canonical(type_), len(_ORDER))
