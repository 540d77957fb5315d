"""Puts a bundle where functions take it from, and never another one in its place."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from components.serverless.bundle import lambda_hash, sha256


class OtherContentError(Exception):
    """The key is taken by another bundle; says which hash it has and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A bundle in the bucket of releases."""

    key: str
    sha256: str
    uploaded: bool
    """False: it was there already."""

    @property
    def config(self) -> str:
        """The lines of a stack's file that name it."""
        return f"  morefocus:scheduling:\n    artifact: {{key: {self.key}, sha256: {self.sha256}}}"


def upload(s3: Any, bucket: str, key: str, content: bytes) -> Published:
    """Upload a bundle with its hash, unless it is there already.

    Raises OtherContentError when the key holds another content.
    """
    digest = sha256(content)
    try:
        # S3 itself refuses what came damaged, and a second one under the key, however many upload at a time.
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ContentType="application/zip",
            ChecksumSHA256=lambda_hash(digest),
            Metadata={"sha256": digest},
            IfNoneMatch="*",
        )
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
        held = _held(s3, bucket, key)
        if held != digest:
            message = f"s3://{bucket}/{key} holds another bundle, of hash {held}; this one has {digest}: give another key, or none"
            raise OtherContentError(message) from None
        return Published(key=key, sha256=digest, uploaded=False)
    return Published(key=key, sha256=digest, uploaded=True)


def _held(s3: Any, bucket: str, key: str) -> str:
    """Return the hash of what is there: the checksum that S3 keeps, or that of the content itself."""
    found = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    kept = found.get("ChecksumSHA256")
    if kept and "-" not in kept:
        return base64.b64decode(kept).hex()
    return sha256(found["Body"].read())
