"""Keys that open in one country what lies in another."""

from typing import Any

import pytest

from policies.catalogue import catalogue
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Mutation, catches, lets_pass, lone, resource

KEY, REPLICA_KEY, ALIAS = "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/alias:Alias"
INSTANCE, BUCKET, QUEUE = "aws:rds/instance:Instance", "aws:s3/bucket:Bucket", "aws:sqs/queue:Queue"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
FUNCTION, OBJECT = "aws:lambda/function:Function", "aws:s3/bucketObjectv2:BucketObjectv2"
RULE = "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId"
PERSONAL, OPERATIONAL = {"data-class": "personal"}, {"data-class": "operational"}
FAR = "arn:aws:kms:us-east-1:123456789012:key/1"
OF_GERMANY = "arn:aws:kms:eu-central-1:123456789012:euc1-keys-personal-key"


def copied(tags: dict[str, str], primary: str) -> Any:
    return lambda draft: draft.add(REPLICA_KEY, "copy", {"primaryKeyArn": primary, "tags": tags}, provider_region="eu-west-1")


def key_of(name: str) -> str:
    return f"arn:aws:kms:eu-west-1:123456789012:keys-{name}-key"


CAUGHT = [
    Mutation("a key of personal data is one for the world", lambda draft: draft.one(KEY, "keys-personal-key").set("multiRegion", True)),
    Mutation(
        "a key of no class is one for the world",
        lambda draft: draft.add(KEY, "another", {"multiRegion": True}, provider_region="eu-west-1"),
    ),
    Mutation("a key of personal data is copied", copied(PERSONAL, key_of("personal"))),
    Mutation("a copy of a key hides what it is of", copied(OPERATIONAL, key_of("personal"))),
    Mutation("a copy of a key hides what it is for", copied({}, key_of("operational"))),
    Mutation("a database has a key of the United States", lambda draft: draft.one(INSTANCE, "database-primary").set("kmsKeyId", FAR)),
    Mutation(
        "its insights have a key of another region",
        lambda draft: draft.one(INSTANCE, "database-primary").set("performanceInsightsKmsKeyId", OF_GERMANY),
    ),
    Mutation("a bucket has a key of another region", lambda draft: draft.one(ENCRYPTION, "files-encryption").set(RULE, OF_GERMANY)),
    Mutation(
        "a queue of no class has a key of another region",
        lambda draft: draft.add(QUEUE, "another", {"kmsMasterKeyId": FAR}, provider_region="eu-west-1"),
    ),
    Mutation(
        "an object has a key of another region",
        lambda draft: draft.add(OBJECT, "another", {"kmsKeyId": FAR, "tags": PERSONAL}, provider_region="eu-west-1"),
    ),
    Mutation(
        "a function has a key of another region",
        lambda draft: draft.add(FUNCTION, "another", {"kmsKeyArn": FAR, "tags": PERSONAL}, provider_region="eu-west-1"),
    ),
]
SPARED = [
    Mutation(
        "a key of operational data is one for the world", lambda draft: draft.one(KEY, "keys-operational-key").set("multiRegion", True)
    ),
    Mutation("it is copied", copied(OPERATIONAL, key_of("operational"))),
    Mutation(
        "a key of public data is one for the world",
        lambda draft: draft.add(KEY, "another", {"multiRegion": True, "tags": {"data-class": "public"}}, provider_region="eu-west-1"),
    ),
    Mutation(
        "a database names a key of another stack by its alias",
        lambda draft: draft.one(INSTANCE, "database-primary").set("kmsKeyId", "alias/elsewhere"),
    ),
    Mutation(
        "operational messages have a key of another region",
        lambda draft: draft.add(QUEUE, "another", {"kmsMasterKeyId": FAR, "tags": OPERATIONAL}, provider_region="eu-west-1"),
    ),
    Mutation(
        "a database names its key by its alias",
        lambda draft: draft.one(INSTANCE, "database-primary").set("kmsKeyId", "alias/morefocus-prod-euw1-personal"),
    ),
    Mutation(
        "a database names a key of another stack in its region",
        lambda draft: draft.one(INSTANCE, "database-primary").set("kmsKeyId", "arn:aws:kms:eu-west-1:123456789012:key/2"),
    ),
    Mutation("a key says that it is of one region", lambda draft: draft.one(KEY, "keys-personal-key").set("multiRegion", False)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RES-03", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RES-03", mutation)


def test_a_key_is_found_by_its_alias_and_one_that_is_not_known_yet_is_decided_later() -> None:
    key = resource(KEY, "k", keyId="1", tags=PERSONAL, region="eu-central-1")
    alias = resource(ALIAS, "a", name="alias/a", targetKeyId="1", region="eu-central-1")
    named = resource(QUEUE, "named", kmsMasterKeyId="alias/a", tags=PERSONAL, provider_region="eu-west-1")
    unknown = resource(QUEUE, "unknown", kmsMasterKeyId=UNKNOWN, tags=PERSONAL, provider_region="eu-west-1")
    placeless = resource(QUEUE, "placeless", kmsMasterKeyId="1", tags=PERSONAL, region=UNKNOWN)
    free = resource(KEY, "free", keyId="2", tags=OPERATIONAL)
    either = resource(
        REPLICA_KEY, "either", primaryKeyArn=UNKNOWN, tags=OPERATIONAL, property_dependencies={"primaryKeyArn": (key.urn, free.urn)}
    )
    plain = resource(QUEUE, "plain", tags=PERSONAL, provider_region="eu-west-1")
    found = {
        finding.urn: finding.verdict
        for finding in catalogue()["RES-03"].evaluate(lone(key, alias, free, either, named, unknown, placeless, plain))
    }
    assert found == {
        key.urn: Verdict.PASS,
        either.urn: Verdict.VIOLATION,
        named.urn: Verdict.VIOLATION,
        unknown.urn: Verdict.UNDECIDED,
        placeless.urn: Verdict.UNDECIDED,
    }
