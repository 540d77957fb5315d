"""Logs that are gone when they are needed, or never."""

from typing import Any

import pytest

from policies.controls.retention.log_groups import remedy
from policies.values import UNKNOWN
from tests.kit.policies import Mutation, catches, lets_pass

LOG_GROUP, KEY = "aws:cloudwatch/logGroup:LogGroup", "aws:kms/key:Key"
TRAIL = "audit-trail-group"


def kept(days: Any, **tags: str) -> Any:
    def change(draft: Any) -> None:
        group = draft.one(LOG_GROUP, TRAIL)
        group.set("retentionInDays", days)
        group.properties["tags"].update({key.replace("_", "-"): value for key, value in tags.items()})

    return change


CAUGHT = [
    Mutation("the trail is gone after a month", kept(30)),
    Mutation("the trail is kept for ever", lambda draft: draft.one(LOG_GROUP, TRAIL).drop("retentionInDays")),
    Mutation("the trail is kept for ever, by a number", kept(0)),
    Mutation("logs that name persons are kept for two years", kept(731)),
    Mutation("personal data is logged for a month", kept(30, data_class="personal")),
    Mutation("staging keeps logs for ever", kept(0, environment="staging")),
    Mutation("operational logs are kept for ever", kept(0, data_class="operational")),
    Mutation("logs have AWS's key", lambda draft: draft.one(LOG_GROUP, TRAIL).drop("kmsKeyId")),
    Mutation("logs have a key of AWS by its name", lambda draft: draft.one(LOG_GROUP, TRAIL).set("kmsKeyId", "alias/aws/logs")),
]
SPARED = [
    Mutation("logs are kept for a month more than a year", kept(400)),
    Mutation("staging keeps logs for a week", kept(7, environment="staging")),
    Mutation("operational logs are kept for a week", kept(7, data_class="operational")),
    Mutation("public logs are kept for a day", kept(1, data_class="public")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RET-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RET-04", mutation)


@pytest.mark.parametrize(
    ("given", "changes"),
    [
        ({"name": "g"}, {"retentionInDays": 365}),
        ({"retentionInDays": 0, "tags": {"environment": "production"}}, {"retentionInDays": 365}),
        ({"retentionInDays": 30, "tags": {"data-class": "logs"}}, {"retentionInDays": 365}),
        ({"retentionInDays": 365}, {}),
        ({"retentionInDays": 731}, {}),
        ({"retentionInDays": UNKNOWN}, {}),
        ({"retentionInDays": 30, "tags": {"environment": "staging"}}, {}),
        ({"retentionInDays": 30, "tags": {"data-class": "operational"}}, {}),
        ({"retentionInDays": 30, "tags": UNKNOWN}, {}),
    ],
)
def test_the_remedy_gives_a_year_and_takes_none_away(given: dict[str, Any], changes: dict[str, Any]) -> None:
    assert remedy(given) == changes
    assert remedy({**given, **changes}) == {}, "once is enough"
