"""Buckets whose objects anybody's key opens."""

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, lets_pass

BUCKET = "aws:s3/bucket:Bucket"
OLD_BUCKET = "aws:s3/bucketV2:BucketV2"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
OLD_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
RULE = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "arn:aws:kms:x"}, "bucketKeyEnabled": True}


def old(draft: Draft) -> None:
    draft.add(OLD_BUCKET, "another", {"bucket": "another"})
    draft.add(OLD_ENCRYPTION, "another", {"bucket": "another", "rules": [RULE]})


CAUGHT = [
    Mutation("nothing is said of encryption", lambda draft: draft.remove(ENCRYPTION, "files-encryption")),
    Mutation(
        "files are encrypted with S3's key",
        lambda draft: draft.one(ENCRYPTION, "files-encryption").set(
            "rules.0.applyServerSideEncryptionByDefault", {"sseAlgorithm": "AES256"}
        ),
    ),
    Mutation(
        "files are encrypted with AWS's KMS key",
        lambda draft: draft.one(ENCRYPTION, "files-encryption").drop("rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId"),
    ),
    Mutation(
        "every object asks for its key", lambda draft: draft.one(ENCRYPTION, "files-encryption").set("rules.0.bucketKeyEnabled", False)
    ),
    Mutation("a bucket of the old type has none", lambda draft: draft.add(OLD_BUCKET, "another", {"bucket": "another"})),
]
SPARED = [
    Mutation(
        "the key is not known yet",
        lambda draft: draft.one(ENCRYPTION, "files-encryption").set("rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId", UNKNOWN),
    ),
    Mutation("a bucket of the old type is encrypted by a resource of the old type", old),
    Mutation(
        "a bucket is encrypted inline",
        lambda draft: draft.add(BUCKET, "another", {"bucket": "another", "serverSideEncryptionConfiguration": {"rule": RULE}}),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("ENC-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("ENC-04", mutation)
