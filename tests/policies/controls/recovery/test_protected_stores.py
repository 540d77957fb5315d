"""Stores that a change of code would replace."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

BUCKET, KEY = "aws:s3/bucket:Bucket", "aws:kms/key:Key"
FUNCTION = "aws:lambda/function:Function"

CAUGHT = [
    Mutation("a bucket is not protected", lambda draft: draft.one(BUCKET, "files-bucket").replace(protect=False)),
    Mutation("another key is not protected", lambda draft: draft.add(KEY, "another", {}, protect=False)),
]
SPARED = [
    Mutation("a function is not protected", lambda draft: draft.add(FUNCTION, "another", {}, protect=False)),
    Mutation("another key is protected", lambda draft: draft.add(KEY, "another", {}, protect=True)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("BCK-07", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("BCK-07", mutation)
