"""Replication of buckets against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench

BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
ROLE = "arn:aws:iam::123456789012:role/replication"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000"


@pytest.fixture
def bucket(workbench: Workbench) -> Life:
    source = workbench.made(BUCKET, logical="records", bucket="records")
    workbench.made(VERSIONING, logical="records", bucket="records", versioningConfiguration={"status": "Enabled"})
    workbench.made(BUCKET, logical="copies", bucket="copies", region="eu-central-1")
    return source


def rule(name: str = "everything", priority: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": name,
        "priority": priority,
        "status": "Enabled",
        "filter": {"prefix": ""},
        "deleteMarkerReplication": {"status": "Enabled"},
        "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
        "destination": {
            "bucket": "arn:aws:s3:::copies",
            "storageClass": "STANDARD_IA",
            "encryptionConfiguration": {"replicaKmsKeyId": KEY},
            "replicationTime": {"status": "Enabled", "time": {"minutes": 15}},
            "metrics": {"status": "Enabled", "eventThreshold": {"minutes": 15}},
        },
    } | changes


def test_a_replication_lives_as_declared(workbench: Workbench, bucket: Life) -> None:
    second = rule("tagged", 2, filter={"and": {"prefix": "a/", "tags": {"kept": "yes", "of": "bookings"}}})
    life = workbench.made(REPLICATION, bucket="records", role=ROLE, rules=[rule(), second])
    s3 = life.boto("s3")
    live = s3.get_bucket_replication(Bucket="records")["ReplicationConfiguration"]
    assert live["Role"] == ROLE
    first, tagged = live["Rules"]
    assert first["Destination"] == {
        "Bucket": "arn:aws:s3:::copies",
        "StorageClass": "STANDARD_IA",
        "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY},
        "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
        "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
    }
    assert first["SourceSelectionCriteria"] == {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
    assert first["DeleteMarkerReplication"] == {"Status": "Enabled"}
    assert tagged["Filter"]["And"]["Tags"] == [{"Key": "kept", "Value": "yes"}, {"Key": "of", "Value": "bookings"}]
    assert life.refresh() == []
    assert life.imported()[0]["rules"][0] == rule()

    life.update(bucket="records", role=ROLE, rules=[rule(status="Disabled")])
    [only] = s3.get_bucket_replication(Bucket="records")["ReplicationConfiguration"]["Rules"]
    assert only["Status"] == "Disabled"
    assert life.refresh() == []
    assert life.replaced_by(bucket="other", role=ROLE, rules=[rule()]) == {"bucket"}
    life.delete()
    assert life.gone()


def test_a_change_by_another_hand_is_seen(workbench: Workbench, bucket: Life) -> None:
    life = workbench.made(REPLICATION, bucket="records", role=ROLE, rules=[rule()])
    s3 = life.boto("s3")
    configuration = s3.get_bucket_replication(Bucket="records")["ReplicationConfiguration"]
    configuration["Rules"][0]["Status"] = "Disabled"
    s3.put_bucket_replication(Bucket="records", ReplicationConfiguration=configuration)
    assert [change.path for change in life.refresh()] == ["rules[0].status"]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([rule(), rule("again")], "priority each"),
        ([{key: value for key, value in rule().items() if key != "deleteMarkerReplication"}], "must say it"),
        ([rule(destination={"bucket": "arn:aws:s3:::copies"})], "need the key"),
    ],
)
def test_what_s3_refuses_is_refused(workbench: Workbench, rules: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(InvalidInputs, match=message):
        workbench.life(REPLICATION).check(bucket="records", role=ROLE, rules=rules)


def test_a_preview_waits_for_what_is_not_known_yet(workbench: Workbench) -> None:
    unknown = rule(destination={"bucket": UNKNOWN, "encryptionConfiguration": {"replicaKmsKeyId": UNKNOWN}})
    assert workbench.life(REPLICATION).preview(bucket=UNKNOWN, role=UNKNOWN, rules=[unknown])["rules"][0]["id"] == "everything"
