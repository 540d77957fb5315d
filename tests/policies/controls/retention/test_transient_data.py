"""Data that passes through, and stays."""

from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Mutation, catches, lets_pass

TABLE, QUEUE, PLAN = "aws:dynamodb/table:Table", "aws:sqs/queue:Queue", "aws:backup/plan:Plan"
JOBS = "scheduling-jobs-queue"
FOR_EVER = {"name": "another"}


def tagged(data: str | None) -> dict[str, Any]:
    return FOR_EVER if data is None else {**FOR_EVER, "tags": {"data-class": data}}


CAUGHT = [
    Mutation("no item has an end", lambda draft: draft.one(TABLE).drop("ttl")),
    Mutation("ends are not heeded", lambda draft: draft.one(TABLE).set("ttl.enabled", False)),
    Mutation("nothing says where the end is", lambda draft: draft.one(TABLE).set("ttl.attributeName", "")),
    Mutation("another table of personal data has no end", lambda draft: draft.add(TABLE, "another", tagged("personal"))),
    Mutation("a table of credentials has none", lambda draft: draft.add(TABLE, "another", tagged("credentials"))),
    Mutation("a table that says no class has none", lambda draft: draft.add(TABLE, "another", tagged(None))),
    Mutation("a table whose class is not known yet has none", lambda draft: draft.add(TABLE, "another", {"tags": UNKNOWN})),
    Mutation("messages stay for a month", lambda draft: draft.one(QUEUE, JOBS).set("messageRetentionSeconds", 30 * 86_400)),
    Mutation(
        "messages of no class stay for a month",
        lambda draft: draft.add(QUEUE, "another", {**tagged(None), "messageRetentionSeconds": 14 * 86_400 + 1}),
    ),
    Mutation("daily backups have no end", lambda draft: draft.one(PLAN).drop("rules.2.lifecycle.deleteAfter")),
    Mutation("monthly backups are kept for two years", lambda draft: draft.one(PLAN).set("rules.3.lifecycle.deleteAfter", 730)),
    Mutation("backups are kept for no time that is one", lambda draft: draft.one(PLAN).set("rules.3.lifecycle.deleteAfter", 0)),
    Mutation("copies of backups have no end", lambda draft: draft.one(PLAN).drop("rules.1.copyActions.1.lifecycle")),
]
SPARED = [
    Mutation("a table of operational data has no end", lambda draft: draft.add(TABLE, "another", tagged("operational"))),
    Mutation("messages stay for two weeks", lambda draft: draft.one(QUEUE, JOBS).set("messageRetentionSeconds", 14 * 86_400)),
    Mutation("a queue leaves it to AWS, which keeps four days", lambda draft: draft.one(QUEUE, JOBS).drop("messageRetentionSeconds")),
    Mutation(
        "operational messages are another matter",
        lambda draft: draft.add(QUEUE, "another", {**tagged("operational"), "messageRetentionSeconds": 30 * 86_400}),
    ),
    Mutation("monthly backups are kept for a quarter", lambda draft: draft.one(PLAN).set("rules.3.lifecycle.deleteAfter", 120)),
    Mutation("daily backups are kept for a day", lambda draft: draft.one(PLAN).set("rules.2.lifecycle.deleteAfter", 1)),
    Mutation("daily backups are kept for a year", lambda draft: draft.one(PLAN).set("rules.2.lifecycle.deleteAfter", 365)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RET-05", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RET-05", mutation)
