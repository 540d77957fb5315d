"""A real server with a database as RDS gives it: its master user is no superuser, and runs our migrations."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.load import ROOT
from scripts.tools_postgres import PostgresMissingError, PostgresServer, postgres_server

SOURCES = ROOT / "services" / "database"
MASTER = "platform_admin"
DATABASE = "morefocus"
PASSWORDS = {name: f"{name}Password1" for name in ("migrations", "n8n", "application", "exporter", "pgbouncer")}
# What RDS makes up may hold what ends a field of a password file.
PASSWORDS["master"] = "of:the\\server"
ACME, ZETA = "acme US starter 5", "zeta-labs EU enterprise 20"


@dataclass(frozen=True)
class Place:
    """A server, and a folder with what the Job mounts."""

    server: PostgresServer
    folder: Path
    database: str = DATABASE
    passwords: Mapping[str, str] = field(default_factory=lambda: dict(PASSWORDS))

    def migrate(self, *tenants: str, check: bool = True, passwords: Mapping[str, str] | None = None) -> str:
        """Run the Job's script with these lines of tenants; gives what it said."""
        names = [line.split()[0] for line in tenants]
        given = {**self.passwords, **{f"tenant.{name}": f"{name}Password1" for name in names}, **(passwords or {})}
        secrets = self.folder / "passwords"
        shutil.rmtree(secrets, ignore_errors=True)
        secrets.mkdir()
        for name, value in given.items():
            (secrets / name).write_text(value, encoding="utf-8")
        (self.folder / "tenants").write_text("".join(f"{line}\n" for line in tenants), encoding="utf-8")
        done = subprocess.run(
            ["sh", str(self.sources / "migrate.sh")],
            env={
                "PATH": os.environ["PATH"],
                "MIGRATIONS": str(self.sources),
                "PASSWORDS": str(secrets),
                "TENANTS": str(self.folder / "tenants"),
                "MASTER_USER": MASTER,
                "PGHOST": self.server.host,
                "PGPORT": str(self.server.port),
                "PGDATABASE": self.database,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return f"{done.returncode} {done.stdout}{done.stderr}"

    @property
    def sources(self) -> Path:
        """A copy of what the ConfigMap holds, to be bent."""
        copied = self.folder / "sources"
        if not copied.is_dir():
            shutil.copytree(SOURCES, copied)
        return copied

    def connect(self, user: str, password: str | None = None) -> psycopg.Connection[Any]:
        """Sign in with a password, as by the network."""
        return psycopg.connect(
            self.server.dsn(self.database, user, password or self.passwords.get(user) or f"{user}Password1"), autocommit=True
        )

    def tenant(self, name: str) -> psycopg.Connection[Any]:
        """Sign in as a tenant."""
        return self.connect(f"tenant_{name.replace('-', '_')}", f"{name}Password1")

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask as the server's superuser."""
        with psycopg.connect(self.server.dsn(self.database), autocommit=True) as connection:
            return connection.execute(statement, parameters or None).fetchall()


@contextmanager
def running(*settings: str) -> Iterator[PostgresServer]:
    """A server, or a skip that says why there is none."""
    try:
        with postgres_server(*settings) as server:
            with psycopg.connect(server.dsn(), autocommit=True) as connection:
                # What rds_superuser may, and no more.
                connection.execute(f"CREATE ROLE {MASTER} LOGIN CREATEROLE CREATEDB PASSWORD '{PASSWORDS['master']}'")
                connection.execute(f"GRANT pg_monitor, pg_signal_backend TO {MASTER} WITH ADMIN OPTION")
            yield server
    except PostgresMissingError as error:
        pytest.skip(f"NO POSTGRESQL: {error}")


@contextmanager
def a_place(server: PostgresServer, folder: Path, database: str) -> Iterator[Place]:
    """An empty database of its own."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database} OWNER {MASTER}")
    yield Place(server, folder, database)


def refused(connection: psycopg.Connection[Any], statements: Sequence[str]) -> list[str]:
    """Try each; return those that went through."""
    through = []
    for statement in statements:
        try:
            connection.execute(statement)
        except psycopg.Error:
            connection.rollback()
            continue
        through.append(statement)
    return through
