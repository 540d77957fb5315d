"""Whatever is killed, and whenever: the next `up` completes, with nothing lost and nothing doubled."""

import json
import re
import signal

import psutil
import pytest

from sandbox.cloud import control
from tests.kit.project import Project, alive, wait_for

pytestmark = [pytest.mark.sandbox, pytest.mark.long]

KILLED = ("language-host", "program")
"""Engine, plugin and emulated cloud are killed in test_survival.py."""
MOMENTS = (0, 2, 5)
"""After how many creations of the eight to kill; at 0 the preview or the very first creation is under way."""


def set_faults(demo: Project, *rules: dict[str, object]) -> None:
    control.ask(int(demo.endpoint.rpartition(":")[2]), "POST", "faults", {"rules": rules})


def kill_after(demo: Project, role: str, creations: int) -> str:
    """Starts `up`, kills (-9) the process of that role once so many resources are created, and gives what was told."""
    running = demo.start("up", "--stack", "hub")
    told = []
    assert running.stdout is not None
    if creations == 0:
        # The cloud runs before the command begins; the others come with the engine.
        wait_for(lambda: demo.processes("engine" if role == "cloud" else role) or running.poll() is not None)
    else:
        for line in running.stdout:
            told.append(line)
            if sum(" created " in item for item in told) >= creations + 2:
                break
    for process in demo.processes(role):
        process.kill()
    output, _ = running.communicate(timeout=120)
    return "".join(told) + output


def assert_whole(demo: Project) -> None:
    """All is there once, the state says so, and the emulated cloud remembers nothing unfinished."""
    set_faults(demo)
    assert demo.in_the_cloud("hub") == demo.expected("hub")
    port = int(demo.endpoint.rpartition(":")[2])
    state = json.loads((demo.folder / ".sandbox/state/.pulumi/stacks/demo/hub.json").read_text())["checkpoint"]["latest"]
    keys = [resource["id"] for resource in state["resources"] if resource["type"] == "aws:kms/key:Key"]
    kms = demo.boto("kms", "hub")
    found = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    assert sorted(keys) == sorted(key["KeyId"] for key in found if key["KeyState"] == "Enabled" and key["KeyManager"] == "CUSTOMER")
    assert not state.get("pending_operations")
    assert control.ask(port, "GET", "operations") == {"operations": []}


@pytest.mark.parametrize("role", KILLED)
def test_killing_a_process_at_many_moments_loses_and_doubles_nothing(demo: Project, role: str) -> None:
    demo.succeed("env")
    for moment in MOMENTS:
        # Each call takes a moment, so that the kill meets calls under way.
        set_faults(demo, {"match": "*", "kind": "delay", "seconds": 0.05})
        kill_after(demo, role, moment)
        output = demo.succeed("up", "--stack", "hub")
        assert_whole(demo)
        assert not demo.processes("provider") and not demo.processes("program"), output
        demo.succeed("down", "--keep-cloud")
        demo.succeed("env")
        assert demo.in_the_cloud("hub") == {"buckets": [], "roles": [], "keys": []}


def test_killing_the_command_itself_leaves_a_sandbox_that_the_next_one_takes_over(demo: Project) -> None:
    demo.succeed("env")
    set_faults(demo, {"match": "*", "kind": "delay", "seconds": 0.1})
    running = demo.start("up", "--stack", "hub")
    assert running.stdout is not None
    for line in running.stdout:
        if "created aws:iam/role:Role" in line:
            break
    running.kill()
    output = demo.succeed("up", "--stack", "hub")
    assert f"the last command (`make up STACK=hub`, process {running.pid}) did not end properly" in output
    assert_whole(demo)


@pytest.mark.parametrize("moment", [0, 3])
def test_a_cloud_that_lost_its_memory_is_noticed_and_made_anew(demo: Project, moment: int) -> None:
    demo.succeed("env")
    set_faults(demo, {"match": "*", "kind": "delay", "seconds": 0.1})
    told = kill_after(demo, "cloud", moment)
    assert "The emulated cloud died" in told
    output = demo.succeed("up", "--stack", "hub")
    if moment:
        assert re.search(r"the emulated cloud has lost its memory: \d+ resources are made anew", output)
    assert_whole(demo)


