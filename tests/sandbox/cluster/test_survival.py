"""Whatever of a cluster is killed during an `up`: the next one completes, and nothing is lost or doubled."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from sandbox.cluster.control_plane import ControlPlane
from sandbox.paths import Home
from tests.kit.control_plane import Cluster, programs
from tests.kit.project import Project, project
from tests.sandbox.test_kubernetes import PROGRAM

pytestmark = [pytest.mark.sandbox, pytest.mark.long, pytest.mark.xdist_group("control-plane")]

OBJECTS = {"configmap", "deployment", "networkpolicy", "secret"}


@pytest.fixture
def shop(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A project with a cluster of its own, up and empty."""
    programs()
    monkeypatch.setenv("SANDBOX_CRDS", str(tmp_path_factory.mktemp("definitions") / "none"))
    with project(tmp_path) as made:
        made.write(PROGRAM.replace('CustomResource("unknown"', 'if False: CustomResource("unknown"'))
        made.succeed("cluster", "--stack", "hub")
        yield made


def cluster(shop: Project) -> Cluster:
    return Cluster(ControlPlane(Home(shop.folder), "hub"), programs())


def own(shop: Project) -> list[tuple[str, str]]:
    """Kind and name of every object in the program's namespace that the program made, and not Kubernetes itself."""
    found: list[dict[str, Any]] = cluster(shop).get(",".join(sorted(OBJECTS)), "--namespace=shop")["items"]
    return sorted(
        (item["kind"], item["metadata"]["name"].rpartition("-")[0] or item["metadata"]["name"]) for item in found if not _system(item)
    )


def _system(item: dict[str, Any]) -> bool:
    return str(item["metadata"]["name"]) == "kube-root-ca.crt"


WHOLE = [("ConfigMap", "settings"), ("Deployment", "web"), ("NetworkPolicy", "deny"), ("Secret", "key")]


def test_a_stack_is_applied_to_its_cluster_stays_as_it_is_and_is_destroyed_before_the_cluster_ends(shop: Project) -> None:
    shop.succeed("up", "--stack", "hub")
    assert own(shop) == WHOLE
    assert cluster(shop).get("deployment/web", "--namespace=shop")["status"]["availableReplicas"] == 2
    assert "no change" in shop.succeed("up", "--stack", "hub")
    assert "no drift" in shop.succeed("refresh", "--stack", "hub")
    output = shop.succeed("down", "--keep-cloud")
    assert "the cluster of hub is ended" not in output
    assert cluster(shop).try_kubectl("get", "namespace", "shop").returncode != 0


def test_an_api_server_killed_in_the_middle_of_an_up_is_made_good_by_the_next(shop: Project) -> None:
    running = shop.start("up", "--stack", "hub")
    plane = ControlPlane(Home(shop.folder), "hub")
    assert running.stdout is not None
    for line in running.stdout:
        if "created kubernetes:" in line:
            break
    psutil.Process(plane.alive["kube-apiserver"].pid).kill()
    output, _ = running.communicate(timeout=240)
    assert running.returncode != 0, output
    assert "Traceback" not in output
    assert "kube-apiserver of the cluster of hub had ended" in shop.succeed("up", "--stack", "hub")
    assert own(shop) == WHOLE
    assert "no change" in shop.succeed("up", "--stack", "hub")


def test_objects_recorded_before_there_was_a_cluster_are_applied_to_it(shop: Project) -> None:
    shop.succeed("cluster-down")
    shop.succeed("up", "--stack", "hub")
    shop.succeed("cluster", "--stack", "hub")
    assert "objects of Kubernetes are applied anew, to its cluster" in shop.succeed("up", "--stack", "hub")
    assert own(shop) == WHOLE
