"""Snapshots of states are encrypted, locked and whole; against the emulated cloud."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from scripts.state.bucket import BucketError
from scripts.state.snapshot import StateError, check, save
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Workbench

BUCKET = "estate-backups"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def state(**secret: str) -> str:
    resource = {
        "urn": "urn:pulumi:eu-west-1::morefocus::aws:s3/bucket:Bucket::files",
        "outputs": {"password": {SIGNATURE: SECRET, **secret}},
    }
    return json.dumps({"version": 3, "deployment": {"resources": [resource]}})


def bucket(cloud: EmulatedCloud, *, lock: bool = True, key: str | None = KEY) -> Any:
    s3 = cloud.boto("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}, ObjectLockEnabledForBucket=lock)
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key} if key else {"SSEAlgorithm": "AES256"}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]})
    return s3


def test_a_snapshot_is_encrypted_by_the_buckets_key_and_locked(workbench: Workbench, emulated_cloud: EmulatedCloud) -> None:
    s3 = bucket(emulated_cloud)
    made = save(s3, "eu-west-1", state(ciphertext="v1:abc"), BUCKET, days=30, now=NOW)
    assert made.key == "state/eu-west-1/2030-01-02T030405Z.json"
    live = s3.get_object(Bucket=BUCKET, Key=made.key, VersionId=made.version)
    body = live["Body"].read()
    assert body == state(ciphertext="v1:abc").encode()
    assert (live["ServerSideEncryption"], live["SSEKMSKeyId"], live["ObjectLockMode"]) == ("aws:kms", KEY, "GOVERNANCE")
    assert (live["ObjectLockRetainUntilDate"] - NOW).days == 30
    assert live["Metadata"] == {"stack": "eu-west-1", "sha256": hashlib.sha256(body).hexdigest(), "resources": "1"}


def test_a_locked_snapshot_cannot_be_deleted(workbench: Workbench, emulated_cloud: EmulatedCloud) -> None:
    s3 = bucket(emulated_cloud)
    made = save(s3, "eu-west-1", state(ciphertext="v1:abc"), BUCKET, days=30, now=NOW)
    with pytest.raises(Exception, match=r"Access Denied|AccessDenied"):
        s3.delete_object(Bucket=BUCKET, Key=made.key, VersionId=made.version)


@pytest.mark.parametrize(("options", "message"), [({"lock": False}, "keeps no versions"), ({"key": None}, "encrypted without a KMS key")])
def test_a_bucket_that_cannot_keep_it_is_refused(
    workbench: Workbench, emulated_cloud: EmulatedCloud, options: dict[str, Any], message: str
) -> None:
    s3 = bucket(emulated_cloud, **options)
    with pytest.raises(BucketError, match=message):
        save(s3, "eu-west-1", state(ciphertext="v1:abc"), BUCKET, days=30, now=NOW)
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)


@pytest.mark.parametrize(
    ("exported", "message"),
    [
        (state(plaintext='"open"'), "without --show-secrets"),
        (json.dumps({"deployment": {"resources": []}}), "holds no resources"),
        (json.dumps({"version": 3}), "is no state"),
        ("error: no stack", "is no state"),
    ],
)
def test_what_is_no_state_or_an_open_one_is_refused(exported: str, message: str) -> None:
    with pytest.raises(StateError, match=message):
        check(exported)