def test_a_cloud_that_was_reset_is_noticed_too(demo: Project) -> None:
    demo.succeed("up", "--stack", "hub")
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f"{demo.endpoint}/moto-api/reset", method="POST"), timeout=10).close()
    assert "the emulated cloud has lost its memory: 8 resources are made anew" in demo.succeed("up", "--stack", "hub")
    assert_whole(demo)
    assert len(list((demo.folder / ".sandbox/lost").iterdir())) == 1


@pytest.mark.parametrize("kind", ["reset-after", "reset-before", "error503", "throttle"])
def test_a_passing_fault_of_every_call_is_retried_and_doubles_nothing(demo: Project, kind: str) -> None:
    demo.succeed("env")
    set_faults(demo, {"match": "*", "kind": kind, "probability": 0.3, "seed": 7, "times": 25})
    demo.succeed("up", "--stack", "hub")
    assert_whole(demo)


def test_a_lasting_fault_ends_in_one_clear_error_and_a_true_state(demo: Project) -> None:
    demo.succeed("env")
    set_faults(demo, {"match": "kms:CreateKey", "kind": "throttle"})
    done = demo.run("up", "--stack", "hub", SANDBOX_ATTEMPTS="2")
    assert done.returncode == 1
    failed = re.findall(r"✘ hub aws:kms/key:Key (g\d-key): (.*)", done.stdout)
    assert sorted({name for name, _ in failed}) == sorted(name for name, _ in failed)
    assert all("CreateKey" in cause and "Throttling" in cause for _, cause in failed)
    assert demo.in_the_cloud("hub")["keys"] == []
    set_faults(demo)
    demo.succeed("up", "--stack", "hub")
    assert_whole(demo)


def test_an_engine_whose_command_died_is_stopped_by_the_next(demo: Project) -> None:
    demo.succeed("env")
    set_faults(demo, {"match": "kms:CreateKey", "kind": "delay", "seconds": 3, "times": 2})
    running = demo.start("up", "--stack", "hub")
    (engine,) = wait_for(lambda: demo.processes("engine"))
    wait_for(lambda: demo.processes("provider"))
    engine.suspend()
    running.kill()
    running.wait()
    engine.resume()
    output = demo.succeed("up", "--stack", "hub")
    assert not alive(engine)
    assert demo.in_the_cloud("hub") == {name: demo.expected("hub")[name] for name in ("buckets", "roles", "keys")}, output


def test_a_lock_left_by_a_dead_engine_is_removed_and_one_of_a_living_engine_respected(demo: Project) -> None:
    demo.succeed("up", "--stack", "hub")
    import os
    import socket
    import time

    locks = demo.folder / ".sandbox/state/.pulumi/locks/organization/demo/hub"
    locks.mkdir(parents=True, exist_ok=True)
    taken = time.strftime("%Y-%m-%dT%H:%M:%S.123456789Z", time.gmtime())
    note = {"pid": 2**22 - 3, "username": "x", "hostname": socket.gethostname(), "timestamp": taken}
    (locks / "dead.json").write_text(json.dumps(note))
    assert "the lock that a killed engine left on hub is removed" in demo.succeed("up", "--stack", "hub")
    (locks / "living.json").write_text(json.dumps(note | {"pid": os.getpid()}))
    done = demo.run("up", "--stack", "hub")
    assert done.returncode == 1
    assert f"`pulumi` (process {os.getpid()}, since" in done.stdout and "is working on the stack hub" in done.stdout
    (locks / "living.json").unlink()


def test_a_half_written_state_gives_way_to_its_backup(demo: Project) -> None:
    demo.succeed("up", "--stack", "hub")
    state = demo.folder / ".sandbox/state/.pulumi/stacks/demo/hub.json"
    state.write_text(state.read_text()[:1000])
    output = demo.succeed("up", "--stack", "hub")
    assert re.search(r"the state of hub cannot be read; its backup of \S+ \S+ takes its place", output)
    assert_whole(demo)


def test_helpers_do_not_outlive_a_killed_engine(demo: Project) -> None:
    demo.succeed("env")
    set_faults(demo, {"match": "*", "kind": "delay", "seconds": 1})
    running = demo.start("up", "--stack", "hub")
    helpers: list[psutil.Process] = wait_for(lambda: demo.processes("provider"))
    helpers += demo.processes("language-host") + demo.processes("program")
    for engine in demo.processes("engine"):
        engine.send_signal(signal.SIGKILL)
    running.communicate(timeout=60)
    wait_for(lambda: not any(alive(helper) for helper in helpers), 10)
