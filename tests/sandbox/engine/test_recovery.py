"""What crashed runs leave behind is put right; what lives is left alone."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sandbox import processes
from sandbox.engine import recovery
from sandbox.paths import Home

# A test that runs in the background of a shell has SIGINT ignored, and so have its children.
SLEEP = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    made = Home(tmp_path)
    (made.state / ".pulumi/stacks/demo").mkdir(parents=True)
    return made


def state(home: Home, **latest: Any) -> Path:
    path = home.state / ".pulumi/stacks/demo/dev.json"
    path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": "organization/demo/dev", "latest": latest}}))
    return path


def held(name: str) -> dict[str, Any]:
    return {"urn": f"urn:{name}", "type": "aws:kms/key:Key", "custom": True, "id": name, "outputs": {}}


def lock(home: Home, **more: Any) -> Path:
    path = home.state / ".pulumi/locks/organization/demo/dev/1.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    taken = time.strftime("%Y-%m-%dT%H:%M:%S.123456789Z", time.gmtime())
    path.write_text(json.dumps({"pid": os.getpid(), "hostname": socket.gethostname(), "timestamp": taken, "username": "x"} | more))
    return path


def orphan(home: Home, role: str, code: str = SLEEP) -> subprocess.Popen[str]:
    """A process of the sandbox whose parent is gone."""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    note = processes.record(home.processes, processes.describe(child.pid, role))
    note.write_text(json.dumps(json.loads(note.read_text()) | {"parent_started": "gone"}))
    return child


def test_orphans_are_ended_and_the_cloud_and_the_living_are_not(home: Home) -> None:
    told: list[str] = []
    lost = [orphan(home, role) for role in ("engine", "provider", "program")]
    cloud = orphan(home, "cloud")
    working = subprocess.Popen([sys.executable, "-c", SLEEP], stdout=subprocess.PIPE)
    processes.record(home.processes, processes.describe(working.pid, "provider"))
    recovery.end_leftovers(home, told.append)
    assert [child.wait(10) for child in lost] == [-signal.SIGINT if child is lost[0] else -signal.SIGTERM for child in lost] or all(
        child.returncode is not None for child in lost
    )
    assert told == [f"an engine of a command that died still runs (process {lost[0].pid}): stopping it"]
    assert cloud.poll() is None and working.poll() is None
    for child in (cloud, working):
        child.kill()
        child.wait()


def test_what_was_begun_and_not_ended_is_taken_up_again(home: Home) -> None:
    path = state(home, resources=[held("a")], pending_operations=[{"type": "creating", "resource": held("b")}])
    told: list[str] = []
    recovery.mend_states(home, told.append)
    latest = json.loads(path.read_text())["checkpoint"]["latest"]
    assert latest == {"resources": [held("a")]}
    assert told == ["an operation on dev was interrupted; it is taken up again"]
    recovery.mend_states(home, told.append)
    assert len(told) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"pid": 2**22 - 5},
        {"timestamp": "2001-01-01T00:00:00Z"},
        {"hostname": "another-machine"},
    ],
    ids=["dead", "its id was given to another process", "of another machine that shared this folder"],
)
def test_a_lock_that_nobody_holds_is_removed(home: Home, more: dict[str, Any]) -> None:
    path = lock(home, **more)
    told: list[str] = []
    recovery.mend_states(home, told.append)
    assert not path.exists()
    assert told == ["the lock that a killed engine left on dev is removed"]


def test_a_lock_of_a_living_engine_stops_us(home: Home) -> None:
    path = lock(home)
    with pytest.raises(recovery.EngineBusyError, match=rf"`pulumi` \(process {os.getpid()}, since .* is working on the stack dev"):
        recovery.mend_states(home, lambda _text: None)
    assert path.exists()


def test_half_written_files_are_removed(home: Home) -> None:
    leftover = home.state / ".pulumi/stacks/demo/dev.json.1795307595178864168.tmp"
    leftover.write_text("{")
    path = state(home, resources=[])
    recovery.mend_states(home, lambda _text: None)
    assert not leftover.exists() and path.exists()


def test_an_unreadable_state_gives_way_to_its_backup_and_is_kept(home: Home) -> None:
    path = state(home, resources=[held("a")])
    good = path.read_text()
    path.with_name("dev.json.bak").write_text(good)
    path.write_text(good[:40])
    told: list[str] = []
    recovery.mend_states(home, told.append)
    assert path.read_text() == good
    assert path.with_suffix(".broken").read_text() == good[:40]
    assert re.search(r"its backup of \S+ \S+ takes its place", told[0])


def test_the_youngest_copy_that_can_be_read_takes_an_unreadable_states_place(home: Home) -> None:
    path = state(home, resources=[held("a"), held("b")])
    good = path.read_text()
    older = path.with_name("dev.json.bak")
    older.write_text(state(home, resources=[]).read_text())
    ends = home.state / ".pulumi/backups/demo/dev"
    ends.mkdir(parents=True)
    for number, text in enumerate([good, good[:20]], 1):
        (ends / f"dev.{number}.json").write_text(text)
        os.utime(ends / f"dev.{number}.json", (time.time() + number, time.time() + number))
    path.write_text("")
    recovery.mend_states(home, lambda _text: None)
    assert path.read_text() == good


def test_an_unreadable_state_without_a_backup_starts_anew(home: Home) -> None:
    path = state(home, resources=[])
    path.write_text("")
    told: list[str] = []
    recovery.mend_states(home, told.append)
    assert not path.exists()
    assert "starts anew" in told[0]


def test_states_of_a_cloud_that_is_gone_are_set_aside_and_said(home: Home) -> None:
    told: list[str] = []
    assert not recovery.settle_with(home, "first", told.append)
    state(home, resources=[held("a"), held("b")])
    assert not recovery.settle_with(home, "first", told.append)
    assert told == []
    assert recovery.settle_with(home, "second", told.append)
    assert told[0].startswith("the emulated cloud has lost its memory: 2 resources are made anew (their states are kept in .sandbox/lost/")
    assert not (home.state / ".pulumi").exists()
    (kept,) = home.lost_states.iterdir()
    assert (kept / ".pulumi/stacks/demo/dev.json").exists()


def test_empty_states_outlive_their_cloud_in_silence(home: Home) -> None:
    told: list[str] = []
    recovery.settle_with(home, "first", told.append)
    path = state(home, resources=[])
    assert not recovery.settle_with(home, "second", told.append)
    assert told == [] and path.exists()
    assert json.loads(home.instance.read_text()) == {"instance": "second"}


def test_only_the_last_three_lost_states_are_kept(home: Home) -> None:
    recovery.settle_with(home, "cloud-0", lambda _text: None)
    for number in range(1, 6):
        (home.state / ".pulumi/stacks/demo").mkdir(parents=True, exist_ok=True)
        state(home, resources=[held("a")])
        recovery.settle_with(home, f"cloud-{number}", lambda _text: None)
    assert len(list(home.lost_states.iterdir())) == 3
