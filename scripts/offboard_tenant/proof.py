"""Looks everywhere a tenant had something, and writes down that nothing is left."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from scripts.offboard_tenant.holdings import Cloud, Holdings, secret_names, versions

KUBECTL_SECONDS = 60


def remains(
    holdings: Holdings, cloud: Cloud, database: psycopg.Connection[Any], root: Path, *, kubeconfig: Path | None
) -> tuple[list[str], list[str]]:
    """Return what is still there, and what was looked at; each a line."""
    left: list[str] = []
    looked: list[str] = []

    def look(where: str, found: object) -> None:
        looked.append(where)
        if found:
            left.append(f"{where}: {found}")

    for what, query in (
        ("schema", "SELECT count(*) FROM pg_namespace WHERE nspname = %s"),
        ("role", "SELECT count(*) FROM pg_roles WHERE rolname = %s"),
        ("login", "SELECT count(*) FROM platform.logins WHERE role = %s"),
        ("record of migrations", "SELECT count(*) FROM platform.migrations WHERE scope = %s"),
    ):
        row = database.execute(query, (holdings.schema,)).fetchone()
        look(f"database: {what} {holdings.schema}", row[0] if row else 0)
    row = database.execute("SELECT count(*) FROM platform.tenants WHERE name = %s", (holdings.tenant,)).fetchone()
    look(f"database: tenant {holdings.tenant}", row[0] if row else 0)
    look(f"bucket {holdings.bucket}", "it exists" if _bucket_exists(cloud.s3, holdings.bucket) else "")
    look(f"objects of {holdings.bucket}", len(versions(cloud.s3, holdings.bucket)))
    look(f"secrets {holdings.secrets}*", ", ".join(secret_names(cloud.secrets, holdings.secrets)))
    look(f"role {holdings.role}", "it exists" if _role_exists(cloud.iam, holdings.role) else "")
    look(f"file {holdings.file}", "it is there" if (root / holdings.file).exists() else "")
    if kubeconfig is not None:
        look(f"namespace {holdings.namespace}", _namespace(holdings.namespace, kubeconfig))
    return left, looked


def backups(holdings: Holdings, cloud: Cloud) -> list[str]:
    """Return the recovery points of its bucket: nobody shortens their life, and they end by themselves (BDR-1)."""
    from botocore.exceptions import ClientError

    try:
        found = cloud.backup.list_recovery_points_by_resource(ResourceArn=f"arn:aws:s3:::{holdings.bucket}")["RecoveryPoints"]
    except ClientError:
        return []
    return [f"{each['RecoveryPointArn']} in {each['BackupVaultName']}, of {each['CreationDate']:%Y-%m-%d}" for each in found]


def record(
    holdings: Holdings, manifest: dict[str, Any], looked: list[str], kept: list[str], *, by: str, skipped: list[str], folder: Path
) -> Path:
    """Write the record that a tenant is gone, signed off by `by`, and return it; its last key is the hash of all others."""
    told = {
        "tenant": hashlib.sha256(holdings.tenant.encode()).hexdigest(),
        "stack": holdings.stack,
        "export": hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest(),
        "exported_at": manifest["exported_at"],
        "proven_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "looked_at": looked,
        "not_looked_at": skipped,
        "backups_that_end_by_themselves": kept,
        "signed_off_by": by,
    }
    told["record"] = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{holdings.tenant}-{told['proven_at'][:10]}.json"
    with path.open("x", encoding="utf-8") as written:
        written.write(json.dumps(told, indent=2) + "\n")
    return path


def is_genuine(path: Path) -> bool:
    """Return whether a record reads as it was written."""
    told = json.loads(path.read_text(encoding="utf-8"))
    claimed = told.pop("record", None)
    return bool(claimed == hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest())


def _bucket_exists(s3: Any, bucket: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    return True


def _role_exists(iam: Any, role: str) -> bool:
    try:
        iam.get_role(RoleName=role)
    except iam.exceptions.NoSuchEntityException:
        return False
    return True


def _namespace(namespace: str, kubeconfig: Path) -> str:
    command = ["kubectl", "--kubeconfig", str(kubeconfig), "get", "namespace", namespace, "--ignore-not-found", "--output", "name"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=KUBECTL_SECONDS)
    return done.stdout.strip() if done.returncode == 0 else f"kubectl could not tell: {done.stderr.strip()}"
