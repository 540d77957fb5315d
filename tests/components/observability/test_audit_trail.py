"""The trail: what it records, how it is kept, and who may write where."""

from typing import Any

import pytest

from components._base import document
from components.observability.audit_trail import AuditTrail, AuditTrailArgs, selectors, trail_arn, trail_statements
from components.security.key_policy import key_policy
from config.vocabulary import DataClass
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

FILES = "arn:aws:s3:::morefocus-prod-use1-files"
RECORDS = "arn:aws:s3:::morefocus-prod-use1-audit-records"
TRAIL = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/morefocus-prod-use1-audit-trail"
SERVICE = "cloudtrail.amazonaws.com"


def _graph(**more: Any) -> Graph:
    args = AuditTrailArgs(bucket="records", key_arn="key", watched_buckets=[FILES], global_events=True, **more)
    return record(lambda: AuditTrail("audit-trail", a_context(), args))


def _recorded(event: dict[str, str]) -> bool:
    """Whether any selector records the event; a selector wants all of its fields."""
    wanted: list[dict[str, Any]] = [dict(each) for each in selectors([FILES])]
    return any(all(_fits(event.get(field["field"], ""), field) for field in each["field_selectors"]) for each in wanted)


def _fits(value: str, field: dict[str, Any]) -> bool:
    return (
        value in field.get("equals", [value])
        and value not in field.get("not_equals", [])
        and value.startswith(tuple(field.get("starts_withs", [""])))
    )


def test_all_management_calls_are_recorded_but_the_mere_use_of_keys() -> None:
    management = {"eventCategory": "Management"}
    assert _recorded({**management, "eventSource": "ec2.amazonaws.com", "readOnly": "true"})
    assert _recorded({**management, "eventSource": "iam.amazonaws.com", "readOnly": "false"})
    assert _recorded({**management, "eventSource": "kms.amazonaws.com", "readOnly": "false"}), "ScheduleKeyDeletion is a write"
    assert not _recorded({**management, "eventSource": "kms.amazonaws.com", "readOnly": "true"}), "Decrypt is no write"


def test_every_access_to_personal_data_is_recorded_and_to_other_objects_not() -> None:
    data = {"eventCategory": "Data", "resources.type": "AWS::S3::Object"}
    assert _recorded({**data, "resources.ARN": f"{FILES}/a/b.pdf", "readOnly": "true"})
    assert not _recorded({**data, "resources.ARN": f"{FILES}-public/a.js", "readOnly": "true"})
    assert not _recorded({**data, "resources.ARN": f"{RECORDS}/AWSLogs/x", "readOnly": "false"})


def test_the_trail_is_validated_encrypted_and_stays_in_its_region() -> None:
    inputs = _graph().one("aws:cloudtrail/trail:Trail").inputs
    assert (inputs["enableLogFileValidation"], inputs["enableLogging"], inputs["isMultiRegionTrail"]) == (True, True, False)
    assert (inputs["includeGlobalServiceEvents"], inputs["kmsKeyId"]) == (True, "key")
    assert inputs["cloudWatchLogsGroupArn"].endswith(":*")
    assert trail_arn(a_context(), "audit-trail") == TRAIL
    assert inputs["name"] == TRAIL.rpartition("/")[2]


def test_its_log_group_is_encrypted_and_kept_for_a_year() -> None:
    inputs = _graph().one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert (inputs["kmsKeyId"], inputs["retentionInDays"]) == ("key", 365)


def test_insights_are_bought_only_on_request() -> None:
    assert not _graph().one("aws:cloudtrail/trail:Trail").inputs.get("insightSelectors")
    asked = _graph(insights=True).one("aws:cloudtrail/trail:Trail").inputs["insightSelectors"]
    assert {each["insightType"] for each in asked} == {"ApiCallRateInsight", "ApiErrorRateInsight"}


def test_only_this_trail_writes_records_and_only_under_this_account() -> None:
    policy = document(*trail_statements(a_context(), "audit-trail", RECORDS))
    assert isinstance(policy, str)

    def may(action: str, resource: str, source: str = TRAIL) -> bool:
        facts = {"aws:SourceArn": source, "s3:x-amz-acl": "bucket-owner-full-control"}
        return allowed(policy, Request(action=action, resource=resource, principal=SERVICE, context=facts))

    assert may("s3:GetBucketAcl", RECORDS)
    assert may("s3:PutObject", f"{RECORDS}/AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/x.json.gz")
    assert not may("s3:PutObject", f"{RECORDS}/AWSLogs/999999999999/x.json.gz")
    assert not may("s3:PutObject", f"{RECORDS}/AWSLogs/{ACCOUNT}/x", TRAIL.replace(ACCOUNT, "999999999999"))
    assert not may("s3:DeleteObject", f"{RECORDS}/AWSLogs/{ACCOUNT}/x")


def test_the_key_of_logs_encrypts_for_trails_of_this_account_alone() -> None:
    policy = key_policy(a_context(), DataClass.LOGS)
    assert isinstance(policy, str)
    for arn, expected in ((TRAIL, True), (TRAIL.replace(ACCOUNT, "999999999999"), False)):
        facts = {"aws:SourceArn": arn, "kms:EncryptionContext:aws:cloudtrail:arn": arn}
        request = Request(action="kms:GenerateDataKey", resource="*", principal=SERVICE, context=facts)
        assert allowed(policy, request) is expected


@pytest.mark.parametrize("arn", ["morefocus-prod-use1-files", f"{FILES}/"])
def test_what_is_no_bucket_is_refused(arn: str) -> None:
    with pytest.raises(ValueError, match="watched_buckets must be ARNs of buckets"):
        AuditTrailArgs(bucket="b", key_arn="k", watched_buckets=[arn], global_events=False)


@pytest.mark.parametrize("arn", ["morefocus-", "arn:aws:s3:::", "arn:aws:s3:::morefocus", "arn:aws:s3:::morefocus/"])
def test_a_family_of_buckets_begins_alike_and_ends_where_their_names_differ(arn: str) -> None:
    with pytest.raises(ValueError, match="watched_families must be what ARNs of buckets begin with"):
        AuditTrailArgs(bucket="b", key_arn="k", watched_buckets=[], watched_families=[arn], global_events=False)


def test_buckets_of_a_family_are_watched_without_being_named() -> None:
    wanted: list[dict[str, Any]] = [dict(each) for each in selectors([FILES], ["arn:aws:s3:::prefix-tenant-"])]
    (objects,) = [each for each in wanted if each["name"] == "Objects with personal data"]
    assert objects["field_selectors"][-1] == {"field": "resources.ARN", "starts_withs": [f"{FILES}/", "arn:aws:s3:::prefix-tenant-"]}


def test_every_read_and_write_of_a_table_with_personal_data_is_recorded() -> None:
    table = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/bookings"
    wanted: list[dict[str, Any]] = [dict(each) for each in selectors([FILES], (), [table])]
    (found,) = [each for each in wanted if each["name"] == "Tables with personal data"]
    event = {"eventCategory": "Data", "resources.type": "AWS::DynamoDB::Table", "resources.ARN": table}
    assert all(_fits(event[field["field"]], field) for field in found["field_selectors"])
    assert not [each for each in selectors([FILES]) if each["name"] == "Tables with personal data"]
