"""A state holds the objects of the cluster that the stack has now, and of no other."""

import json
from pathlib import Path
from typing import Any

from sandbox import processes
from sandbox.cluster import memory
from sandbox.cluster.control_plane import ControlPlane
from sandbox.paths import Home

ROLE = {"urn": "urn:role", "type": "aws:iam/role:Role", "dependencies": [], "custom": True}
SPACE = {"urn": "urn:space", "type": "kubernetes:core/v1:Namespace", "dependencies": ["urn:role"], "custom": True}
API = {"urn": "urn:api", "type": "pulumi:providers:kubernetes", "custom": True}
ACCESS = {
    "urn": "urn:access",
    "type": "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "dependencies": ["urn:role", "urn:space"],
    "propertyDependencies": {"namespace": ["urn:space"], "roleArn": ["urn:role"], "tags": None},
    "deletedWith": "urn:space",
    "custom": True,
}


def write_state(home: Home, *resources: dict[str, Any]) -> Path:
    path = home.state / ".pulumi" / "stacks" / "demo" / "west.json"
    processes.write_json(path, {"version": 3, "checkpoint": {"latest": {"resources": list(resources)}}})
    return path


def held(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())["checkpoint"]["latest"]["resources"]
    return found


def give_cluster(home: Home, identity: str) -> None:
    plane = ControlPlane(home, "west")
    processes.write_json(plane.layout.folder / "cluster.json", {"identity": identity})
    plane.kubeconfig.write_text("{}")


def settle(home: Home) -> list[str]:
    told: list[str] = []
    memory.settle(home, told.append)
    return told


def test_objects_recorded_before_there_was_a_cluster_are_applied_to_it_anew(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = write_state(home, ROLE, SPACE, API, ACCESS)
    assert settle(home) == []
    give_cluster(home, "first")
    assert settle(home) == ["west: 1 objects of Kubernetes are applied anew, to its cluster"]
    kept = {item["urn"]: item for item in held(path)}
    assert list(kept) == ["urn:role", "urn:api", "urn:access"]
    assert kept["urn:access"]["dependencies"] == ["urn:role"]
    assert kept["urn:access"]["propertyDependencies"] == {"namespace": [], "roleArn": ["urn:role"], "tags": []}
    assert "deletedWith" not in kept["urn:access"]
    assert kept["urn:role"] == ROLE


def test_the_objects_of_a_cluster_that_stays_are_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = write_state(home, ROLE)
    give_cluster(home, "first")
    settle(home)
    write_state(home, ROLE, SPACE)
    assert settle(home) == []
    assert [item["urn"] for item in held(path)] == ["urn:role", "urn:space"]


def test_objects_of_a_cluster_that_was_replaced_or_ended_are_applied_anew(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_state(home, ROLE)
    give_cluster(home, "first")
    settle(home)
    write_state(home, SPACE)
    give_cluster(home, "second")
    assert settle(home) == ["west: 1 objects of Kubernetes are applied anew, to its cluster"]
    write_state(home, SPACE)
    ControlPlane(home, "west").stop()
    assert settle(home) == ["west: 1 objects of Kubernetes are applied anew, to the state alone, without a cluster"]


def test_the_first_objects_of_a_stack_that_has_its_cluster_from_the_start_are_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    give_cluster(home, "first")
    assert settle(home) == []
    path = write_state(home, SPACE)
    assert settle(home) == []
    assert held(path) == [SPACE]


def test_a_cluster_that_is_not_ready_yet_is_none(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = write_state(home, SPACE)
    give_cluster(home, "first")
    ControlPlane(home, "west").kubeconfig.unlink()
    assert settle(home) == []
    assert held(path) == [SPACE]
