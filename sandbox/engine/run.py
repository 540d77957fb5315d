"""Running the engine on one stack: started, written down, listened to, interrupted once when the person asks."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sandbox import processes
from sandbox.engine import events
from sandbox.engine.events import Event, PhaseEnded
from sandbox.engine.policies import Policies, policies
from sandbox.engine.stack_files import derive
from sandbox.paths import Home


class Operation(StrEnum):
    """What the engine is to do."""

    PREVIEW = "preview"
    UP = "up"
    REFRESH = "refresh"
    DESTROY = "destroy"


_ARGUMENTS = {
    Operation.PREVIEW: (),
    # No --skip-preview: `up` previews first, and goes on only when the preview succeeded.
    Operation.UP: ("--yes",),
    Operation.REFRESH: ("--yes", "--skip-preview"),
    Operation.DESTROY: ("--yes", "--skip-preview"),
}

_JUDGED = (Operation.PREVIEW, Operation.UP)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an operation on a stack ended."""

    stack: str
    code: int
    """The engine's exit code; negative for the signal that ended it."""
    seconds: float
    preview: PhaseEnded | None
    applied: PhaseEnded | None
    words: str
    """What the engine wrote to its error stream."""

    @property
    def succeeded(self) -> bool:
        """Whether all went well."""
        return self.code == 0


class EngineRun:
    """One run of the engine. `follow` once; `interrupt` and `kill` from any thread."""

    def __init__(self, home: Home, engine: Path, stack: str, operation: Operation, environment: Mapping[str, str]) -> None:
        self._stack = stack
        self._began = time.monotonic()
        home.logs.mkdir(parents=True, exist_ok=True)
        self._record = (home.logs / f"{stack}-{operation}.jsonl").open("w")
        command = [str(engine), operation.value, "--stack", stack, "--json", "--non-interactive", *_ARGUMENTS[operation]]
        judged = policies(home) if operation in _JUDGED else Policies()
        self._child = subprocess.Popen(
            [*command, *judged.arguments, "--config-file", str(derive(home, stack))],
            cwd=home.project,
            env={**environment, **dict(judged.variables), "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A terminal's Ctrl-C reaches us alone; the engine is then interrupted once, by us.
            start_new_session=True,
        )
        self._note = processes.record(home.processes, processes.describe(self._child.pid, "engine"))

    def follow(self, tell: Callable[[Event], None]) -> Outcome:
        """Passes on every event until the engine has ended."""
        words: list[str] = []
        reader = threading.Thread(target=lambda: words.extend(self._child.stderr or ()), daemon=True)
        reader.start()
        phases: dict[bool, PhaseEnded] = {}
        for line in self._child.stdout or ():
            self._record.write(line)
            event = events.parse(line)
            if isinstance(event, PhaseEnded):
                phases[event.preview] = event
            if event is not None:
                tell(event)
            elif not line.startswith("{"):
                words.append(line)
        code = self._child.wait()
        reader.join(5)
        self._record.close()
        self._note.unlink(missing_ok=True)
        seconds = time.monotonic() - self._began
        return Outcome(self._stack, code, seconds, phases.get(True), phases.get(False), "".join(words).strip())

    def interrupt(self) -> None:
        """Asks the engine to stop after what it is doing; a second time to stop at once."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child.pid, signal.SIGINT)
