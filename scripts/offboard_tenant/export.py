"""Takes out all that is a tenant's: its tables, its files and its workflows, with a manifest of hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from scripts.offboard_tenant.holdings import Cloud, Holdings, OffboardError, versions

MANIFEST = "manifest.json"


def export(holdings: Holdings, cloud: Cloud, database: psycopg.Connection[Any], n8n: psycopg.Connection[Any] | None, folder: Path) -> Path:
    """Write the export into `folder`, which must be empty or new, and return its manifest.

    Tables are CSV with a head line, workflows JSON without credentials, objects as they are with their versions listed beside them.
    Raises OffboardError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise OffboardError(
            f"{folder} holds something already: name an empty folder, so that nothing of another export is taken for this one"
        )
    folder.mkdir(parents=True, exist_ok=True)
    rows = {name: _table(database, holdings.schema, name, folder / "tables" / f"{name}.csv") for name in tables(database, holdings.schema)}
    objects = _objects(cloud.s3, holdings.bucket, folder)
    workflows = _workflows(database, n8n, holdings, folder / "workflows.json")
    manifest = {
        "tenant": holdings.tenant,
        "stack": holdings.stack,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": rows,
        "objects": objects,
        "workflows": workflows,
        "files": {str(path.relative_to(folder)): digest(path) for path in _files(folder)},
    }
    path = folder / MANIFEST
    path.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return path


def verified(folder: Path, tenant: str) -> dict[str, Any]:
    """Return a manifest whose files all are as they were written.

    Raises OffboardError naming the first that is not, and for another tenant's export.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise OffboardError(f"{folder} has no {MANIFEST}: run the step `export` first")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if manifest["tenant"] != tenant:
        raise OffboardError(f"{folder} is the export of {manifest['tenant']}, not of {tenant}: name the right folder")
    for name, wanted in manifest["files"].items():
        file = folder / name
        if not file.is_file() or digest(file) != wanted:
            raise OffboardError(f"{file} is not as it was exported: export again into another folder")
    return manifest


def tables(database: psycopg.Connection[Any], schema: str) -> list[str]:
    """Return a schema's tables; partitions are part of theirs."""
    query = (
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
    )
    return [str(name) for (name,) in database.execute(query, (schema,))]


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _table(database: psycopg.Connection[Any], schema: str, table: str, file: Path) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT WITH (FORMAT csv, HEADER)").format(sql.Identifier(schema, table))
    with file.open("wb") as written, database.cursor().copy(statement) as copied:
        for data in copied:
            written.write(data)
    found = database.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))).fetchone()
    return int(found[0]) if found else 0


def _objects(s3: Any, bucket: str, folder: Path) -> int:
    """Download what is current, numbered, since a key need not be a file's name; all versions are in the list."""
    listed = versions(s3, bucket)
    current = [each for each in listed if not each["Marker"] and each["IsLatest"]]
    names = {}
    for number, each in enumerate(current):
        names[each["Key"]] = f"objects/{number:08}"
        target = folder / names[each["Key"]]
        target.parent.mkdir(parents=True, exist_ok=True)
        s3.download_file(bucket, each["Key"], str(target), ExtraArgs={"VersionId": each["VersionId"]})
    told = [
        {
            "key": each["Key"],
            "version": each["VersionId"],
            "marker": each["Marker"],
            "bytes": each.get("Size"),
            "etag": each.get("ETag"),
            "file": names.get(each["Key"]) if each.get("IsLatest") else None,
        }
        for each in listed
    ]
    (folder / "objects.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return len(current)


def workflow_ids(database: psycopg.Connection[Any], schema: str) -> list[str]:
    """Return the workflows that the tenant's automations are."""
    if "automations" not in tables(database, schema):
        return []
    found = database.execute(sql.SQL("SELECT DISTINCT workflow_id FROM {} ORDER BY 1").format(sql.Identifier(schema, "automations")))
    return [str(each) for (each,) in found]


def _workflows(database: psycopg.Connection[Any], n8n: psycopg.Connection[Any] | None, holdings: Holdings, file: Path) -> int:
    wanted = workflow_ids(database, holdings.schema)
    if wanted and n8n is None:
        raise OffboardError(f"{holdings.tenant} has {len(wanted)} workflows in n8n: give --n8n, how n8n's own schema is reached")
    found: list[Any] = []
    if wanted and n8n is not None:
        found = [row for (row,) in n8n.execute("SELECT to_jsonb(w) FROM workflow_entity w WHERE w.id = ANY(%s) ORDER BY w.id", (wanted,))]
    file.write_text(json.dumps(found, indent=2, default=str) + "\n", encoding="utf-8")
    return len(found)
