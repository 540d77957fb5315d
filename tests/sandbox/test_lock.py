"""One command at a time; a dead one holds nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import lock
from sandbox.paths import Home

HOLD = """
import sys, time, pathlib
from sandbox import lock, paths
with lock.hold(paths.Home(pathlib.Path(sys.argv[1])), "make up"):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "held\n"
    return child


def test_the_second_is_told_who_holds_the_sandbox_and_since_when(tmp_path: Path) -> None:
    child = holder(tmp_path)
    with pytest.raises(lock.LockHeldError) as told, lock.hold(Home(tmp_path), "make down"):
        pass
    assert f"`make up` is working on the sandbox: process {child.pid}, since " in str(told.value)
    assert f"kill -INT {child.pid}" in str(told.value)
    child.kill()
    child.wait()


def test_the_lock_of_a_killed_holder_is_taken_over_and_the_holder_named(tmp_path: Path) -> None:
    child = holder(tmp_path)
    child.kill()
    child.wait()
    with lock.hold(Home(tmp_path), "make down") as previous:
        assert previous is not None
        assert (previous.pid, previous.role) == (child.pid, "make up")


def test_a_holder_that_ended_properly_leaves_no_trace(tmp_path: Path) -> None:
    with lock.hold(Home(tmp_path), "make up") as previous:
        assert previous is None
    with lock.hold(Home(tmp_path), "make up") as previous:
        assert previous is None
    assert [path.name for path in (tmp_path / ".sandbox/run").iterdir()] == ["lock"]
