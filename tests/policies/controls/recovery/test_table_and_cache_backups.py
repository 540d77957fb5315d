"""Tables and caches without a way back."""

from typing import Any

import pytest

from policies.catalogue import catalogue
from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, lets_pass, shipped, violations

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


@pytest.mark.parametrize(
    ("type_", "wrong", "right"),
    [
        (TABLE, {"pointInTimeRecovery": None}, {"pointInTimeRecovery": {"enabled": True}}),
        (
            TABLE,
            {"pointInTimeRecovery": {"enabled": False, "recoveryPeriodInDays": 7}},
            {"pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 7}},
        ),
        (REPLICA, {"pointInTimeRecovery": False}, {"pointInTimeRecovery": True}),
        (CACHE, {"snapshotRetentionLimit": 0}, {"snapshotRetentionLimit": 1}),
        (CACHE, {"snapshotRetentionLimit": None}, {"snapshotRetentionLimit": 1}),
    ],
    ids=["a table", "a table with days", "a replica", "a cache", "a silent cache"],
)
def test_a_remedy_mends_what_the_control_finds_and_nothing_else(type_: str, wrong: dict[str, Any], right: dict[str, Any]) -> None:
    draft = Draft(shipped("eu-west-1"))
    store, remedy = draft.one(type_).properties, catalogue()["BCK-05"].remedies[type_]
    store.update(wrong)
    assert violations("BCK-05", draft.graph())
    assert remedy(store) == right
    store.update(remedy(store))
    assert not violations("BCK-05", draft.graph()) and not remedy(store), "once is enough"


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        (TABLE, {"pointInTimeRecovery": UNKNOWN}),
        (TABLE, {"pointInTimeRecovery": {"enabled": UNKNOWN}}),
        (TABLE, {"pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 1}, "deletionProtectionEnabled": False}),
        (REPLICA, {"pointInTimeRecovery": UNKNOWN}),
        (CACHE, {"snapshotRetentionLimit": UNKNOWN}),
        (CACHE, {"snapshotRetentionLimit": 1}),
    ],
)
def test_a_remedy_leaves_alone_what_is_right_what_is_not_known_and_what_people_decide(type_: str, given: dict[str, Any]) -> None:
    assert not catalogue()["BCK-05"].remedies[type_](given)
