"""Encryption, versions and locks of buckets against the emulated cloud."""

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from tests.kit.provider import Life, Workbench

BUCKET = "aws:s3/bucket:Bucket"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"


@pytest.fixture
def bucket(workbench: Workbench) -> Life:
    return workbench.made(BUCKET, logical="records", bucket="records")


def by_key(**more: object) -> list[dict[str, object]]:
    return [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}, **more}]


def test_encryption_lives_as_declared(workbench: Workbench, bucket: Life) -> None:
    declared = by_key(bucketKeyEnabled=True, blockedEncryptionTypes=["SSE-C"])
    life = workbench.made(ENCRYPTION, bucket=bucket.id, rules=declared)
    s3 = life.boto("s3")
    [rule] = s3.get_bucket_encryption(Bucket=bucket.id)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    assert rule["BucketKeyEnabled"]
    assert rule["BlockedEncryptionTypes"] == {"EncryptionType": ["SSE-C"]}
    assert life.refresh() == []

    plain = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]
    life.update(bucket=bucket.id, rules=plain)
    [rule] = s3.get_bucket_encryption(Bucket=bucket.id)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert life.refresh() == []
    assert life.imported()[0]["rules"] == [{**plain[0], "bucketKeyEnabled": False, "blockedEncryptionTypes": []}]

    s3.put_bucket_encryption(
        Bucket=bucket.id,
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]},
    )
    assert [change.path for change in life.refresh()] == ["rules[0].applyServerSideEncryptionByDefault.sseAlgorithm"]
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ([], "exactly one rule"),
        ([{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256", "kmsMasterKeyId": KEY}}], "goes with sseAlgorithm aws:kms"),
        ([{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "kms"}}], "aws:kms:dsse"),
        (by_key(blockedEncryptionTypes=["SSE-X"]), "SSE-C"),
    ],
)
def test_an_encryption_that_s3_would_refuse_is_refused(workbench: Workbench, rules: object, reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(ENCRYPTION).check(bucket="records", rules=rules)


def test_versioning_lives_as_declared(workbench: Workbench, bucket: Life) -> None:
    life = workbench.made(VERSIONING, bucket=bucket.id, versioningConfiguration={"status": "Enabled"})
    s3 = life.boto("s3")
    assert s3.get_bucket_versioning(Bucket=bucket.id)["Status"] == "Enabled"
    assert life.refresh() == []
    s3.put_bucket_versioning(Bucket=bucket.id, VersioningConfiguration={"Status": "Suspended"})
    assert [change.path for change in life.refresh()] == ["versioningConfiguration.status"]
    life.update(bucket=bucket.id, versioningConfiguration={"status": "Enabled"})
    assert life.imported()[0]["versioningConfiguration"] == {"status": "Enabled"}
    with pytest.raises(HandlerError, match="cannot go back to Disabled"):
        life.update(bucket=bucket.id, versioningConfiguration={"status": "Disabled"})
    life.delete()
    assert s3.get_bucket_versioning(Bucket=bucket.id)["Status"] == "Suspended"


def test_a_bucket_that_never_had_versions_can_be_declared_so(workbench: Workbench, bucket: Life) -> None:
    life = workbench.made(VERSIONING, bucket=bucket.id, versioningConfiguration={"status": "Disabled"})
    assert "Status" not in life.boto("s3").get_bucket_versioning(Bucket=bucket.id)
    assert life.refresh() == []


def test_a_version_status_that_s3_does_not_know_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="Enabled, Suspended"):
        workbench.life(VERSIONING).check(bucket="records", versioningConfiguration={"status": "On"})


def test_an_object_lock_lives_as_declared(workbench: Workbench) -> None:
    bucket = workbench.made(BUCKET, logical="locked", bucket="locked-records", objectLockEnabled=True)
    life = workbench.made(LOCK, bucket=bucket.id, rule={"defaultRetention": {"mode": "COMPLIANCE", "days": 365}})
    s3 = life.boto("s3")
    live = s3.get_object_lock_configuration(Bucket=bucket.id)["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert (live["Mode"], live["Days"]) == ("COMPLIANCE", 365)
    assert life.refresh() == []
    life.update(bucket=bucket.id, rule={"defaultRetention": {"mode": "GOVERNANCE", "years": 2}})
    live = s3.get_object_lock_configuration(Bucket=bucket.id)["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert (live["Mode"], live["Years"]) == ("GOVERNANCE", 2)
    assert life.refresh() == []
    assert life.imported()[0]["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "years": 2}}
    life.delete()
    lock = s3.get_object_lock_configuration(Bucket=bucket.id)["ObjectLockConfiguration"]
    assert "Rule" not in lock


def test_the_versions_of_a_locked_bucket_outlive_their_declaration(workbench: Workbench) -> None:
    bucket = workbench.made(BUCKET, logical="locked", bucket="locked-records", objectLockEnabled=True)
    life = workbench.made(VERSIONING, bucket=bucket.id, versioningConfiguration={"status": "Enabled"})
    life.delete()
    assert life.boto("s3").get_bucket_versioning(Bucket=bucket.id)["Status"] == "Enabled"


@pytest.mark.parametrize(
    "retention", [{"mode": "COMPLIANCE"}, {"mode": "COMPLIANCE", "days": 1, "years": 1}, {"mode": "STRICT", "days": 1}]
)
def test_a_retention_that_s3_would_refuse_is_refused(workbench: Workbench, retention: dict[str, object]) -> None:
    with pytest.raises(InvalidInputs, match=r"either days or years|COMPLIANCE, GOVERNANCE|GOVERNANCE, COMPLIANCE"):
        workbench.life(LOCK).check(bucket="records", rule={"defaultRetention": retention})
