"""The servers that the cloud would give: PostgreSQL and Redis, over TLS and with passwords, on addresses of their own."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sandbox.workload.certificates import Authority, write_private

POSTGRES_PORT, REDIS_PORT = 5432, 6379
SUPERUSER = "postgres"


class ServerError(Exception):
    """A server that does not start: what it said."""


@cache
def as_somebody() -> tuple[str, ...]:
    """What precedes a program that refuses root. ServerError where root can be nobody else."""
    if os.geteuid() != 0:
        return ()
    mapped = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if subprocess.run([*mapped, "true"], capture_output=True, check=False).returncode == 0:
        return mapped
    raise ServerError("PostgreSQL and PgBouncer refuse root, and this machine lets root be nobody else: repeat as another user")


@dataclass(frozen=True, slots=True)
class Postgres:
    """One server in a folder."""

    folder: Path
    programs: Path
    address: str

    @property
    def password(self) -> str:
        """The superuser's."""
        return (self.folder / "password").read_text()

    def dsn(self, database: str = "postgres") -> str:
        """How a client reaches it as the superuser."""
        return f"host={self.address} port={POSTGRES_PORT} user={SUPERUSER} password={self.password} dbname={database} sslmode=require"

    def prepare(self, authority: Authority, names: Sequence[str]) -> None:
        """Makes its data folder unless there is one, and a certificate for its names."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        certificate, key = authority.issue(names, (self.address,))
        write_private(self.folder / "server.crt", certificate)
        write_private(self.folder / "server.key", key)
        if (self.folder / "data" / "PG_VERSION").exists():
            return
        write_private(self.folder / "password", secrets.token_hex(16).encode())
        make = ("--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={self.folder / 'password'}", "--encoding=UTF8")
        _run([*as_somebody(), str(self.programs / "initdb"), "-D", str(self.folder / "data"), "--no-sync", "--no-locale", *make])
        # As the parameter group's rds.force_ssl: whoever does not speak TLS is refused.
        rules = "local all all scram-sha-256\nhostssl all all 127.0.0.0/8 scram-sha-256\n"
        (self.folder / "data" / "pg_hba.conf").write_text(rules)

    def command(self) -> list[str]:
        """What starts it."""
        settings = {
            "listen_addresses": self.address,
            "port": str(POSTGRES_PORT),
            "unix_socket_directories": "",
            "ssl": "on",
            "ssl_cert_file": str(self.folder / "server.crt"),
            "ssl_key_file": str(self.folder / "server.key"),
            "max_connections": "200",
            # What the machine itself loses at a power cut may be lost; a killed process loses nothing.
            "fsync": "off",
            "full_page_writes": "off",
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [*as_somebody(), str(self.programs / "postgres"), "-D", str(self.folder / "data"), *options]


@dataclass(frozen=True, slots=True)
class Redis:
    """One server in a folder, as the queue's group is: one shard, TLS and a password alone, nothing evicted."""

    folder: Path
    program: str
    address: str

    def prepare(self, authority: Authority, names: Sequence[str], password: str) -> None:
        """Writes its file and a certificate for its names."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        certificate, key = authority.issue(names, (self.address,))
        write_private(self.folder / "server.crt", certificate)
        write_private(self.folder / "server.key", key)
        lines: Mapping[str, str] = {
            "bind": self.address,
            "port": "0",
            "tls-port": str(REDIS_PORT),
            "tls-cert-file": str(self.folder / "server.crt"),
            "tls-key-file": str(self.folder / "server.key"),
            "tls-ca-cert-file": str(authority.certificate),
            "tls-auth-clients": "no",
            "requirepass": password,
            "maxmemory-policy": "noeviction",
            "dir": str(self.folder),
            "appendonly": "yes",
            "daemonize": "no",
        }
        write_private(self.folder / "redis.conf", "".join(f'{name} "{value}"\n' for name, value in lines.items()).encode())

    def command(self) -> list[str]:
        """What starts it."""
        return [self.program, str(self.folder / "redis.conf")]


def until(ready: Callable[[], bool], seconds: float, what: str, alive: Callable[[], bool] = lambda: True) -> None:
    """Waits until it is so. ServerError when it is not in time, or when the process has ended."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not alive():
            raise ServerError(f"{what} ended before it was ready")
        if time.monotonic() > deadline:
            raise ServerError(f"{what} was not ready within {seconds:.0f} s")
        time.sleep(0.1)


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ServerError(f"{command[-1]}: {done.stderr.strip() or done.stdout.strip()}")
