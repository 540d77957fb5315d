"""Lifecycle and tiering of buckets against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench

BUCKET = "aws:s3/bucket:Bucket"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
TIERING = "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"


@pytest.fixture
def bucket(workbench: Workbench) -> Life:
    return workbench.made(BUCKET, logical="records", bucket="records")


TIDY = {
    "id": "tidy",
    "status": "Enabled",
    "filter": {"prefix": ""},
    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
    "noncurrentVersionExpiration": {"noncurrentDays": 90, "newerNoncurrentVersions": 3},
    "expiration": {"expiredObjectDeleteMarker": True},
}
TIER = {"id": "tier", "status": "Enabled", "transitions": [{"days": 0, "storageClass": "INTELLIGENT_TIERING"}]}
LOGS = {
    "id": "logs",
    "status": "Disabled",
    "filter": {"and": {"prefix": "logs/", "tags": {"a": "1", "b": "2"}, "objectSizeGreaterThan": 1024}},
    "transitions": [{"days": 30, "storageClass": "STANDARD_IA"}, {"days": 90, "storageClass": "GLACIER"}],
    "noncurrentVersionTransitions": [{"noncurrentDays": 30, "storageClass": "GLACIER"}],
    "expiration": {"days": 365},
}
OLD = {"id": "old", "status": "Enabled", "filter": {"tag": {"key": "old", "value": "yes"}}, "expiration": {"date": "2030-01-01T00:00:00Z"}}


def test_a_lifecycle_lives_as_declared(workbench: Workbench, bucket: Life) -> None:
    life = workbench.made(LIFECYCLE, bucket=bucket.id, rules=[TIDY, TIER, LOGS, OLD])
    s3 = life.boto("s3")
    tidy, tier, logs, old = s3.get_bucket_lifecycle_configuration(Bucket=bucket.id)["Rules"]
    assert tidy["Expiration"] == {"ExpiredObjectDeleteMarker": True}
    assert tidy["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90, "NewerNoncurrentVersions": 3}
    assert tidy["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert tier["Transitions"] == [{"Days": 0, "StorageClass": "INTELLIGENT_TIERING"}]
    assert (logs["Filter"]["And"]["Prefix"], logs["Filter"]["And"]["ObjectSizeGreaterThan"]) == ("logs/", 1024)
    assert [item["StorageClass"] for item in logs["Transitions"]] == ["STANDARD_IA", "GLACIER"]
    assert old["Filter"]["Tag"] == {"Key": "old", "Value": "yes"}
    assert life.refresh() == []

    life.update(bucket=bucket.id, rules=[TIER])
    [rule] = s3.get_bucket_lifecycle_configuration(Bucket=bucket.id)["Rules"]
    assert rule["ID"] == "tier"
    assert life.refresh() == []
    assert life.replaced_by(bucket="other", rules=[TIER]) == {"bucket"}
    life.delete()
    assert life.gone()


def test_drift_of_a_lifecycle_shows_on_refresh(workbench: Workbench, bucket: Life) -> None:
    life = workbench.made(LIFECYCLE, bucket=bucket.id, rules=[{**TIDY, "expiration": {"days": 30}}])
    rule = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 7}}
    rule |= {
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 90, "NewerNoncurrentVersions": 3},
    }
    life.boto("s3").put_bucket_lifecycle_configuration(Bucket=bucket.id, LifecycleConfiguration={"Rules": [rule]})
    assert [change.path for change in life.refresh()] == ["rules[0].expiration.days"]


def test_a_lifecycle_can_be_imported(workbench: Workbench, bucket: Life) -> None:
    life = workbench.made(LIFECYCLE, bucket=bucket.id, rules=[{**LOGS, "filter": {"and": {"prefix": "logs/", "tags": {"a": "1"}}}}])
    [rule] = life.imported()[0]["rules"]
    assert rule == {**LOGS, "filter": {"and": {"prefix": "logs/", "tags": {"a": "1"}}}}


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"transitions": [{"days": 7, "storageClass": "STANDARD_IA"}]}, "must be at least 30 for STANDARD_IA"),
        ({"transitions": [{"days": 90, "storageClass": "GLACIER"}], "expiration": {"days": 30}}, "later than the transition after 90 days"),
        ({"expiration": {"days": 30, "expiredObjectDeleteMarker": True}}, "stands alone"),
        ({"transitions": [{"days": 30, "storageClass": "COLD"}]}, "GLACIER"),
        ({"status": "On", "expiration": {"days": 1}}, "Enabled, Disabled"),
    ],
)
def test_a_rule_that_s3_would_refuse_is_refused(workbench: Workbench, rule: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(LIFECYCLE).check(bucket="records", rules=[{"id": "wrong", "status": "Enabled", **rule}])


def test_two_rules_of_one_id_are_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="two rules have the id 'tier'"):
        workbench.life(LIFECYCLE).check(bucket="records", rules=[TIER, TIER])


def test_archive_tiers_live_as_declared(workbench: Workbench, bucket: Life) -> None:
    tierings = [{"accessTier": "ARCHIVE_ACCESS", "days": 125}, {"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 180}]
    old = {"prefix": "old/", "tags": {"a": "1"}}
    life = workbench.made(TIERING, bucket=bucket.id, name="archive", tierings=tierings, filter=old)
    assert life.id == "records:archive"
    s3 = life.boto("s3")
    [live] = s3.list_bucket_intelligent_tiering_configurations(Bucket=bucket.id)["IntelligentTieringConfigurationList"]
    assert live["Tierings"] == [{"AccessTier": "ARCHIVE_ACCESS", "Days": 125}, {"AccessTier": "DEEP_ARCHIVE_ACCESS", "Days": 180}]
    assert life.refresh() == []
    assert life.diff(bucket=bucket.id, name="archive", tierings=tierings[::-1], filter=old) == []
    life.update(bucket=bucket.id, name="archive", tierings=tierings[:1], filter={"tags": {"a": "1"}})
    assert life.refresh() == []
    assert life.imported()[0]["filter"] == {"tags": {"a": "1"}}
    assert life.replaced_by(bucket=bucket.id, name="other", tierings=tierings[:1]) == {"name"}
    wrong = {"Id": "archive", "Status": "Disabled", "Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": 90}]}
    s3.put_bucket_intelligent_tiering_configuration(Bucket=bucket.id, Id="archive", IntelligentTieringConfiguration=wrong)
    assert {change.path.split("[")[0].split(".")[0] for change in life.refresh()} == {"status", "tierings", "filter"}
    life.delete()
    assert life.gone()


def test_archive_tiers_of_a_bucket_yet_to_be_made_are_checked_too(workbench: Workbench) -> None:
    life = workbench.life(TIERING)
    tierings = [{"accessTier": "ARCHIVE_ACCESS", "days": 125}]
    promised = life.preview(bucket=UNKNOWN, name="archive", tierings=tierings)
    assert promised["tierings"] == tierings
    with pytest.raises(InvalidInputs, match="90 to 730"):
        life.preview(bucket=UNKNOWN, name="archive", tierings=[{"accessTier": "ARCHIVE_ACCESS", "days": 30}])
    with pytest.raises(InvalidInputs, match="ARCHIVE_ACCESS"):
        life.preview(bucket=UNKNOWN, name="archive", tierings=[{"accessTier": "COLD", "days": 90}])
