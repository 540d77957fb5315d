"""Databases with and without a public address."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

INSTANCE = "aws:rds/instance:Instance"
CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance"

CAUGHT = [
    Mutation("the database is public", lambda draft: draft.one(INSTANCE, "database-primary").set("publiclyAccessible", True)),
    Mutation("a replica is public, in text", lambda draft: draft.one(INSTANCE, "database-replica-a").set("publiclyAccessible", "true")),
    Mutation(
        "a cluster's instance leaves it to AWS", lambda draft: draft.add(CLUSTER_INSTANCE, "another", {"engine": "aurora-postgresql"})
    ),
]
SPARED = [
    Mutation("the switch is left out", lambda draft: draft.one(INSTANCE, "database-primary").drop("publiclyAccessible")),
    Mutation("a cluster's instance is private", lambda draft: draft.add(CLUSTER_INSTANCE, "another", {"publiclyAccessible": False})),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-01", mutation)
