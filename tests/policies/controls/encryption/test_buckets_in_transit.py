"""Buckets that answer in clear."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.kit.policies import Draft, Mutation, catches, lets_pass

POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def read(draft: Draft) -> Any:
    return json.loads(draft.one(POLICY, "files-policy").properties["policy"])


def edit(draft: Draft, change: Callable[[Any], object]) -> None:
    policy = read(draft)
    change(policy)
    draft.one(POLICY, "files-policy").set("policy", json.dumps(policy))


CAUGHT = [
    Mutation("a bucket has no policy", lambda draft: draft.remove(POLICY, "files-policy")),
    Mutation("requests in clear are allowed", lambda draft: edit(draft, lambda policy: policy["Statement"].pop(0))),
    Mutation("old TLS is allowed", lambda draft: edit(draft, lambda policy: policy["Statement"].pop(1))),
    Mutation(
        "only reading in clear is denied", lambda draft: edit(draft, lambda policy: policy["Statement"][0].update(Action="s3:GetObject"))
    ),
    Mutation(
        "requests in clear are denied to some",
        lambda draft: edit(draft, lambda policy: policy["Statement"][0].update(Principal={"AWS": "arn:aws:iam::123456789012:root"})),
    ),
    Mutation(
        "requests in clear are denied where something else holds as well",
        lambda draft: edit(draft, lambda policy: policy["Statement"][0]["Condition"].update(Null={"aws:SourceVpc": "true"})),
    ),
]
SPARED = [
    Mutation("the policy is an object", lambda draft: draft.one(POLICY, "files-policy").set("policy", read(draft))),
    Mutation("actions are a list", lambda draft: edit(draft, lambda policy: policy["Statement"][0].update(Action=["s3:*"]))),
    Mutation("everyone is written short", lambda draft: edit(draft, lambda policy: policy["Statement"][0].update(Principal="*"))),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("ENC-05", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("ENC-05", mutation)
