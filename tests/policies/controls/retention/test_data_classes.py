"""Stores, keys and copies that say different things of the same data."""

from typing import Any

import pytest

from policies.catalogue import catalogue
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

BUCKET, KEY, QUEUE, SECRET = "aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:sqs/queue:Queue", "aws:secretsmanager/secret:Secret"
INSTANCE, REPLICA, VAULT = "aws:rds/instance:Instance", "aws:dynamodb/tableReplica:TableReplica", "aws:backup/vault:Vault"
TABLE, KEY_COPY, CLUSTER = "aws:dynamodb/table:Table", "aws:kms/replicaKey:ReplicaKey", "aws:rds/cluster:Cluster"
PLAN, SELECTION = "aws:backup/plan:Plan", "aws:backup/selection:Selection"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
CLASS = "tags.data-class"


def marked(type_: str, name: str, data: str) -> Any:
    return lambda draft: draft.one(type_, name).set(CLASS, data)


def other_key(type_: str, path: str, name: str = "", key: str = "operational") -> Any:
    return lambda draft: draft.one(type_, name).set(path, f"arn:aws:kms:eu-west-1:123456789012:keys-{key}-key")


def harmless(type_: str, name: str, *keys: str) -> Any:
    """Marked so, and without the key that would tell otherwise."""

    def change(draft: Draft) -> None:
        draft.one(type_, name).set(CLASS, "operational")
        for key in keys:
            draft.one(type_, name).drop(key)

    return change


def harmless_bucket(draft: Draft) -> None:
    draft.one(BUCKET, "euc1-files-bucket").set(CLASS, "operational")
    draft.remove(ENCRYPTION, "euc1-files-encryption")


def vault_of(data: str) -> Any:
    def change(draft: Draft) -> None:
        # With its key, so that the two agree.
        draft.one(VAULT, "recovery-points-vault").set(CLASS, data)
        draft.one(VAULT, "recovery-points-vault").set("kmsKeyArn", f"arn:aws:kms:eu-west-1:123456789012:keys-{data}-key")

    return change


def without_personal_stores(draft: Draft) -> None:
    vault_of("operational")(draft)
    draft.one(SELECTION).set("conditions.0.stringEquals.0.value", "nothing")


def cluster_copy(data: str) -> Any:
    def change(draft: Draft) -> None:
        draft.add(CLUSTER, "main", {"arn": "arn:main", "tags": {"data-class": "personal"}})
        draft.add(CLUSTER, "copy", {"replicationSourceIdentifier": "arn:main", "tags": {"data-class": data}})

    return change


def key_copy(data: str) -> Any:
    primary = "arn:aws:kms:eu-west-1:123456789012:keys-personal-key"
    return lambda draft: draft.add(KEY_COPY, "copy", {"primaryKeyArn": primary, "tags": {"data-class": data}})


CAUGHT = [
    Mutation("a bucket says nothing of what it holds", lambda draft: draft.one(BUCKET, "files-bucket").drop(CLASS)),
    Mutation("a queue holds what is no class", marked(QUEUE, "scheduling-jobs-queue", "private")),
    Mutation("a key serves no class", lambda draft: draft.one(KEY, "vault-seal-key").drop(CLASS)),
    Mutation("a bucket is marked harmless", marked(BUCKET, "files-bucket", "public")),
    Mutation("a database is under the key of something else", other_key(INSTANCE, "kmsKeyId", "database-primary")),
    Mutation("its insights are", other_key(INSTANCE, "performanceInsightsKmsKeyId", "database-primary")),
    Mutation("a secret is under the key of personal data", other_key(SECRET, "kmsKeyId", "datadog", "personal")),
    Mutation("a copy of a table is marked harmless", harmless(REPLICA, "euc1-scheduling-table-copy", "kmsKeyArn")),
    Mutation(
        "a replica of a database is marked harmless", harmless(INSTANCE, "database-replica-a", "kmsKeyId", "performanceInsightsKmsKeyId")
    ),
    Mutation("one copy of two of a bucket is marked harmless", harmless_bucket),
    Mutation("a copy of a cluster is marked harmless", cluster_copy("operational")),
    Mutation("a copy of a key is marked harmless", key_copy("operational")),
    Mutation("a vault of personal data is marked harmless", vault_of("operational")),
]
SPARED = [
    Mutation(
        "another queue has its own class and key",
        lambda draft: draft.add(
            QUEUE,
            "another",
            {"tags": {"data-class": "operational"}, "kmsMasterKeyId": "arn:aws:kms:eu-west-1:123456789012:keys-operational-key"},
        ),
    ),
    Mutation("a key of another stack is judged there", other_key(INSTANCE, "kmsKeyId", "database-primary", "unknown")),
    Mutation("a copy of a cluster holds the same", cluster_copy("personal")),
    Mutation("a copy of a key is for the same", key_copy("personal")),
    Mutation("a vault gets no personal data", without_personal_stores),
    Mutation("a vault that is not ours is another matter", lambda draft: draft.one(PLAN).set("rules.0.targetVaultName", "Default")),
    Mutation(
        "a bucket has a key of its own class by its alias",
        lambda draft: draft.one(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "files-encryption"
        ).set("rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId", "alias/morefocus-prod-euw1-personal"),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RET-06", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RET-06", mutation)


def test_what_is_not_known_yet_is_decided_later() -> None:
    key = resource(KEY, "k", arn="arn:k", tags=UNKNOWN)
    queue = resource(QUEUE, "q", kmsMasterKeyId="arn:k", tags={"data-class": "logs"})
    known = resource(KEY, "known", arn="arn:known", tags={"data-class": "logs"})
    unmarked = resource(QUEUE, "unmarked", kmsMasterKeyId="arn:known", tags=UNKNOWN)
    found = {finding.urn: finding.verdict for finding in catalogue()["RET-06"].evaluate(lone(key, queue, known, unmarked))}
    assert found == {**dict.fromkeys((key.urn, queue.urn, unmarked.urn), Verdict.UNDECIDED), known.urn: Verdict.PASS}
