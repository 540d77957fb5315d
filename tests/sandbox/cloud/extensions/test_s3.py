"""S3 of the emulated cloud, as any client sees it."""

import json
from typing import Any

import pytest

from tests.kit.cloud import EmulatedCloud


@pytest.fixture
def s3(emulated_cloud: EmulatedCloud) -> Any:
    emulated_cloud.reset()
    client = emulated_cloud.boto("s3", "us-east-1")
    for name in ("records", "logs"):
        client.create_bucket(Bucket=name)
    return client


def allow(s3: Any, **statement: Any) -> None:
    writer = {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject"}
    document = {"Version": "2012-10-17", "Statement": [writer | {"Resource": "arn:aws:s3:::logs/*"} | statement]}
    s3.put_bucket_policy(Bucket="logs", Policy=json.dumps(document))


def log(s3: Any, prefix: str = "records/") -> None:
    s3.put_bucket_logging(Bucket="records", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": prefix}})


@pytest.mark.parametrize(
    "statement",
    [
        {},
        {"Action": ["s3:GetObject", "s3:Put*"]},
        {"Resource": ["arn:aws:s3:::logs/records/*"]},
        {"Principal": {"Service": ["delivery.logs.amazonaws.com", "logging.s3.amazonaws.com"]}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}},
    ],
)
def test_a_policy_in_any_spelling_lets_s3_write_logs(s3: Any, statement: dict[str, Any]) -> None:
    allow(s3, **statement)
    log(s3)
    assert s3.get_bucket_logging(Bucket="records")["LoggingEnabled"]["TargetBucket"] == "logs"


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny"},
        {"Action": "s3:GetObject"},
        {"Resource": "arn:aws:s3:::logs/other/*"},
        {"Principal": {"Service": "delivery.logs.amazonaws.com"}},
        {"Principal": "*"},
    ],
)
def test_logs_are_not_written_where_the_policy_does_not_let_s3(s3: Any, statement: dict[str, Any]) -> None:
    allow(s3, **statement)
    with pytest.raises(Exception, match="InvalidTargetBucketForLogging"):
        log(s3)


def test_a_setting_is_forgotten_when_it_is_removed(s3: Any) -> None:
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"ObjectSizeGreaterThan": 1024}, "Expiration": {"Days": 30}}
    s3.put_bucket_lifecycle_configuration(Bucket="records", LifecycleConfiguration={"Rules": [rule]})
    assert s3.get_bucket_lifecycle_configuration(Bucket="records")["Rules"] == [rule]
    s3.delete_bucket_lifecycle(Bucket="records")
    with pytest.raises(Exception, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket="records")


def test_a_refused_setting_leaves_the_one_before(s3: Any) -> None:
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
    s3.put_bucket_lifecycle_configuration(Bucket="records", LifecycleConfiguration={"Rules": [rule]})
    wrong = rule | {"Expiration": {"Days": 30, "ExpiredObjectDeleteMarker": True}}
    with pytest.raises(Exception, match="MalformedXML"):
        s3.put_bucket_lifecycle_configuration(Bucket="records", LifecycleConfiguration={"Rules": [wrong]})
    assert s3.get_bucket_lifecycle_configuration(Bucket="records")["Rules"] == [rule]


def test_each_bucket_has_its_own_archive_tiers(s3: Any) -> None:
    wanted = {"Id": "archive", "Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}
    s3.put_bucket_intelligent_tiering_configuration(Bucket="records", Id="archive", IntelligentTieringConfiguration=wanted)
    assert s3.get_bucket_intelligent_tiering_configuration(Bucket="records", Id="archive")["IntelligentTieringConfiguration"] == wanted
    with pytest.raises(Exception, match="NoSuchConfiguration"):
        s3.get_bucket_intelligent_tiering_configuration(Bucket="logs", Id="archive")
    assert s3.list_bucket_intelligent_tiering_configurations(Bucket="logs").get("IntelligentTieringConfigurationList", []) == []
