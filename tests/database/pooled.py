"""A real PgBouncer with the configuration that its pods get, in front of a real server that speaks TLS."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from components.platform.pooling.configuration import RUN, PoolDatabase, hba_conf, pgbouncer_ini
from scripts.tools import ToolsError, provide
from scripts.tools_postgres import as_somebody, free_port
from tests.database.made import DATABASE, PASSWORDS, Place

SETTINGS_OF_NEWER = ("max_prepared_statements",)
"""What the PgBouncer of Debian does not know yet: 1.21 and newer do."""


@dataclass(frozen=True)
class Pooled:
    """Poolers in front of a migrated database."""

    place: Place
    port: int
    folder: Path

    def connect(self, database: str, user: str, password: str | None = None, mode: str = "verify-full") -> psycopg.Connection[Any]:
        """Sign in through the pooler, checking its certificate."""
        given = password or PASSWORDS.get(user) or f"{user}Password1"
        root = self.folder / "tls" / "ca.crt"
        return psycopg.connect(
            f"host=localhost hostaddr=127.0.0.1 port={self.port} dbname={database} user={user} password={given} sslmode={mode} "
            + (f"sslrootcert={root}" if mode == "verify-full" else ""),
            autocommit=True,
            # PgBouncer before 1.21 keeps no prepared statements in transaction mode.
            prepare_threshold=None,
            connect_timeout=20,
        )

    def tenant(self, name: str, database: str) -> psycopg.Connection[Any]:
        """Sign in as a tenant."""
        return self.connect(database, f"tenant_{name.replace('-', '_')}", f"{name}Password1")


def certificate(folder: Path) -> None:
    """Write an authority and a certificate for `localhost` of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    command = ["openssl", "req", "-x509", *key, "-keyout", "tls.key", "-out", "tls.crt", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], cwd=folder, check=True, capture_output=True)
    shutil.copy(folder / "tls.crt", folder / "ca.crt")
    (folder / "tls.key").chmod(0o600)


@contextmanager
def pooled(place: Place, folder: Path, databases: Sequence[PoolDatabase], certificates: Path) -> Iterator[Pooled]:
    """Run PgBouncer as its pods do, by the same starter; ended by its process id."""
    try:
        programs = provide(["pgbouncer"])
    except ToolsError as error:
        pytest.skip(f"NO PGBOUNCER: {error}")
    port = free_port()
    shutil.copytree(certificates, folder / "tls")
    for name in ("config", "users", "roots"):
        (folder / name).mkdir()
    text = pgbouncer_ini(databases, ["localhost"] * len(databases), clients=200, folder=str(folder), port=port)
    text = text.replace("port=5432", f"port={place.server.port}").replace("listen_addr = 0.0.0.0", "listen_addr = 127.0.0.1")
    kept = [line for line in text.splitlines() if not line.startswith(SETTINGS_OF_NEWER)]
    (folder / "config" / "pgbouncer.ini").write_text("\n".join(kept) + "\n")
    (folder / "config" / "hba.conf").write_text(hba_conf(databases))
    (folder / "config" / "run.sh").write_text(RUN)
    (folder / "users" / "userlist.txt").write_text(f'"pgbouncer" "{PASSWORDS["pgbouncer"]}"\n')
    shutil.copy(certificates / "ca.crt", folder / "roots" / "rds.pem")
    log = folder / "log"
    with log.open("wb") as written:
        command = ["sh", str(folder / "config" / "run.sh"), str(programs / "pgbouncer"), str(folder / "config" / "pgbouncer.ini")]
        environment = {"PATH": os.environ["PATH"], "RELOAD_SECONDS": "1"}
        process = subprocess.Popen([*as_somebody(), *command], env=environment, stdout=written, stderr=written)
    try:
        deadline = time.monotonic() + 20
        while b"process up" not in log.read_bytes():
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield Pooled(place, port, folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def names(most: int = 20) -> list[PoolDatabase]:
    """The names that a region with one shard has."""

    def shared(tier: str, pool: int) -> PoolDatabase:
        return PoolDatabase(name=f"main-{tier}", host="localhost", database=DATABASE, mode="transaction", pool=pool, most=most)

    own = PoolDatabase(name="n8n", host="localhost", database=DATABASE, mode="session", pool=4, most=4, only="n8n")
    return [own, shared("starter", 2), shared("enterprise", 5)]
