"""A region's objects on a real Kubernetes API: all are taken, what runs becomes available, and the namespaces' rules are enforced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from config.load import load
from sandbox.cluster.bring_up import bring_up
from sandbox.cluster.control_plane import ControlPlane
from sandbox.engine.home import STANDIN_REGISTRY
from sandbox.paths import REPOSITORY, Home, definitions
from tests.kit.composed import composed
from tests.kit.control_plane import Cluster, pod, programs

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("control-plane")]

STACK = "us-east-1"
RUNNING = ("Deployment", "StatefulSet", "DaemonSet")
ENFORCED = "pod-security.kubernetes.io/enforce"
EVERYTHING = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
OF_THE_CLUSTER = {"default", "kube-node-lease", "kube-public", "kube-system"}
"""Namespaces that no program made."""


@cache
def objects() -> list[dict[str, Any]]:
    """What the stack applies, but charts: those need their repositories. What has no name yet goes by the resource's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOREFOCUS_IMAGE_STANDINS", STANDIN_REGISTRY)
        graph = composed(load(STACK))
    found = []
    for resource in graph.resources:
        if resource.type.startswith("kubernetes:") and not resource.type.startswith("kubernetes:helm.sh"):
            item = json.loads(json.dumps(resource.inputs))
            item.setdefault("metadata", {}).setdefault("name", resource.name)
            found.append(item)
    return found


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A control plane with the region's nodes, the operators' definitions and the objects of the stack."""
    built = programs()
    if not definitions().is_dir():
        pytest.skip(f"NOT RUN: there are no definitions of custom resources in {definitions()}; SANDBOX_CRDS names another folder")
    folder = tmp_path_factory.mktemp("region")
    for name in (f"Pulumi.{STACK}.yaml", "pyproject.toml"):
        (folder / name).write_text((REPOSITORY / name).read_text())
    plane = ControlPlane(Home(folder), STACK)
    bring_up(plane, built, definitions(), lambda _text: None)
    try:
        cluster = Cluster(plane, built)
        items = objects()
        early = [item for item in items if item["kind"] in ("CustomResourceDefinition", "Namespace", "PriorityClass", "StorageClass")]
        cluster.apply(*early)
        cluster.apply(*(item for item in items if item not in early))
        yield cluster
    finally:
        plane.stop()


def made(region: Cluster) -> list[dict[str, Any]]:
    """The program's own namespaces."""
    return [item for item in region.get("namespace")["items"] if item["metadata"]["name"] not in OF_THE_CLUSTER]


def test_every_object_is_taken_and_kept(region: Cluster) -> None:
    wanted = {(_kind(item), _name(item)) for item in objects()}
    assert len(wanted) == len(objects()) > 50
    kinds = sorted({kind for kind, _ in wanted})
    held = region.get(",".join(kinds), "--all-namespaces")["items"]
    assert wanted <= {(_kind(item), _name(item)) for item in held}


def _kind(item: dict[str, Any]) -> str:
    group, _, _version = item["apiVersion"].rpartition("/")
    return f"{item['kind']}.{group}" if group else str(item["kind"])


def _name(item: dict[str, Any]) -> str:
    return f"{item['metadata'].get('namespace', '')}/{item['metadata']['name']}"


def test_everything_that_runs_becomes_available(region: Cluster) -> None:
    for item in objects():
        if item["kind"] in RUNNING:
            target = f"{item['kind']}/{item['metadata']['name']}"
            region.kubectl("rollout", "status", target, f"--namespace={item['metadata']['namespace']}", "--timeout=120s")
    pending = region.get("pod", "--all-namespaces", "--field-selector=status.phase=Pending")["items"]
    assert [f"{item['metadata']['namespace']}/{item['metadata']['name']}" for item in pending] == []


def test_every_certificate_that_somebody_waits_for_is_ready(region: Cluster) -> None:
    waiting = [item for item in objects() if "pulumi.com/waitFor" in (item["metadata"].get("annotations") or {})]
    assert waiting
    for item in waiting:
        wanted = item["metadata"]["annotations"]["pulumi.com/waitFor"]
        region.wait(wanted, f"{_kind(item)}/{item['metadata']['name']}", f"--namespace={item['metadata']['namespace']}")


def test_every_namespace_denies_what_nobody_allowed_both_ways(region: Cluster) -> None:
    policies = region.get("networkpolicy", "--all-namespaces")["items"]
    denied = {item["metadata"]["namespace"] for item in policies if item["spec"] == EVERYTHING}
    assert denied >= {item["metadata"]["name"] for item in made(region)}


def test_every_namespace_enforces_pod_security_and_those_that_are_restricted_refuse_a_privileged_pod(region: Cluster) -> None:
    levels = {item["metadata"]["name"]: item["metadata"]["labels"].get(ENFORCED) for item in made(region)}
    assert None not in levels.values()
    restricted = [name for name, level in levels.items() if level == "restricted"]
    assert len(restricted) >= 5
    for name in restricted:
        assert 'violates PodSecurity "restricted:latest": privileged' in region.refusal(pod("privileged", name, privileged=True))


def test_a_pod_over_the_quota_of_its_namespace_is_refused(region: Cluster) -> None:
    quotas = region.get("resourcequota", "--all-namespaces")["items"]
    limited = [item for item in quotas if "requests.cpu" in item["spec"]["hard"]]
    assert limited
    for item in limited:
        told = region.refusal(pod("over", item["metadata"]["namespace"], cpu="500"))
        assert "exceeded quota" in told or "maximum cpu usage per Container" in told
