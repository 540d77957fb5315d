"""One command at a time changes a sandbox; the others are told who does."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import asdict

from filelock import FileLock, Timeout

from sandbox import processes
from sandbox.paths import Home
from sandbox.processes import Process


class LockHeldError(Exception):
    """Another command has the sandbox."""


@contextlib.contextmanager
def hold(home: Home, command: str) -> Iterator[Process | None]:
    """Holds the sandbox for `command`. Gives the previous holder if it died without letting go, else None.

    LockHeldError names the holder. The system itself lets go of a dead holder's lock, so a stale one cannot stay.
    """
    home.run.mkdir(parents=True, exist_ok=True)
    note = home.lock.with_suffix(".json")
    lock = FileLock(home.lock, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LockHeldError(_told(processes.read(note))) from None
    try:
        previous = processes.read(note)
        processes.write_json(note, asdict(processes.describe(os.getpid(), command)))
        yield previous
        note.unlink(missing_ok=True)
    finally:
        lock.release()


def _told(holder: Process | None) -> str:
    if holder is None or not holder.alive:
        return "another command has just taken the sandbox; try again"
    since = time.strftime("%H:%M:%S", time.localtime(holder.since))
    return (
        f"`{holder.role}` is working on the sandbox: process {holder.pid}, since {since} ({time.time() - holder.since:.0f} s). "
        f"Wait for it to end, or stop it with: kill -INT {holder.pid}"
    )
