"""Clusters whose secrets lie in clear in their store."""

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Mutation, catches, lets_pass

CLUSTER = "aws:eks/cluster:Cluster"

CAUGHT = [
    Mutation("nothing is said of secrets", lambda draft: draft.one(CLUSTER).drop("encryptionConfig")),
    Mutation("something else is encrypted", lambda draft: draft.one(CLUSTER).set("encryptionConfig.resources", [])),
]
SPARED = [
    Mutation("the key is not known yet", lambda draft: draft.one(CLUSTER).set("encryptionConfig.provider.keyArn", UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("ENC-08", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("ENC-08", mutation)
