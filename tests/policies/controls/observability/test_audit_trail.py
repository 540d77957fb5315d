"""Trails that miss something, or can be changed."""

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Mutation, catches, lets_pass

TRAIL = "aws:cloudtrail/trail:Trail"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"

CAUGHT = [
    Mutation("there is no trail", lambda draft: draft.remove(TRAIL)),
    Mutation("the trail is off", lambda draft: draft.one(TRAIL).set("enableLogging", False)),
    Mutation("its files are not validated", lambda draft: draft.one(TRAIL).drop("enableLogFileValidation")),
    Mutation("it has no key of ours", lambda draft: draft.one(TRAIL).drop("kmsKeyId")),
    Mutation("no alarm can see it", lambda draft: draft.one(TRAIL).drop("cloudWatchLogsGroupArn")),
    Mutation("its bucket can be emptied", lambda draft: draft.remove(LOCK, "audit-records-lock")),
    Mutation("no selector has every change", lambda draft: draft.one(TRAIL).drop("advancedEventSelectors.1")),
    Mutation(
        "management is left out",
        lambda draft: draft.one(TRAIL).properties.update(advancedEventSelectors=[], eventSelectors=[{"includeManagementEvents": False}]),
    ),
]
SPARED = [
    Mutation("its log group is not known yet", lambda draft: draft.one(TRAIL).set("cloudWatchLogsGroupArn", UNKNOWN)),
    Mutation("it covers all regions", lambda draft: draft.one(TRAIL).set("isMultiRegionTrail", True)),
    Mutation("its bucket is another stack's", lambda draft: draft.one(TRAIL).set("s3BucketName", "records-of-the-organization")),
    Mutation(
        "it has selectors of the old kind",
        lambda draft: draft.one(TRAIL).properties.update(advancedEventSelectors=[], eventSelectors=[{"readWriteType": "All"}]),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("LOG-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("LOG-01", mutation)
