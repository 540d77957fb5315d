"""Cleaning up after an engine, a plugin or an emulated cloud that was killed, before the next run."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from sandbox import processes
from sandbox.engine import stacks
from sandbox.paths import Home

_ENGINE_PATIENCE = 60.0
_HELPER_PATIENCE = 2.0
_KEPT_LOST_STATES = 3
Say = Callable[[str], None]


class EngineBusyError(Exception):
    """An engine that is not ours works on a stack of the sandbox."""


def end_leftovers(home: Home, say: Say) -> None:
    """Ends engines and helpers of commands that died. Call it holding the sandbox's lock.

    A living engine without its command first gets the chance to finish its step and write the state.
    """
    for process in processes.recorded(home.processes):
        if process.role == "engine" and process.orphaned:
            say(f"an engine of a command that died still runs (process {process.pid}): stopping it")
            processes.end(process, first=signal.SIGINT, patience=_ENGINE_PATIENCE)
    # Helpers leave by themselves once their engine is gone; this catches those that hang. Not the cloud: it is meant to stay.
    for process in processes.recorded(home.processes):
        if process.role != "cloud" and process.orphaned:
            processes.end(process, first=signal.SIGTERM, patience=_HELPER_PATIENCE)


def mend_states(home: Home, say: Say) -> None:
    """Makes every state fit for the next run.

    Removes locks of dead engines (EngineBusyError for a living one), half-written files, and the notes about operations that an engine
    did not live to finish: the provider's journal makes it safe to begin those again.
    """
    backend = home.state / ".pulumi"
    for lock in sorted(backend.glob("locks/**/*.json")):
        _release(lock, say)
    for leftover in backend.glob("**/*.tmp"):
        leftover.unlink(missing_ok=True)
    for path in sorted(backend.glob("stacks/*/*.json")):
        _mend(path, say)


def settle_with(home: Home, instance: str, say: Say) -> bool:
    """Sets the states aside when they are about an emulated cloud that is gone. True when there were any to lose."""
    known = processes.read_json(home.instance).get("instance")
    lost = 0
    if known is not None and known != instance:
        for path in home.state.glob(".pulumi/stacks/*/*.json"):
            held = stacks.state(home, path.stem)
            lost += len(held.resources) if held else 0
        if lost:
            aside = home.lost_states / f"{time.strftime('%Y%m%d-%H%M%S')}-{str(known)[:8]}"
            say(f"the emulated cloud has lost its memory: {lost} resources are made anew (their states are kept in {_short(aside)})")
            home.lost_states.mkdir(parents=True, exist_ok=True)
            home.state.rename(aside)
            for old in sorted(home.lost_states.iterdir())[:-_KEPT_LOST_STATES]:
                shutil.rmtree(old)
    home.state.mkdir(parents=True, exist_ok=True)
    processes.write_json(home.instance, {"instance": instance})
    return lost > 0


def sweep_orphans(home: Home, endpoint: str, say: Say) -> None:
    """Undoes what interrupted runs created in the emulated cloud and no state came to hold. Call it while no engine runs."""
    from sandbox.provider import recovery
    from sandbox.provider.errors import explain

    known = []
    for path in home.state.glob(".pulumi/stacks/*/*.json"):
        held = stacks.state(home, path.stem)
        known += [(resource.urn, resource.id) for resource in (held.resources if held else ())]
    try:
        swept = recovery.sweep(endpoint, known)
    except Exception as error:
        # It is about things that no state knows: no reason to fail a run that went well.
        say(f"what interrupted runs left behind could not be looked for: {explain(error)}; `make down` drops it with the emulated cloud")
        return
    for operation in swept.undone:
        say(f"undone what an interrupted run had left behind: {operation.token} {operation.urn.rpartition('::')[2]}")
    for operation, failure in swept.failed:
        left = f"{operation.token} {operation.urn.rpartition('::')[2]}"
        say(f"left behind by an interrupted run: {left}, which could not be undone: {explain(failure)}; `make down` drops it")


def _release(lock: Path, say: Say) -> None:
    content = processes.read_json(lock)
    stack = lock.parent.name
    pid, taken = content.get("pid"), content.get("timestamp")
    if content.get("hostname") == socket.gethostname() and isinstance(pid, int) and _still_runs(pid, str(taken)):
        raise EngineBusyError(
            f"`pulumi` (process {pid}, since {str(taken)[11:19]} UTC) is working on the stack {stack}: wait for it to end, or stop it"
        )
    say(f"the lock that a killed engine left on {stack} is removed")
    lock.unlink(missing_ok=True)


def _still_runs(pid: int, taken: str) -> bool:
    """Whether the process that took the lock lives: a younger one with its id is another process."""
    if processes.start_marker(pid) is None:
        return False
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return False
    try:
        # Go writes nanoseconds, which Python of 3.11 reads as far as microseconds.
        return started <= datetime.fromisoformat(taken).timestamp() + 2
    except ValueError:
        return True


def _mend(path: Path, say: Say) -> None:
    content = _checkpoint(path)
    if content is None:
        backup, content = _backup(path)
        broken = path.with_suffix(".broken")
        path.rename(broken)
        if backup is None or content is None:
            say(f"the state of {path.stem} cannot be read and has no backup; it starts anew (the file is kept as {_short(broken)})")
            return
        written = datetime.fromtimestamp(backup.stat().st_mtime).astimezone()
        say(f"the state of {path.stem} cannot be read; its backup of {written:%Y-%m-%d %H:%M:%S} takes its place")
        shutil.copy(backup, path)
    latest = content["checkpoint"].get("latest") or {}
    if latest.pop("pending_operations", None):
        say(f"an operation on {path.stem} was interrupted; it is taken up again")
        processes.write_json(path, content)


def _backup(path: Path) -> tuple[Path | None, dict[str, Any] | None]:
    """The youngest of the engine's copies that can be read: one of the write before, and one of the end of every run."""
    project = path.parent
    copies = [path.with_name(f"{path.name}.bak"), *(project.parents[1] / "backups" / project.name / path.stem).glob(f"{path.stem}.*.json")]
    for copy in sorted((each for each in copies if each.exists()), key=lambda each: each.stat().st_mtime_ns, reverse=True):
        if (content := _checkpoint(copy)) is not None:
            return copy, content
    return None, None


def _checkpoint(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text())
        return content if isinstance(content["checkpoint"], dict) else None
    except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError):
        return None


def _short(path: Path) -> str:
    parts = path.parts
    return str(Path(*parts[parts.index(".sandbox") :])) if ".sandbox" in parts else str(path)
