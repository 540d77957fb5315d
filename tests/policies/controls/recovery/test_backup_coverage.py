"""Stores that no plan backs up."""

from typing import Any

import pytest

from policies.catalogue import catalogue
from policies.controls.recovery._coverage import conditions_hold, picks
from policies.values import UNKNOWN, Answer
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource, violations

BUCKET, INSTANCE, TABLE = "aws:s3/bucket:Bucket", "aws:rds/instance:Instance", "aws:dynamodb/table:Table"
FILES, VOLUME, CLUSTER = "aws:efs/fileSystem:FileSystem", "aws:ebs/volume:Volume", "aws:rds/cluster:Cluster"
SELECTION, SETTINGS = "aws:backup/selection:Selection", "aws:backup/regionSettings:RegionSettings"
COPIES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
PICKED = {"backup": "six-hourly", "environment": "production"}
HERE: dict[str, Any] = {"provider_region": "eu-west-1"}


def added(type_: str, name: str = "another", **given: Any) -> Any:
    return lambda draft: draft.add(type_, name, given, **HERE)


def opted(kind: str, value: Any) -> Any:
    return lambda draft: draft.one(SETTINGS).set(f"resourceTypeOptInPreference.{kind}", value)


def replicated(draft: Draft) -> None:
    draft.add(BUCKET, "far", {"bucket": "far", "tags": {"data-class": "personal"}}, **HERE)
    draft.one(COPIES, "files-replication-rules").properties["rules"].append({"destination": {"bucket": "arn:aws:s3:::far"}})


def all_of_a_kind(draft: Draft) -> None:
    draft.add(SELECTION, "more", {"resources": ["arn:aws:dynamodb:*:*:table/*"]}, **HERE)
    draft.add(TABLE, "another", {"arn": "arn:aws:dynamodb:eu-west-1:1:table/another"}, **HERE)


CAUGHT = [
    Mutation("nothing picks stores", lambda draft: draft.remove(SELECTION)),
    Mutation(
        "a tag is misspelt where stores are picked", lambda draft: draft.one(SELECTION).set("conditions.0.stringEquals.0.value", "hourly")
    ),
    Mutation(
        "a selection picks nothing",
        added(SELECTION, resources=["*"], conditions=[{"stringEquals": [{"key": "aws:ResourceTag/x", "value": "y"}]}]),
    ),
    Mutation("files are not backed up", lambda draft: draft.one(BUCKET, "files-bucket").set("tags.backup", "none")),
    Mutation("a database is not backed up", lambda draft: draft.one(INSTANCE, "database-primary").drop("tags.backup")),
    Mutation("a table says that it is staging's", lambda draft: draft.one(TABLE).set("tags.environment", "staging")),
    Mutation(
        "a file system is left out",
        lambda draft: draft.one(SELECTION).set("notResources", ["arn:aws:efs:eu-west-1:123456789012:shared-files-files"]),
    ),
    Mutation("another table of nothing known is not backed up", added(TABLE)),
    Mutation("another cluster is not backed up", added(CLUSTER, tags={"data-class": "operational"})),
    Mutation("a volume of credentials is not backed up", added(VOLUME, tags={"data-class": "credentials"})),
    Mutation("a bucket calls itself a backup", added(BUCKET, bucket="backups-2", tags={"data-class": "personal"})),
    Mutation("backups can be deleted", lambda draft: draft.remove(LOCK, "backups-lock")),
    Mutation("backups are locked for no time", lambda draft: draft.one(LOCK, "backups-lock").drop("rule")),
    Mutation("backups are locked for none", lambda draft: draft.one(LOCK, "backups-lock").set("rule.defaultRetention.days", 0)),
    Mutation("backups lie in one region", lambda draft: draft.remove(COPIES, "backups-replication-rules")),
    Mutation("a store is picked in another region only", lambda draft: draft.one(SELECTION).set("region", "sa-east-1")),
    Mutation("AWS Backup may not back up buckets", opted("S3", False)),
    Mutation("nothing is said of tables", lambda draft: draft.one(SETTINGS).drop("resourceTypeOptInPreference.DynamoDB")),
]


def nothing_is_replicated(draft: Draft) -> None:
    for replication in draft.all(COPIES):
        draft.gone.add(replication.resource.urn)
    for bucket in draft.all(BUCKET):
        if bucket.resource.name[:5] in ("euc1-", "sae1-"):
            draft.gone.add(bucket.resource.urn)


