"""Caches that are open, on disk or on the wire."""

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, lets_pass

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"


def token(draft: Draft) -> None:
    cache = draft.one(CACHE, "cache-cluster")
    cache.drop("userGroupIds")
    cache.set("authToken", UNKNOWN)


CAUGHT = [
    Mutation("the cache lies in clear", lambda draft: draft.one(CACHE, "cache-cluster").set("atRestEncryptionEnabled", False)),
    Mutation("it is encrypted with AWS's key", lambda draft: draft.one(CACHE, "cache-cluster").drop("kmsKeyId")),
    Mutation("it takes connections in clear", lambda draft: draft.one(CACHE, "cache-cluster").set("transitEncryptionEnabled", False)),
    Mutation("it prefers TLS only", lambda draft: draft.one(CACHE, "cache-cluster").set("transitEncryptionMode", "preferred")),
    Mutation("it knows no users", lambda draft: draft.one(CACHE, "cache-cluster").drop("userGroupIds")),
]
SPARED = [
    Mutation("the mode is left out", lambda draft: draft.one(CACHE, "cache-cluster").drop("transitEncryptionMode")),
    Mutation("it has a token for users", token),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("ENC-03", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("ENC-03", mutation)
