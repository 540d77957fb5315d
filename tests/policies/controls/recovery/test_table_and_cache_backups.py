"""Tables and caches without a way back."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

TABLE, REPLICA = "aws:dynamodb/table:Table", "aws:dynamodb/tableReplica:TableReplica"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"

CAUGHT = [
    Mutation("the table has no way back", lambda draft: draft.one(TABLE).set("pointInTimeRecovery.enabled", False)),
    Mutation("nothing is said of a way back", lambda draft: draft.one(TABLE).drop("pointInTimeRecovery")),
    Mutation("the table can be deleted", lambda draft: draft.one(TABLE).set("deletionProtectionEnabled", False)),
    Mutation("a replica can be deleted", lambda draft: draft.one(REPLICA).drop("deletionProtectionEnabled")),
    Mutation("a cache keeps no snapshot", lambda draft: draft.one(CACHE, "cache-cluster").set("snapshotRetentionLimit", 0)),
]
SPARED = [
    Mutation("the way back is a week long", lambda draft: draft.one(TABLE).set("pointInTimeRecovery.recoveryPeriodInDays", 7)),
    Mutation("a cache keeps one snapshot", lambda draft: draft.one(CACHE, "cache-cluster").set("snapshotRetentionLimit", 1)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("BCK-05", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("BCK-05", mutation)
