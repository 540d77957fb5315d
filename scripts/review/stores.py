"""Types of resources that hold data or what data cannot be read without: replacing or deleting one may lose it."""

from __future__ import annotations

from collections.abc import Mapping

from policies.graph import canonical

STORES: Mapping[str, str] = {
    "aws:backup/vault:Vault": "its recovery points",
    "aws:cloudtrail/eventDataStore:EventDataStore": "its records of the trail",
    "aws:cloudwatch/logGroup:LogGroup": "its logs",
    "aws:cognito/userPool:UserPool": "its users, whose passwords cannot be exported",
    "aws:docdb/cluster:Cluster": "its documents",
    "aws:dynamodb/table:Table": "its items",
    "aws:dynamodb/globalTable:GlobalTable": "its items",
    "aws:ebs/volume:Volume": "its blocks",
    "aws:ecr/repository:Repository": "its images",
    "aws:efs/fileSystem:FileSystem": "its files",
    "aws:elasticache/cluster:Cluster": "what it holds in memory",
    "aws:elasticache/replicationGroup:ReplicationGroup": "what it holds in memory",
    "aws:kinesis/stream:Stream": "records that nobody has read",
    "aws:kms/key:Key": "everything that it encrypted",
    "aws:kms/replicaKey:ReplicaKey": "the way to read what it encrypted in its region",
    "aws:memorydb/cluster:Cluster": "its data",
    "aws:mq/broker:Broker": "messages that nobody has read",
    "aws:opensearch/domain:Domain": "its indices",
    "aws:rds/cluster:Cluster": "its rows",
    "aws:rds/clusterInstance:ClusterInstance": "the instance that serves its rows",
    "aws:rds/instance:Instance": "its rows",
    "aws:rds/snapshot:Snapshot": "the copy",
    "aws:s3/bucket:Bucket": "its objects",
    "aws:s3/directoryBucket:DirectoryBucket": "its objects",
    "aws:secretsmanager/secret:Secret": "its value",
    "aws:sqs/queue:Queue": "messages that nobody has read",
    "kubernetes:apps/v1:StatefulSet": "its pods, and volumes that go with them",
    "kubernetes:core/v1:Namespace": "every object within it, claims of volumes included",
    "kubernetes:core/v1:PersistentVolume": "its files",
    "kubernetes:core/v1:PersistentVolumeClaim": "its files",
    "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch": "its indices",
}
"""Type to what is at stake."""


def at_stake(type_: str) -> str | None:
    """Return what is lost with a resource of a type, or None where it holds nothing."""
    return STORES.get(canonical(type_))
