"""Trails that miss something, or can be changed."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

TRAIL = "aws:cloudtrail/trail:Trail"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"

MANAGEMENT = {"field": "eventCategory", "equals": ["Management"]}


def older(*selectors: Any) -> Callable[[Draft], None]:
    """Return a change to selectors of the old kind."""
    return lambda draft: draft.one(TRAIL).properties.update(advancedEventSelectors=[], eventSelectors=list(selectors))


def fields(*found: Any) -> Callable[[Draft], None]:
    """Return a change to one selector with these fields."""
    return lambda draft: draft.one(TRAIL).set("advancedEventSelectors", [{"fieldSelectors": list(found)}])


CAUGHT = [
    Mutation("there is no trail", lambda draft: draft.remove(TRAIL)),
    Mutation("the trail is off", lambda draft: draft.one(TRAIL).set("enableLogging", False)),
    Mutation("its files are not validated", lambda draft: draft.one(TRAIL).drop("enableLogFileValidation")),
    Mutation("it has no key of ours", lambda draft: draft.one(TRAIL).drop("kmsKeyId")),
    Mutation("no alarm can see it", lambda draft: draft.one(TRAIL).drop("cloudWatchLogsGroupArn")),
    Mutation("its bucket can be emptied", lambda draft: draft.remove(LOCK, "audit-records-lock")),
    Mutation("no selector has every change", lambda draft: draft.one(TRAIL).drop("advancedEventSelectors.1")),
    Mutation("management is left out", older({"includeManagementEvents": False})),
    Mutation("reads alone are recorded, as of old", older({"readWriteType": "ReadOnly"})),
    Mutation("the service of keys is left out, as of old", older({"excludeManagementEventSources": ["kms.amazonaws.com"]})),
    Mutation("reads alone are recorded", fields(MANAGEMENT, {"field": "readOnly", "equals": ["true"]})),
    Mutation("which calls are recorded is not said", fields(MANAGEMENT, {"field": "readOnly"})),
    Mutation("what is recorded is not said", fields({"field": "eventCategory"})),
    Mutation("data alone is recorded", fields({"field": "eventCategory", "equals": ["Data"]})),
    Mutation("nothing is selected", fields()),
]
SPARED = [
    Mutation("logging is left on", lambda draft: draft.one(TRAIL).drop("enableLogging")),
    Mutation("it has a selector of the old kind", older({"readWriteType": "All"})),
    Mutation(
        "one of two selectors has every change",
        older({"readWriteType": "ReadOnly"}, {"readWriteType": "WriteOnly", "includeManagementEvents": True}),
    ),
    Mutation("it has a selector that leaves the rest to AWS", older({"includeManagementEvents": True})),
    Mutation("it has no selector", older()),
    Mutation("all management is recorded", fields(MANAGEMENT)),
    Mutation("its log group is not known yet", lambda draft: draft.one(TRAIL).set("cloudWatchLogsGroupArn", UNKNOWN)),
    Mutation("it covers all regions", lambda draft: draft.one(TRAIL).set("isMultiRegionTrail", True)),
    Mutation("its bucket is another stack's", lambda draft: draft.one(TRAIL).set("s3BucketName", "records-of-the-organization")),
]
OPEN = [
    Mutation(
        "its selectors are not known yet", lambda draft: draft.one(TRAIL).set("advancedEventSelectors", [{"fieldSelectors": UNKNOWN}])
    ),
    Mutation("whether it logs is not known yet", lambda draft: draft.one(TRAIL).set("enableLogging", UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("LOG-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("LOG-01", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("LOG-01", mutation)
