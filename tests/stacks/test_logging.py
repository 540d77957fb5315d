"""Each region is recorded once, in itself; whatever holds personal data is watched; every log is encrypted and ends."""

import json

import pytest

from stacks.logging import RECORDS
from tests.kit.composed import shipped_graph

TRAIL = "aws:cloudtrail/trail:Trail"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
PRODUCTION = ("us-east-1", "eu-west-1", "sa-east-1")


@pytest.mark.parametrize("stack", PRODUCTION)
def test_each_region_has_one_trail_that_stays_in_it(stack: str) -> None:
    inputs = shipped_graph(stack).one(TRAIL).inputs
    assert inputs["isMultiRegionTrail"] is False
    assert inputs["includeGlobalServiceEvents"] is (stack == "us-east-1"), "AWS records global services in us-east-1"
    assert inputs["s3BucketName"].endswith(RECORDS)


def test_a_stack_that_shares_its_region_with_production_is_recorded_there() -> None:
    assert not shipped_graph("staging").of_type(TRAIL)


@pytest.mark.parametrize("stack", PRODUCTION)
def test_every_bucket_of_personal_data_is_watched(stack: str) -> None:
    graph = shipped_graph(stack)
    selectors = graph.one(TRAIL).inputs["advancedEventSelectors"]
    watched = {
        prefix
        for selector in selectors
        for field in selector["fieldSelectors"]
        if field["field"] == "resources.ARN"
        for prefix in field["startsWiths"]
    }
    prefix = "morefocus-prod-" + {"us-east-1": "use1", "eu-west-1": "euw1", "sa-east-1": "sae1"}[stack]
    personal = {
        f"arn:aws:s3:::{bucket.inputs['bucket']}/"
        for bucket in graph.of_type("aws:s3/bucket:Bucket")
        # Copies stand in other regions, under the prefix of both.
        if bucket.inputs["tags"]["data-class"] == "personal" and bucket.inputs["tags"]["region"] == stack
    }
    assert personal and not [arn for arn in personal if not arn.startswith(tuple(watched))], prefix


@pytest.mark.parametrize("stack", PRODUCTION)
def test_the_records_cannot_be_changed_while_they_are_kept(stack: str) -> None:
    graph = shipped_graph(stack)
    [bucket] = [each for each in graph.of_type("aws:s3/bucket:Bucket") if each.inputs["bucket"].endswith(RECORDS)]
    assert bucket.inputs["objectLockEnabled"] is True and bucket.protect
    [lock] = [each for each in graph.of_type("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration") if RECORDS in each.name]
    assert lock.inputs["rule"]["defaultRetention"] == {"mode": "GOVERNANCE", "days": 365}
    [policy] = [each for each in graph.of_type("aws:s3/bucketPolicy:BucketPolicy") if RECORDS in each.name]
    assert "cloudtrail.amazonaws.com" in json.dumps(policy.inputs["policy"])


@pytest.mark.parametrize("stack", PRODUCTION)
def test_every_alarm_of_the_region_tells_somebody(stack: str) -> None:
    silent = [alarm.name for alarm in shipped_graph(stack).of_type(ALARM) if not alarm.inputs.get("alarmActions")]
    assert not silent


@pytest.mark.parametrize("stack", [*PRODUCTION, "staging"])
def test_every_log_group_is_encrypted_and_ends(stack: str) -> None:
    groups = shipped_graph(stack).of_type(GROUP)
    assert groups
    assert not [group.name for group in groups if not group.inputs.get("kmsKeyId") or not group.inputs.get("retentionInDays")]
