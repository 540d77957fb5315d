"""Buckets that somebody could make public."""

import pytest

from tests.kit.policies import Draft, Mutation, catches, lets_pass

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"


def closed(draft: Draft) -> None:
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    draft.add(BUCKET, "another", {"bucket": "another"})
    draft.add(BLOCK, "another", {"bucket": "another"} | dict.fromkeys(switches, "true"))


CAUGHT = [
    Mutation("nobody owns what others write", lambda draft: draft.one(OWNERSHIP, "files-ownership").drop("rule.objectOwnership")),
    Mutation("a bucket has no block", lambda draft: draft.remove(BLOCK, "files-public-access")),
    Mutation(
        "a public policy would have an effect", lambda draft: draft.one(BLOCK, "files-public-access").set("restrictPublicBuckets", False)
    ),
    Mutation("a switch is left out", lambda draft: draft.one(BLOCK, "files-public-access").drop("blockPublicPolicy")),
    Mutation("a bucket has lists again", lambda draft: draft.one(OWNERSHIP, "files-ownership").set("rule.objectOwnership", "ObjectWriter")),
    Mutation("a bucket is public by its list", lambda draft: draft.one(BUCKET, "files-bucket").set("acl", "public-read")),
    Mutation("the account's block has a gap", lambda draft: draft.add(ACCOUNT, "account", {"blockPublicAcls": True})),
]
SPARED = [
    Mutation("nothing is said of lists", lambda draft: draft.remove(OWNERSHIP, "files-ownership")),
    Mutation("another bucket is closed in text", closed),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RET-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RET-01", mutation)
