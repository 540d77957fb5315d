"""The processes a language host runs: started, written down, and surely ended."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from sandbox import processes

_PATIENCE = 3.0


class Children:
    """Children of this process. Thread-safe."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[subprocess.Popen[bytes], Path | None]] = {}
        self._lock = threading.Lock()
        self.stopping = False
        """True once all were told to end: an exit code no longer says anything about a program."""

    def run(self, command: Sequence[str], role: str, environment: Mapping[str, str]) -> int:
        """Runs the command to its end, sharing this process's output, and gives its exit code (negative: the signal)."""
        child = self.start(command, role, environment)
        try:
            return child.wait()
        finally:
            self.forget(child)

    def start(
        self,
        command: Sequence[str],
        role: str,
        environment: Mapping[str, str],
        *,
        folder: str | None = None,
        capture: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Starts the command; with `capture` its output is readable by `output`."""
        pipe = subprocess.PIPE if capture else None
        child = subprocess.Popen(command, env=dict(environment), cwd=folder, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)
        note = None
        if (sandbox := os.environ.get("SANDBOX_FOLDER")) is not None:
            with contextlib.suppress(ProcessLookupError):
                note = processes.record(Path(sandbox, "run", "processes"), processes.describe(child.pid, role))
        with self._lock:
            self._running[child.pid] = (child, note)
        return child

    def forget(self, child: subprocess.Popen[bytes]) -> None:
        """The child has ended."""
        with self._lock:
            _, note = self._running.pop(child.pid, (child, None))
        if note is not None:
            note.unlink(missing_ok=True)

    def stop(self, child: subprocess.Popen[bytes]) -> None:
        """Interrupts the child, and kills it when it does not heed that."""
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.forget(child)

    def stop_all(self) -> None:
        """Ends every child."""
        self.stopping = True
        with self._lock:
            running = [child for child, _ in self._running.values()]
        for child in running:
            self.stop(child)


def output(child: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """What a captured child prints, as it prints it: ("stdout" or "stderr", bytes), until both streams end."""
    chunks: queue.Queue[tuple[str, bytes]] = queue.Queue()
    streams: dict[str, IO[bytes] | None] = {"stdout": child.stdout, "stderr": child.stderr}

    def pump(name: str, stream: IO[bytes]) -> None:
        while data := os.read(stream.fileno(), 1 << 16):
            chunks.put((name, data))
        chunks.put((name, b""))

    open_streams = 0
    for name, stream in streams.items():
        if stream is not None:
            open_streams += 1
            threading.Thread(target=pump, args=(name, stream), daemon=True).start()
    while open_streams:
        name, data = chunks.get()
        if data:
            yield name, data
        else:
            open_streams -= 1
