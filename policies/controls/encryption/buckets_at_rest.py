"""ENC-04: what lies in a bucket is encrypted with a key of our own."""

from collections.abc import Iterable
from typing import Any

from config.vocabulary import DataClass, TagKey
from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.scope import KEY, KEY_ALIAS, REPLICA_KEY
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, each, is_yes, look
from policies.verdict import Ruling

BUCKET = "aws:s3/bucket:Bucket"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
_WANTED = "a BucketServerSideEncryptionConfiguration with aws:kms, a key of our own, and bucket_key_enabled"
_DEFAULT = "applyServerSideEncryptionByDefault"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each bucket by its configuration, split off or inline.

    Two kinds cannot have a key of our own: what S3's or a load balancer's access logs are delivered to, which AWS does not do into
    buckets with one, and what everybody may read.
    """
    for bucket in graph.of(BUCKET):
        split = graph.attached(bucket, ENCRYPTION, "bucket")
        answers = [_is_own(graph, each_, rule) for each_ in split.resources for rule in each(each_.properties, "rules")]
        inline = [
            rule
            for path in ("serverSideEncryptionConfiguration.rule", "serverSideEncryptionConfigurations.0.rules")
            for rule in each(bucket.properties, path)
        ]
        answers += [_is_own(graph, bucket, rule) for rule in inline]
        encrypted = any_of([*answers, False if split.certain else None])
        yield ruled(bucket, Need("", True if encrypted is not True and _cannot(graph, bucket) else encrypted, _WANTED))


def _cannot(graph: Graph, bucket: Resource) -> bool:
    is_public = bucket.look(f"tags.{TagKey.DATA_CLASS}") == DataClass.PUBLIC
    return is_public or any(
        graph.attached(bucket, type_, path).resources
        for type_, path in ((LOGGING, "targetBucket"), (BALANCER, "accessLogs.bucket"), (BALANCER, "connectionLogs.bucket"))
    )


def _is_own(graph: Graph, holder: Resource, rule: Any) -> Answer:
    if rule is UNKNOWN:
        return None
    algorithm, key = look(rule, f"{_DEFAULT}.sseAlgorithm"), look(rule, f"{_DEFAULT}.kmsMasterKeyId")
    by_kms: Answer = None if algorithm is UNKNOWN else algorithm in ("aws:kms", "aws:kms:dsse")
    if key is UNKNOWN:
        path = "rules" if holder.type == ENCRYPTION else "serverSideEncryptionConfiguration"
        made_of = [graph.get(urn) for urn in holder.property_dependencies.get(path, ())]
        own: Answer = True if any(each_ is not None and each_.type in (KEY, REPLICA_KEY, KEY_ALIAS) for each_ in made_of) else None
    else:
        own = key is not ABSENT and "alias/aws/" not in str(key)
    switch = look(rule, "bucketKeyEnabled")
    # A bucket key does not go with two layers of encryption.
    bucket_key: Answer = True if algorithm == "aws:kms:dsse" else None if switch is UNKNOWN else is_yes(switch)
    return all_of([by_kms, own, bucket_key])


CONTROL = Control(
    id="ENC-04",
    title="Every bucket encrypts with a key of our own",
    severity=Severity.HIGH,
    why="The key decides who reads, besides the bucket's policy; with AWS's own key nobody can withdraw it or see its use.",
    fix="add s3.BucketServerSideEncryptionConfiguration(bucket=..., rules=[aws:kms with kms_master_key_id, bucket_key_enabled=True])",
    clauses=clauses(gdpr="32", lgpd="46", soc2="PI1.4", iso27001="5.33 8.24", pci="3.5.1 3.6.1"),
    governs=(BUCKET, ENCRYPTION),
    check=check,
)
