"""What stores hold, under which keys, and where that is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config.vocabulary import DataClass, TagKey
from policies.graph import Graph, Linked, Resource
from policies.scope import KEY, KEY_ALIAS, REPLICA_KEY
from policies.values import ABSENT, UNKNOWN, each

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
BACKUPS_ELSEWHERE = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
FUNCTION = "aws:lambda/function:Function"
CLASS = f"tags.{TagKey.DATA_CLASS}"
ABOUT_PERSONS = frozenset({DataClass.PERSONAL, DataClass.CREDENTIALS, DataClass.LOGS})
"""Classes that tell of persons, as the register of transfers has it."""

KEY_PATHS: Mapping[str, tuple[str, ...]] = {
    "aws:backup/vault:Vault": ("kmsKeyArn",),
    "aws:cloudtrail/trail:Trail": ("kmsKeyId",),
    "aws:cloudwatch/logGroup:LogGroup": ("kmsKeyId",),
    "aws:dynamodb/table:Table": ("serverSideEncryption.kmsKeyArn",),
    "aws:dynamodb/tableReplica:TableReplica": ("kmsKeyArn",),
    "aws:ebs/volume:Volume": ("kmsKeyId",),
    "aws:efs/fileSystem:FileSystem": ("kmsKeyId",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("kmsKeyId",),
    FUNCTION: ("kmsKeyArn",),
    "aws:rds/cluster:Cluster": ("kmsKeyId",),
    "aws:rds/instance:Instance": ("kmsKeyId", "performanceInsightsKmsKeyId"),
    BACKUPS_ELSEWHERE: ("kmsKeyId",),
    "aws:s3/bucketObjectv2:BucketObjectv2": ("kmsKeyId",),
    "aws:secretsmanager/secret:Secret": ("kmsKeyId",),
    "aws:sns/topic:Topic": ("kmsMasterKeyId",),
    "aws:sqs/queue:Queue": ("kmsMasterKeyId",),
}
"""Where stores say which key encrypts them; buckets say it in a resource of its own."""
STORES = (*(type_ for type_ in KEY_PATHS if type_ not in (BACKUPS_ELSEWHERE, FUNCTION)), BUCKET)
"""Stores that say what they hold. A function's key is for its settings, not for what passes through; backups elsewhere have no tags."""
_RULE = "applyServerSideEncryptionByDefault.kmsMasterKeyId"


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key that a store names."""

    path: str
    value: Any
    key: Linked
    """The key itself where the graph has it, whatever name of it the store uses."""


def data_class(resource: Resource) -> Any:
    """Return the DataClass that a resource is tagged with, by itself or by its provider; ABSENT for none that is one, or UNKNOWN."""
    found = resource.look(CLASS)
    if found is ABSENT:
        found = resource.look(f"tagsAll.{TagKey.DATA_CLASS}")
    if found is UNKNOWN:
        return UNKNOWN
    return DataClass(found) if isinstance(found, str) and found in set(DataClass) else ABSENT


def keys_of(graph: Graph, store: Resource) -> Iterator[KeyUse]:
    """Give the keys that a store names, in any form that its type has; none where it leaves the choice to AWS."""
    for path in KEY_PATHS.get(store.type, ()):
        yield from _use(graph, store, path)
    if store.type == BUCKET:
        # Written as it was before it became a resource of its own.
        yield from _use(graph, store, f"serverSideEncryptionConfiguration.rule.{_RULE}")
        for split in graph.attached(store, BUCKET_ENCRYPTION, "bucket").resources:
            for order, _ in enumerate(each(split.properties, "rules")):
                yield from _use(graph, split, f"rules.{order}.{_RULE}")


def bucket_at(graph: Graph, owner: Resource, path: str) -> Linked:
    """Return the bucket that a property refers to: by its name, an ARN with or without a folder, or its host."""
    linked = graph.target(owner, path, BUCKET)
    value = owner.look(path)
    if linked.resources or not isinstance(value, str):
        return linked
    # The ARN of a bucket is known before the bucket is.
    name = value.removeprefix("arn:aws:s3:::").partition("/")[0].partition(".s3.")[0]
    return Linked(tuple(bucket for bucket in graph.of(BUCKET) if bucket.look("bucket") == name), True)


def region_in(arn: Any) -> Any:
    """Return the region that an ARN names, UNKNOWN of one that is not known, or ABSENT: of what is no ARN, or one of a global service.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    if not isinstance(arn, str):
        return UNKNOWN if arn is UNKNOWN else ABSENT
    parts = arn.split(":", 5)
    return parts[3] if len(parts) == 6 and parts[0] == "arn" and parts[3] else ABSENT


def _use(graph: Graph, owner: Resource, path: str) -> Iterator[KeyUse]:
    value = owner.look(path)
    if value in (ABSENT, ""):
        return
    found = graph.target(owner, path, KEY, REPLICA_KEY, KEY_ALIAS)
    keys: list[Resource] = []
    for one in found.resources:
        keys += graph.target(one, "targetKeyId", KEY, REPLICA_KEY).resources if one.type == KEY_ALIAS else (one,)
    yield KeyUse(path, value, Linked(tuple(dict.fromkeys(keys)), found.certain))
