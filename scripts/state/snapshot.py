"""A snapshot of one stack's state, where nobody can change or delete it for a while (BDR-2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from scripts.state.bucket import BucketError, key_of

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the marker of a secret in a state, none itself


class StateError(Exception):
    """What was exported is no state that may be kept; says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """Where a snapshot lies."""

    bucket: str
    key: str
    version: str
    resources: int
    locked_until: datetime


def save(s3: Any, stack: str, exported: str, bucket: str, *, days: int, now: datetime | None = None) -> Snapshot:
    """Upload an export (`pulumi stack export`) encrypted and locked for `days`, read it back, and return where it lies.

    Raises StateError when the export holds no resources or a secret in plain text, BucketError when the bucket cannot lock or encrypt.
    """
    resources = check(exported)
    now = now or datetime.now(UTC)
    until = (now + timedelta(days=days)).replace(microsecond=0)
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        raise BucketError(f"bucket {bucket} keeps no versions: name one that does, such as `backups` of the hub")
    body = exported.encode()
    key = f"state/{stack}/{now:%Y-%m-%dT%H%M%SZ}.json"
    made = s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=body,
        ContentType="application/json",
        ServerSideEncryption="aws:kms",
        # Without the key's name S3 would take its own, which no policy of ours guards.
        SSEKMSKeyId=key_of(s3, bucket),
        # Required of an object that is locked.
        ChecksumAlgorithm="SHA256",
        ObjectLockMode="GOVERNANCE",
        ObjectLockRetainUntilDate=until,
        Metadata={"stack": stack, "sha256": hashlib.sha256(body).hexdigest(), "resources": str(resources)},
    )
    _read_back(s3, bucket, key, made["VersionId"], body)
    return Snapshot(bucket=bucket, key=key, version=made["VersionId"], resources=resources, locked_until=until)


def check(exported: str) -> int:
    """Return how many resources the state holds. Raises StateError for what is no state, an empty one, or one with open secrets."""
    try:
        deployment = json.loads(exported)["deployment"]
        resources = deployment["resources"]
    except (ValueError, KeyError, TypeError) as error:
        raise StateError("what was exported is no state: run `pulumi stack export` by hand and look") from error
    if not resources:
        raise StateError("the state holds no resources: a snapshot of it would save nothing; bring the stack up first")
    for secret in _secrets(resources):
        if "ciphertext" not in secret:
            raise StateError("the state holds a secret in plain text: export it without --show-secrets")
    return len(resources)


def _secrets(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get(_SIGNATURE) == _SECRET:
            yield value
            return
        for item in value.values():
            yield from _secrets(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item)


def _read_back(s3: Any, bucket: str, key: str, version: str, body: bytes) -> None:
    found = s3.get_object(Bucket=bucket, Key=key, VersionId=version)
    if found["Body"].read() != body:
        raise StateError(f"s3://{bucket}/{key} says something else than what was uploaded: do not rely on it, take another")
    if found.get("ServerSideEncryption") != "aws:kms":
        raise BucketError(f"s3://{bucket}/{key} is not encrypted by KMS: look at the bucket's encryption")
    if found.get("ObjectLockMode") != "GOVERNANCE":
        raise BucketError(f"s3://{bucket}/{key} is not locked: name a bucket that was made with object lock")
