"""The bucket for states, made against the emulated cloud."""

from typing import Any

import pytest

from scripts.state.bucket import BucketError, bootstrap, key_of
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Workbench

BUCKET = "estate-states"


def clients(cloud: EmulatedCloud, region: str = "us-east-1") -> tuple[Any, Any]:
    return cloud.boto("s3", region), cloud.boto("kms", region)


def test_the_bucket_is_private_versioned_encrypted_by_a_key_that_rotates_and_speaks_tls_only(
    workbench: Workbench, emulated_cloud: EmulatedCloud
) -> None:
    s3, kms = clients(emulated_cloud)
    key = bootstrap(s3, kms, BUCKET, "us-east-1")
    assert key_of(s3, BUCKET) == key
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())
    assert "aws:SecureTransport" in s3.get_bucket_policy(Bucket=BUCKET)["Policy"]


def test_a_second_run_mends_what_is_missing_and_makes_no_second_key(workbench: Workbench, emulated_cloud: EmulatedCloud) -> None:
    s3, kms = clients(emulated_cloud, "eu-west-1")
    key = bootstrap(s3, kms, BUCKET, "eu-west-1")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    assert bootstrap(s3, kms, BUCKET, "eu-west-1") == key
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"


def test_a_bucket_in_another_region_is_told(workbench: Workbench, emulated_cloud: EmulatedCloud) -> None:
    s3, kms = clients(emulated_cloud, "eu-west-1")
    bootstrap(s3, kms, BUCKET, "eu-west-1")
    with pytest.raises(BucketError, match="is in eu-west-1, not in us-east-1"):
        bootstrap(*clients(emulated_cloud), BUCKET, "us-east-1")
