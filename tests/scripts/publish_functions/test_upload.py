"""A bundle is uploaded once, and never in the place of another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from components.serverless.bundle import bundled, sha256
from components.serverless.release import Release, ReleaseArgs
from scripts.publish_functions import __main__ as publish
from scripts.publish_functions.upload import OtherContentError, upload
from tests.kit.cloud import EmulatedCloud
from tests.kit.contexts import a_context
from tests.kit.recorder import record

BUCKET = "morefocus-prod-use1-releases"
FILES = {"bookings/handler.mjs": b"export const handle = () => 1;\n", "shared/log.mjs": b"\n"}


@pytest.fixture
def s3(emulated_cloud: EmulatedCloud) -> Iterator[Any]:
    client = emulated_cloud.boto("s3", "us-east-1")
    client.create_bucket(Bucket=BUCKET)
    yield client
    for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=each["Key"])
    client.delete_bucket(Bucket=BUCKET)


def test_a_bundle_is_there_once_however_often_it_is_uploaded(s3: Any) -> None:
    content = bundled(FILES)
    first = upload(s3, BUCKET, "scheduling/1.zip", content)
    assert (first.uploaded, first.sha256) == (True, sha256(content))
    assert s3.get_object(Bucket=BUCKET, Key="scheduling/1.zip")["Body"].read() == content
    before = s3.head_object(Bucket=BUCKET, Key="scheduling/1.zip")["LastModified"]
    assert not upload(s3, BUCKET, "scheduling/1.zip", content).uploaded
    assert s3.head_object(Bucket=BUCKET, Key="scheduling/1.zip")["LastModified"] == before


def test_another_bundle_under_the_same_key_is_refused_and_the_first_one_stays(s3: Any) -> None:
    content = bundled(FILES)
    upload(s3, BUCKET, "scheduling/1.zip", content)
    with pytest.raises(OtherContentError, match=f"holds another bundle, of hash {sha256(content)}"):
        upload(s3, BUCKET, "scheduling/1.zip", bundled({**FILES, "shared/log.mjs": b"other\n"}))
    assert s3.get_object(Bucket=BUCKET, Key="scheduling/1.zip")["Body"].read() == content


def test_what_somebody_uploaded_without_a_checksum_is_read_to_compare_it(s3: Any) -> None:
    content = bundled(FILES)
    s3.put_object(Bucket=BUCKET, Key="scheduling/1.zip", Body=content)
    assert not upload(s3, BUCKET, "scheduling/1.zip", content).uploaded


def test_the_command_uploads_what_the_default_release_would_hold_and_prints_what_config_wants(
    s3: Any, emulated_cloud: EmulatedCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulated_cloud.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for path, content in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    done = CliRunner().invoke(publish.app, ["--stack", "us-east-1", "--folder", str(tmp_path)])
    assert done.exit_code == 0, done.output
    args = ReleaseArgs(bucket=BUCKET, key_arn="arn:key", files=FILES)
    made = record(lambda: Release("scheduling", a_context(), args)).one("aws:s3/bucketObjectv2:BucketObjectv2").inputs
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]] == [made["key"]]
    assert f"artifact: {{key: {made['key']}, sha256: {sha256(bundled(FILES))}}}" in done.output
    refused = CliRunner().invoke(publish.app, ["--stack", "us-east-1", "--folder", str(tmp_path / "shared")])
    assert refused.exit_code == 2 and "no handler.mjs" in refused.output
