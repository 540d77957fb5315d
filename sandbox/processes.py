"""Processes that the sandbox started, written down so that exactly these, and no other, can be ended later.

A process id alone is not an identity: ids are given again. With the moment the process started it is one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """One process of ours."""

    pid: int
    started: str
    """What tells this process from a later one with the same id; compare, never interpret."""
    role: str
    since: float
    """When it was written down, in seconds since 1970."""
    parent: int
    parent_started: str
    """The process that started it, and serves as its reason to be."""

    @property
    def alive(self) -> bool:
        """False for a process that ended, also while its parent has not taken notice."""
        return start_marker(self.pid) == self.started

    @property
    def orphaned(self) -> bool:
        """True when its parent is gone."""
        return start_marker(self.parent) != self.parent_started


def start_marker(pid: int) -> str | None:
    """When the process started, in the system's own terms; None when there is none (or only its corpse)."""
    try:
        # Fields after the command, which is in brackets and may hold spaces: state, threads, start in ticks.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        state, threads, started = fields[0], int(fields[17]), fields[19]
        # While another of its threads has not ended, it still holds its ports, though it is called a zombie already.
        return None if state == "X" or (state == "Z" and threads <= 1) else started
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self/stat").exists():
            return None
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.NoSuchProcess:
        return None


def describe(pid: int, role: str) -> Process:
    """This process, or a child of it, as it is now. ProcessLookupError when it is gone."""
    started = start_marker(pid)
    if started is None:
        raise ProcessLookupError(f"no process {pid}")
    parent = os.getppid() if pid == os.getpid() else os.getpid()
    return Process(pid, started, role, time.time(), parent, start_marker(parent) or "")


def record(folder: Path, process: Process) -> Path:
    """Writes the process down, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{process.pid}.json"
    write_json(path, asdict(process))
    return path


def recorded(folder: Path) -> list[Process]:
    """Processes written down that still live; what is written about dead ones is removed."""
    living = []
    for path in sorted(folder.glob("*.json")):
        process = read(path)
        if process is not None and process.alive:
            living.append(process)
        else:
            path.unlink(missing_ok=True)
    return living


def read(path: Path) -> Process | None:
    """What is written at `path`; None when nothing, or nothing legible, is."""
    content = read_json(path)
    try:
        fields = {field.name: content[field.name] for field in dataclasses.fields(Process)}
        return Process(**fields)  # type: ignore[arg-type]
    except KeyError:
        return None


def end(process: Process, *, first: signal.Signals, patience: float) -> bool:
    """Asks the process to end with `first`, waits `patience` seconds, then kills it. True when it needed killing."""
    if _signal(process, first) and _gone(process, patience):
        return False
    if not _signal(process, signal.SIGKILL):
        return False
    _gone(process, 10)
    return True


def follow_parent(on_orphaned: Callable[[], None], every: float = 0.5) -> None:
    """Calls `on_orphaned` soon after the parent process has died, from a thread of its own.

    The engine cannot end its helpers when it is killed; so they notice by themselves.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(every)
        on_orphaned()

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()


def write_text(path: Path, content: str) -> None:
    """Replaces the file in one step, so that a reader (or a crash) never meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    temporary.write_text(content)
    temporary.replace(path)


def write_json(path: Path, content: object) -> None:
    """`write_text` of JSON."""
    write_text(path, json.dumps(content))


def read_json(path: Path) -> dict[str, object]:
    """The object in the file; empty when there is none or it cannot be read."""
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
        content = json.loads(path.read_text())
        if isinstance(content, dict):
            return content
    return {}


def _signal(process: Process, number: signal.Signals) -> bool:
    if not process.alive:
        return False
    try:
        os.kill(process.pid, number)
    except ProcessLookupError:
        return False
    return True


def _gone(process: Process, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while process.alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
