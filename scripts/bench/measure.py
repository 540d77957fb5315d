"""Seconds and peak memory of a command with everything it starts."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Measured:
    """One run: wall seconds, peak resident MiB of the process tree (shared pages counted in each process), and what it printed."""

    seconds: float
    peak_mib: float
    output: str


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Measured:
    """Runs it to its end. Raises CalledProcessError, with the output's tail in its notes, when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peak = _Peak(process.pid)
    peak.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - began
    peak.stop()
    if process.returncode:
        error = subprocess.CalledProcessError(process.returncode, list(command))
        error.add_note(output[-2000:])
        raise error
    return Measured(round(seconds, 2), round(peak.mib, 1), output)


class _Peak(threading.Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._root = psutil.Process(pid)
        self._ended = threading.Event()
        self.mib = 0.0

    def run(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            try:
                tree = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
            self.mib = max(self.mib, sum(map(_resident, tree)) / 2**20)

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return 0
