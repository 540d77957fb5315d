"""A control plane's life: up in seconds, on loopback alone, mended with its memory, ended without a trace."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sandbox import processes
from sandbox.cluster import bring_up
from sandbox.cluster.build import Programs
from sandbox.cluster.control_plane import ClusterError, ControlPlane, known
from sandbox.cluster.servers import SERVERS
from sandbox.paths import REPOSITORY, Home
from tests.kit.control_plane import Cluster, listeners, namespace, programs, project_folder
from tests.sandbox.engine.test_build import script

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("control-plane")]


@pytest.fixture
def plane(tmp_path: Path) -> Iterator[ControlPlane]:
    """A control plane that nobody has started."""
    made = ControlPlane(Home(project_folder(tmp_path)), "west")
    yield made
    made.stop()


def quiet(_text: str) -> None:
    """Nobody listens."""


def running(plane: ControlPlane) -> list[psutil.Process]:
    """Processes that name the control plane's folder, by whoever they were started."""
    folder = str(plane.layout.folder)
    return [process for process in psutil.process_iter() if _names(process, folder)]


def _names(process: psutil.Process, folder: str) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and folder in " ".join(process.cmdline())
    except psutil.Error:
        return False


def kill(plane: ControlPlane, name: str) -> None:
    psutil.Process(plane.alive[name].pid).kill()
    deadline = time.monotonic() + 5
    while name in plane.alive and time.monotonic() < deadline:
        time.sleep(0.01)


def test_it_is_up_in_seconds_on_loopback_alone_and_gone_when_stopped(plane: ControlPlane) -> None:
    built = programs()
    began = time.monotonic()
    bring_up.bring_up(plane, built, None, quiet)
    # 5 s where nothing else runs.
    assert time.monotonic() - began < 30
    assert not plane.missing
    assert {process.pid for process in plane.alive.values()} == {process.pid for process in running(plane)}
    assert listeners(plane) == {"127.0.0.1"}
    assert plane.kubeconfig.stat().st_mode & 0o777 == 0o600
    plane.stop()
    assert running(plane) == []
    assert not plane.layout.folder.exists() and not plane.kubeconfig.exists()
    assert known(plane.home) == []


def test_started_twice_it_stays_the_same(cluster: Cluster) -> None:
    before = (cluster.plane.identity, {name: process.pid for name, process in cluster.plane.alive.items()})
    bring_up.bring_up(cluster.plane, cluster.programs, None, quiet)
    assert (cluster.plane.identity, {name: process.pid for name, process in cluster.plane.alive.items()}) == before


@pytest.mark.parametrize("name", SERVERS)
def test_a_killed_program_is_told_and_started_again_with_what_the_cluster_held(cluster: Cluster, name: str) -> None:
    plane = cluster.plane
    cluster.apply(namespace(f"before-{name}"))
    # Without etcd the API server is started again too: it would look for the new one too seldom.
    anew = {name, "kube-apiserver"} if name == "etcd" else {name}
    identity, others = plane.identity, {role: process.pid for role, process in plane.alive.items() if role not in anew}
    kill(plane, name)
    assert plane.missing == [name]
    told: list[str] = []
    bring_up.mend(plane.home, told.append)
    assert told == [f"{name} of the cluster of west had ended, and was started again"]
    assert not plane.missing and plane.identity == identity
    assert {role: process.pid for role, process in plane.alive.items() if role not in anew} == others
    assert cluster.get("namespace", f"before-{name}")["status"]["phase"] == "Active"
    told.clear()
    bring_up.mend(plane.home, told.append)
    assert told == []


def test_after_all_of_it_died_it_remembers_what_it_held(cluster: Cluster) -> None:
    plane = cluster.plane
    cluster.apply(namespace("before-the-end"))
    identity = plane.identity
    for name in SERVERS:
        kill(plane, name)
    assert plane.missing == list(SERVERS)
    bring_up.mend(plane.home, quiet)
    assert plane.identity == identity
    assert cluster.get("namespace", "before-the-end")["status"]["phase"] == "Active"


def test_a_start_that_fails_ends_what_it_started_and_shows_why(plane: ControlPlane, tmp_path: Path) -> None:
    folder = tmp_path / "programs"
    folder.mkdir()
    for path in programs().folder.iterdir():
        (folder / path.name).symlink_to(path)
    (folder / "kube-scheduler").unlink()
    script(folder / "kube-scheduler", "#!/bin/sh\necho 'no room for pods'\nexit 3\n")
    with pytest.raises(ClusterError, match=r"kube-scheduler of west ended early; the end of .* says:\nno room for pods"):
        bring_up.bring_up(plane, Programs(folder), None, quiet)
    assert running(plane) == []
    assert not plane.kubeconfig.exists()
    # And is no obstacle to the next one.
    bring_up.bring_up(plane, programs(), None, quiet)
    assert not plane.missing


def test_a_command_killed_while_it_starts_a_cluster_leaves_nothing_that_the_next_cannot_take_over(plane: ControlPlane) -> None:
    programs()
    command = [sys.executable, "-m", "sandbox", "cluster", "--stack", "west", "--project", str(plane.home.project)]
    started = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while "kube-apiserver" not in plane.alive and time.monotonic() < deadline:
        time.sleep(0.02)
    started.kill()
    started.wait()
    assert not plane.kubeconfig.exists()
    bring_up.bring_up(plane, programs(), None, quiet)
    assert len(running(plane)) == len(SERVERS)


def test_a_process_that_only_has_the_id_of_ours_is_left_alone(plane: ControlPlane) -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        described = processes.describe(stranger.pid, "etcd")
        folder = plane.layout.folder / "processes"
        processes.record(folder, described)
        note = folder / f"{stranger.pid}.json"
        note.write_text(note.read_text().replace(described.started, "1"))
        plane.stop()
        assert stranger.poll() is None
        stranger.kill()


def test_what_ran_without_its_programs_says_how_to_get_them(plane: ControlPlane, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.rmtree(plane.layout.folder, ignore_errors=True)
    processes.write_json(plane.layout.folder / "cluster.json", {"identity": "x", "ports": {}})
    plane.kubeconfig.write_text("{}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    with pytest.raises(ClusterError, match="`make cluster STACK=west` builds them and starts it again"):
        bring_up.mend(plane.home, quiet)
