"""Processes are known by id and start, and only ours are ended."""

import dataclasses
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox import processes

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


HALF_ENDED = [
    sys.executable,
    "-c",
    "import ctypes, threading, time\n"
    "threading.Thread(target=time.sleep, args=(60,)).start()\n"
    "print('up', flush=True)\n"
    "ctypes.PyDLL(None).syscall(60, 0)",
]
"""Its first thread ends (the system call exit, of x86-64) and the second goes on."""


def started(command: list[str]) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    return child


def test_a_process_is_alive_until_it_ends_even_before_its_parent_collects_it() -> None:
    child = started(SLEEP)
    known = processes.describe(child.pid, "engine")
    assert known.alive
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not known.alive
    child.wait()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the number of the system call")
def test_a_process_of_which_a_thread_still_runs_is_alive_though_its_first_has_ended() -> None:
    child = started(HALF_ENDED)
    known = processes.describe(child.pid, "kube-apiserver")
    stat = Path(f"/proc/{child.pid}/stat")
    while stat.read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.01)
    assert known.alive
    assert not processes.end(known, first=signal.SIGTERM, patience=5)
    assert not known.alive and child.wait() == -signal.SIGTERM


def test_another_process_with_the_same_id_is_not_taken_for_ours() -> None:
    child = started(SLEEP)
    reused = dataclasses.replace(processes.describe(child.pid, "engine"), started="before")
    assert not reused.alive
    assert not processes.end(reused, first=signal.SIGTERM, patience=1)
    assert child.poll() is None
    child.kill()
    child.wait()


def test_a_process_that_heeds_the_signal_is_not_killed_and_one_that_does_not_is() -> None:
    gentle, stubborn = started(SLEEP), started(STUBBORN)
    assert not processes.end(processes.describe(gentle.pid, "x"), first=signal.SIGTERM, patience=5)
    assert processes.end(processes.describe(stubborn.pid, "x"), first=signal.SIGTERM, patience=0.3)
    assert gentle.wait() == -signal.SIGTERM
    assert stubborn.wait() == -signal.SIGKILL


def test_notes_about_dead_processes_are_dropped_and_broken_ones_too(tmp_path: Path) -> None:
    child = started(SLEEP)
    processes.record(tmp_path, processes.describe(child.pid, "provider"))
    mine = processes.record(tmp_path, processes.describe(os.getpid(), "engine"))
    (tmp_path / "7.json").write_text('{"pid": 7')
    child.kill()
    child.wait()
    assert [process.role for process in processes.recorded(tmp_path)] == ["engine"]
    assert list(tmp_path.iterdir()) == [mine]


def test_a_child_is_orphaned_once_its_parent_is_gone() -> None:
    mine = processes.describe(os.getpid(), "x")
    assert not mine.orphaned
    assert dataclasses.replace(mine, parent_started="earlier").orphaned


def test_following_the_parent_notices_its_death(tmp_path: Path) -> None:
    told = tmp_path / "told"
    helper = (
        f"import time, pathlib\nfrom sandbox import processes\nprocesses.follow_parent(lambda: pathlib.Path({str(told)!r}).touch(), 0.05)\n"
    )
    helper += "print('up', flush=True)\ntime.sleep(20)"
    parent = f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {helper!r}])\ntime.sleep(20)"
    child = started([sys.executable, "-c", parent])
    assert not told.exists()
    child.kill()
    child.wait()
    for _ in range(200):
        if told.exists():
            return
        signal.sigtimedwait([], 0.02)
    pytest.fail("the helper did not notice")


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "note.json"
    processes.write_json(path, {"a": 1})
    processes.write_json(path, {"a": 2})
    assert processes.read_json(path) == {"a": 2}
    assert [item.name for item in path.parent.iterdir()] == ["note.json"]
    path.write_text("{")
    assert processes.read_json(path) == {}
    assert processes.read_json(tmp_path / "none") == {}
