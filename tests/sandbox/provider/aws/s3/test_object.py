"""Objects of a program against the emulated cloud."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_SIGNATURE = "4dabf18193072939515e22adb298388d"


@pytest.fixture
def bucket(workbench: Workbench) -> dict[str, str]:
    s3 = workbench.life(OBJECT).boto("s3")
    s3.create_bucket(Bucket="releases", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="releases", VersioningConfiguration={"Status": "Enabled"})
    return {"bucket": "releases", "key": "scheduling/1.zip"}


def live(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("s3").get_object(Bucket="releases", Key="scheduling/1.zip", ChecksumMode="ENABLED")
    return {**found, "Body": found["Body"].read()}


def test_an_object_lives_as_declared_until_its_last_version(workbench: Workbench, bucket: dict[str, str]) -> None:
    content = bytes(range(256))
    inputs = {**bucket, "contentType": "application/zip", "serverSideEncryption": "aws:kms", "kmsKeyId": KEY, "checksumAlgorithm": "SHA256"}
    life = workbench.life(OBJECT)
    assert life.preview(**inputs)["arn"] == "arn:aws:s3:::releases/scheduling/1.zip"
    life.create(**inputs, contentBase64=base64.b64encode(content).decode(), tags={"owner": "platform"})
    found = live(life)
    assert (found["Body"], found["ContentType"], found["SSEKMSKeyId"]) == (content, "application/zip", KEY)
    assert life.outputs["checksumSha256"] == base64.b64encode(hashlib.sha256(content).digest()).decode()
    tags = life.boto("s3").get_object_tagging(Bucket="releases", Key="scheduling/1.zip")["TagSet"]
    assert tags == [{"Key": "owner", "Value": "platform"}]
    assert life.refresh() == []
    first = life.outputs["versionId"]
    life.update(**inputs, contentBase64=base64.b64encode(content).decode(), tags={"owner": "security"})
    assert life.outputs["versionId"] == first, "tags alone make no new version"
    life.update(**inputs, content="text", tags={"owner": "security"})
    assert (live(life)["Body"], life.outputs["versionId"] != first) == (b"text", True)
    assert life.refresh() == []
    assert life.imported()[0]["contentType"] == "application/zip"
    assert life.replaced_by(**inputs | {"key": "scheduling/2.zip"}) == {"key"}
    life.delete()
    assert life.gone()
    versions = life.boto("s3").list_object_versions(Bucket="releases")
    assert not versions.get("Versions") and not versions.get("DeleteMarkers")


def test_the_content_of_a_file_is_compared_by_what_is_in_it(workbench: Workbench, bucket: dict[str, str], tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.zip", "b.zip", "c.zip")]
    for path, content in zip(paths, (b"same", b"same", b"other"), strict=True):
        path.write_bytes(content)
    assets = [{_SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "path": str(path)} for path in paths]
    life = workbench.made(OBJECT, **bucket, source=assets[0])
    assert live(life)["Body"] == b"same"
    assert life.diff(**bucket, source=assets[1]) == []
    assert life.diff(**bucket, source=assets[2]) != []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"content": "a", "contentBase64": "YQ=="}, "contentBase64"),
        ({"tags": {f"key-{number}": "" for number in range(11)}}, "tags"),
        ({"serverSideEncryption": "AES256", "kmsKeyId": KEY}, "kmsKeyId"),
        ({"checksumAlgorithm": "MD4"}, "checksumAlgorithm"),
    ],
)
def test_an_object_that_s3_would_refuse_is_refused(workbench: Workbench, change: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as error:
        workbench.life(OBJECT).check(bucket="releases", key="a", **change)
    assert path in {failure.path for failure in error.value.failures}
