"""Erases what is a tenant's outside the program: rows, logins, files and secrets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from scripts.offboard_tenant.export import workflow_ids
from scripts.offboard_tenant.holdings import Cloud, Holdings, secret_names, versions

_BATCH = 1000
"""Most objects that S3 deletes at a time."""


def erase(holdings: Holdings, cloud: Cloud, database: psycopg.Connection[Any], n8n: psycopg.Connection[Any] | None) -> list[str]:
    """Erase all of it, workflows first, since the tenant's own tables say which they are; safe to run again.

    Returns what S3 keeps because it is locked, a line each: that is erased when its lock has ended, by running this again.
    """
    wanted = workflow_ids(database, holdings.schema)
    if wanted and n8n is not None:
        n8n.execute("DELETE FROM workflow_entity WHERE id = ANY(%s)", (wanted,))
    locked = _objects(cloud.s3, holdings.bucket)
    for name in secret_names(cloud.secrets, holdings.secrets):
        cloud.secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    database.execute("SELECT platform.erase_tenant(%s)", (holdings.tenant,))
    return locked


def _objects(s3: Any, bucket: str) -> list[str]:
    from botocore.exceptions import ClientError

    free: list[dict[str, str]] = []
    locked: list[str] = []
    for each in versions(s3, bucket):
        target = {"Key": each["Key"], "VersionId": each["VersionId"]}
        try:
            until = None if each["Marker"] else _lock(s3, bucket, target)
        except ClientError:
            until = None
        if until is None:
            free.append(target)
        else:
            locked.append(f"{bucket}/{each['Key']} version {each['VersionId']}: locked {until}")
    for batch in _batches(free):
        refused = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True}).get("Errors", [])
        locked += [f"{bucket}/{each['Key']} version {each.get('VersionId')}: {each['Code']}" for each in refused]
    return locked


def _lock(s3: Any, bucket: str, target: dict[str, str]) -> str | None:
    """Return until when an object is locked, or by what; None where it is not."""
    told = s3.head_object(Bucket=bucket, **target)
    if told.get("ObjectLockLegalHoldStatus") == "ON":
        return "by a legal hold"
    until = told.get("ObjectLockRetainUntilDate")
    return None if until is None else f"until {until:%Y-%m-%d %H:%M} UTC"


def _batches(targets: Sequence[dict[str, str]]) -> list[list[dict[str, str]]]:
    return [list(targets[start : start + _BATCH]) for start in range(0, len(targets), _BATCH)]
