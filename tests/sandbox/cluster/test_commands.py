"""What a person types about clusters: they come up, are told, are mended by `up`, and end with `down`."""

import stat
from pathlib import Path

import psutil
import pytest

from sandbox.cluster.control_plane import ControlPlane
from sandbox.paths import Home
from tests.kit.control_plane import listeners, programs
from tests.kit.project import Project

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("control-plane")]


@pytest.fixture
def without_definitions(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Operators' definitions take longer than all the rest, and are not what is proven here."""
    folder = tmp_path_factory.mktemp("none") / "definitions"
    monkeypatch.setenv("SANDBOX_CRDS", str(folder))
    return folder


def of_project(demo: Project) -> list[psutil.Process]:
    """Every process that names the project's folder, but the tests' own."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(demo.folder) in " ".join(process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_a_cluster_is_told_mended_by_up_and_ended_by_down(demo: Project, without_definitions: Path) -> None:
    programs()
    plane = ControlPlane(Home(demo.folder), "hub")
    first = demo.succeed("cluster", "--stack", "hub")
    assert f"no definitions of custom resources: {without_definitions} is no folder; SANDBOX_CRDS names another one" in first
    assert f"up in {first.partition('up in ')[2].partition(' ')[0]} s at {plane.server}" in first
    assert "ran already" in demo.succeed("cluster", "--stack", "hub")
    assert stat.S_IMODE(plane.kubeconfig.stat().st_mode) == 0o600
    assert listeners(plane) == {"127.0.0.1"}
    assert f"Cluster of hub: Kubernetes 1.35.4 at {plane.server}" in demo.succeed("status")

    demo.succeed("up", "--stack", "hub")
    assert demo.status["stacks"]["hub"]["kubeconfig"] == str(plane.kubeconfig)
    shown = demo.shell("kubectl config current-context && kubectl get nodes --output=name && echo $KUBECONFIG")
    assert shown.stdout.split() == ["hub", *(f"node/node-us-east-1{zone}-1" for zone in "abc"), str(plane.kubeconfig)]

    psutil.Process(plane.alive["kube-apiserver"].pid).kill()
    assert "has ended: kube-apiserver" in demo.succeed("status")
    assert demo.status["stacks"]["hub"]["kubeconfig"] is None
    assert "kube-apiserver of the cluster of hub had ended, and was started again" in demo.succeed("up", "--stack", "hub")

    output = demo.succeed("down")
    assert output.index("deleted aws:kms/key:Key") < output.index("the cluster of hub is ended")
    assert of_project(demo) == []
    assert not plane.kubeconfig.exists() and not plane.layout.folder.exists()


def test_a_cluster_of_a_stack_that_is_not_there_is_refused(demo: Project) -> None:
    done = demo.run("cluster", "--stack", "north")
    assert done.returncode == 1
    assert "there is no Pulumi.north.yaml; the stacks are hub, south, west" in done.stdout


def test_a_cluster_ends_on_its_own_and_leaves_the_stack(demo: Project, without_definitions: Path) -> None:
    programs()
    assert "There was no cluster to end." in demo.succeed("cluster-down")
    demo.succeed("cluster", "--stack", "west")
    assert "the cluster of west is ended" in demo.succeed("cluster-down", "--stack", "west")
    assert demo.status["stacks"] == {}
    assert of_project(demo) == []


def test_without_go_and_programs_the_error_says_what_to_install(demo: Project, tmp_path: Path) -> None:
    done = demo.run("cluster", "--stack", "hub", XDG_CACHE_HOME=str(tmp_path / "empty"), PATH=str(tmp_path / "nothing"))
    assert done.returncode == 1
    assert "Install Go 1.26 or newer" in done.stdout
    assert of_project(demo) == []