SPARED = [
    Mutation("a region that keeps no copies elsewhere locks its backups", nothing_is_replicated),
    Mutation("another table is picked", added(TABLE, tags=PICKED)),
    Mutation("another table is picked by its kind", all_of_a_kind),
    Mutation("public data is made anew", added(BUCKET, tags={"data-class": "public"})),
    Mutation("logs are kept by their bucket", added(BUCKET, tags={"data-class": "logs"})),
    Mutation("a replica is backed up with its primary", lambda draft: draft.one(INSTANCE, "database-replica-a").drop("tags.backup")),
    Mutation("a replica of a cluster is", added(CLUSTER, replicationSourceIdentifier="arn:main", tags={"data-class": "personal"})),
    Mutation("a bucket gets the copies of one that is backed up", replicated),
    Mutation("nothing is said of what is not there", lambda draft: draft.one(SETTINGS).drop("resourceTypeOptInPreference.Aurora")),
    Mutation(
        "staging's backups lie in one region",
        lambda draft: draft.one(LOCK, "backups-lock").set("rule.defaultRetention.days", 1),
        stack="staging",
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("BCK-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("BCK-02", mutation)


def test_a_plan_picks_as_aws_backup_does() -> None:
    """Patterns and listed tags each pick, conditions all have to hold, and what is left out is left out."""
    store = resource(TABLE, arn="arn:aws:dynamodb:eu-west-1:1:table/t", tags={"backup": "yes", "tier": "gold"}, **HERE)

    def picked(store_: Any = store, /, **given: Any) -> Answer:
        return picks(resource(SELECTION, **HERE, **given), store_)

    yes, no = [{"key": "backup", "value": "yes"}], [{"key": "backup", "value": "no"}]
    assert picked() is True
    assert picked(resources=["arn:aws:dynamodb:*:*:table/*"]) is True and picked(resources=["arn:aws:rds:*"]) is False
    assert picked(selectionTags=[*no, *yes]) is True and picked(selectionTags=no) is False
    assert picked(resources=["arn:aws:rds:*"], selectionTags=yes) is True
    assert picked(notResources=["*"]) is False and picked(notResources=["arn:aws:rds:*"]) is True
    assert picked(conditions=[{"stringEquals": [*yes, {"key": "tier", "value": "gold"}]}]) is True
    assert picked(conditions=[{"stringEquals": [*yes, {"key": "tier", "value": "tin"}]}]) is False
    assert picked(conditions=[{"stringLike": [{"key": "tier", "value": "g*"}]}]) is True
    assert picked(conditions=[{"stringEquals": [{"key": "tier", "value": "g*"}]}]) is False
    assert picked(conditions=[{"stringLike": [{"key": "tier", "value": "t*"}]}]) is False
    assert picked(conditions=[{"stringLike": [{"key": "absent", "value": "*"}]}]) is False
    assert picked(conditions=[{"stringNotEquals": [{"key": "tier", "value": "g*"}]}]) is True
    assert picked(resources=["arn:aws:rds:*", "arn:aws:dynamodb:*"]) is True
    assert picked(selectionTags=[{"key": "tier", "value": "g*"}]) is False
    assert picked(notResources=["arn:aws:rds:*", "arn:aws:dynamodb:*"]) is False
    assert picked(conditions=[{"stringEquals": [{"key": UNKNOWN, "value": "yes"}]}]) is None
    assert picked(resource(TABLE, arn=UNKNOWN, **HERE), resources=["arn:*"]) is None
    assert picks(resource(SELECTION, region=UNKNOWN), store) is None
    assert picked(conditions=[{"stringNotEquals": yes}]) is False and picked(conditions=[{"stringNotEquals": no}]) is True
    assert picked(conditions=[{"stringNotLike": [{"key": "tier", "value": "g*"}]}]) is False
    assert picked(conditions=[{"stringNotEquals": [{"key": "absent", "value": "x"}]}]) is True
    assert picked(conditions=UNKNOWN) is None and picked(resources=[UNKNOWN]) is None
    assert picked(conditions=[{"stringEquals": [{"key": "tier", "value": UNKNOWN}]}]) is None
    assert picked(resource(TABLE, tags=UNKNOWN, **HERE), conditions=[{"stringEquals": yes}]) is None
    assert picked(resource(TABLE, tags={"backup": UNKNOWN}, **HERE), conditions=[{"stringEquals": yes}]) is None
    assert picked(resource(TABLE, **HERE), resources=["arn:*"]) is None
    assert picked(resource(TABLE, region=UNKNOWN)) is None
    assert conditions_hold([], store) is True


@pytest.mark.parametrize(
    "type_",
    [
        *(BUCKET, INSTANCE, TABLE, FILES, VOLUME, CLUSTER),
        *("aws:docdb/cluster:Cluster", "aws:neptune/cluster:Cluster"),
    ],
)
def test_every_kind_of_store_needs_a_backup_until_a_tag_says_otherwise(type_: str) -> None:
    assert violations("BCK-02", lone(resource(type_, **HERE)))
    assert not violations("BCK-02", lone(resource(type_, tags={"data-class": "logs"}, **HERE)))


def test_what_is_not_known_yet_is_decided_later() -> None:
    store = resource(TABLE, tags=UNKNOWN, **HERE)
    chosen = resource(SELECTION, conditions=[{"stringEquals": [{"key": "aws:ResourceTag/backup", "value": "yes"}]}], **HERE)
    assert {finding.verdict for finding in catalogue()["BCK-02"].evaluate(lone(store, chosen))} == {Verdict.UNDECIDED}
