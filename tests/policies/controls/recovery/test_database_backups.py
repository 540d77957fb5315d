"""Databases that cannot be had back."""

import pytest

from policies.controls.recovery.database_backups import remedy
from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, lets_pass, shipped, violations

INSTANCE = "aws:rds/instance:Instance"


def unnamed(draft: Draft) -> None:
    database = draft.one(INSTANCE, "database-primary")
    database.drop("skipFinalSnapshot")
    database.drop("finalSnapshotIdentifier")


CAUGHT = [
    Mutation("a week of backups is kept", lambda draft: draft.one(INSTANCE, "database-primary").set("backupRetentionPeriod", 7)),
    Mutation("nothing is backed up", lambda draft: draft.one(INSTANCE, "database-primary").drop("backupRetentionPeriod")),
    Mutation("snapshots have no tags", lambda draft: draft.one(INSTANCE, "database-primary").set("copyTagsToSnapshot", False)),
    Mutation("no last snapshot is made", lambda draft: draft.one(INSTANCE, "database-primary").set("skipFinalSnapshot", True)),
    Mutation("the last snapshot has no name", lambda draft: draft.one(INSTANCE, "database-primary").drop("finalSnapshotIdentifier")),
    Mutation("a standby keeps a week", lambda draft: draft.one(INSTANCE, "standby-replica").set("backupRetentionPeriod", 7)),
    Mutation("it can be deleted", lambda draft: draft.one(INSTANCE, "database-primary").set("deletionProtection", False)),
]
SPARED = [
    Mutation("35 days are kept", lambda draft: draft.one(INSTANCE, "database-primary").set("backupRetentionPeriod", 35)),
    Mutation("a replica leaves backups to its primary", lambda draft: draft.one(INSTANCE, "standby-replica").drop("backupRetentionPeriod")),
    Mutation("the last snapshot is left to AWS, which then refuses to delete", unnamed),
    Mutation("staging keeps a day", lambda draft: draft.one(INSTANCE, "database-primary").set("backupRetentionPeriod", 1), stack="staging"),
    Mutation(
        "staging may go",
        lambda draft: draft.one(INSTANCE, "database-primary").properties.update(deletionProtection=False, tags={"environment": "staging"}),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("BCK-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("BCK-01", mutation)


@pytest.mark.parametrize("wrong", [{"copyTagsToSnapshot": False}, {}], ids=["off", "left out"])
def test_the_remedy_mends_what_the_control_finds_and_nothing_else(wrong: dict[str, bool]) -> None:
    draft = Draft(shipped("eu-west-1"))
    database = draft.one(INSTANCE, "database-primary").properties
    del database["copyTagsToSnapshot"]
    database.update(wrong)
    assert violations("BCK-01", draft.graph())
    assert remedy(database) == {"copyTagsToSnapshot": True}
    database.update(remedy(database))
    assert not violations("BCK-01", draft.graph()) and not remedy(database), "once is enough"


def test_the_remedy_leaves_alone_what_is_right_what_is_not_known_and_what_people_decide() -> None:
    assert not remedy({"copyTagsToSnapshot": "true", "backupRetentionPeriod": 1, "deletionProtection": False})
    assert not remedy({"copyTagsToSnapshot": UNKNOWN})
