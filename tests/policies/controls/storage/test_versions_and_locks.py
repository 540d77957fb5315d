"""Buckets whose objects are gone once deleted."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"

CAUGHT = [
    Mutation("nothing is said of versions", lambda draft: draft.one(VERSIONING, "files-versioning").drop("versioningConfiguration.status")),
    Mutation("a bucket keeps no versions", lambda draft: draft.remove(VERSIONING, "files-versioning")),
    Mutation(
        "versions are suspended", lambda draft: draft.one(VERSIONING, "files-versioning").set("versioningConfiguration.status", "Suspended")
    ),
    Mutation("records can be deleted", lambda draft: draft.remove(LOCK, "audit-records-lock")),
    Mutation("backups are locked for no time", lambda draft: draft.one(LOCK, "backups-lock").drop("rule")),
]
SPARED = [
    Mutation(
        "records can be deleted by nobody at all",
        lambda draft: draft.one(LOCK, "audit-records-lock").set("rule.defaultRetention.mode", "COMPLIANCE"),
    ),
    Mutation(
        "a bucket keeps versions inline", lambda draft: draft.add(BUCKET, "another", {"bucket": "another", "versioning": {"enabled": True}})
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RET-03", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RET-03", mutation)
