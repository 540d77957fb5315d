"""A release is one object whose key and hash say what is in it."""

import base64

import pytest

from components.serverless.bundle import bundled, lambda_hash, sha256
from components.serverless.release import Release, ReleaseArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

FILES = {"bookings/handler.mjs": b"export const handle = async () => ({});\n"}
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
DIGEST = "a" * 64


def _graph(args: ReleaseArgs) -> Graph:
    return record(lambda: Release("scheduling", a_context(), args))


def test_files_become_an_encrypted_object_under_their_hash() -> None:
    graph = _graph(ReleaseArgs(bucket="releases", key_arn="arn:key", files=FILES))
    made, content = graph.one(OBJECT).inputs, bundled(FILES)
    assert base64.b64decode(made["contentBase64"]) == content
    assert (made["bucket"], made["key"]) == ("releases", f"functions/{sha256(content)}.zip")
    assert (made["serverSideEncryption"], made["kmsKeyId"], made["checksumAlgorithm"]) == ("aws:kms", "arn:key", "SHA256")
    assert len(made["tags"]) <= 10, "S3 takes ten tags of an object"
    outputs = graph.outputs_of(graph.one("morefocus:serverless:Release"))
    assert outputs["source_hash"] == lambda_hash(sha256(content))


def test_another_file_is_another_key_and_another_hash() -> None:
    keys = {
        _graph(ReleaseArgs(bucket="releases", key_arn="arn:key", files=files)).one(OBJECT).inputs["key"]
        for files in (FILES, {**FILES, "shared/log.mjs": b""})
    }
    assert len(keys) == 2


def test_an_uploaded_bundle_is_named_and_not_made() -> None:
    graph = _graph(ReleaseArgs(bucket="releases", key_arn="arn:key", key="scheduling/1.zip", source_hash=DIGEST))
    assert not graph.of_type(OBJECT)
    outputs = graph.outputs_of(graph.one("morefocus:serverless:Release"))
    assert outputs == {"bucket": "releases", "key": "scheduling/1.zip", "source_hash": lambda_hash(DIGEST)}


@pytest.mark.parametrize(
    ("key", "source_hash", "files", "said"),
    [
        (None, None, {}, "got neither"),
        ("scheduling/1.zip", DIGEST, FILES, "got both"),
        ("scheduling/1.zip", None, {}, "go together"),
        (None, DIGEST, FILES, "go together"),
        ("scheduling/1.zip", "sha256:1", {}, "64 lower-case hexadecimal digits"),
    ],
)
def test_a_release_that_is_neither_or_both_is_refused(key: str | None, source_hash: str | None, files: dict[str, bytes], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ReleaseArgs(bucket="releases", key_arn="arn:key", key=key, source_hash=source_hash, files=files)
