"""A region's objects on a real Kubernetes API: all are taken, what runs becomes available, and the namespaces' rules are enforced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from config.load import load
from policies.catalogue import catalogue
from policies.graph import Graph
from policies.verdict import Verdict
from sandbox.cluster.bring_up import bring_up
from sandbox.cluster.control_plane import ControlPlane
from sandbox.engine.home import STANDIN_REGISTRY
from sandbox.paths import REPOSITORY, Home, definitions
from scripts.evidence.drift import cluster_of
from scripts.evidence.running.cloud import Cloud
from scripts.evidence.running.layer import running
from tests.kit.composed import composed
from tests.kit.control_plane import Cluster, pod, programs
from tests.kit.policies import from_recorded
from tests.kit.recorder import Graph as Recorded

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("control-plane")]

STACK = "us-east-1"
RUNNING = ("Deployment", "StatefulSet", "DaemonSet")
ENFORCED = "pod-security.kubernetes.io/enforce"
EVERYTHING = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
OF_THE_CLUSTER = {"default", "kube-node-lease", "kube-public", "kube-system"}
"""Namespaces that no program made."""


@cache
def recorded() -> Recorded:
    """The stack as its program composes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOREFOCUS_IMAGE_STANDINS", STANDIN_REGISTRY)
        return composed(load(STACK))


@cache
def objects() -> list[dict[str, Any]]:
    """What the stack applies, but charts: those need their repositories. What has no name yet goes by the resource's."""
    found = []
    for resource in recorded().resources:
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


def declared() -> Graph:
    """The stack's objects as a state has them; what has no name yet goes by the resource's, as above."""
    graph = from_recorded(recorded())
    found = []
    for each in graph.of(*(type_ for type_ in graph.types if type_.startswith("kubernetes:"))):
        metadata = {"name": each.name, **each.properties.get("metadata", {})}
        found.append(replace(each, properties={**each.properties, "metadata": metadata}))
    return Graph(found)


def judged(graph: Graph) -> dict[tuple[str, str], Verdict]:
    """What the controls of clusters say of each object."""
    controls = [control for control in catalogue().values() if control.id.startswith("K8S-")]
    return {(found.control, found.urn): found.verdict for control in controls for found in control.evaluate(graph)}


def test_objects_are_judged_as_the_server_has_them_and_one_that_somebody_deletes_is_missed(region: Cluster) -> None:
    state, server = declared(), cluster_of(region.plane.kubeconfig)
    held, coverage = running(state, Cloud(), server)
    assert judged(held) == judged(state)
    assert not coverage.gone and not coverage.unread
    assert {type_.rpartition(":")[2] for type_ in coverage.without} <= {"Secret", "Release"}
    closing = next(each for each in state.of("kubernetes:networking.k8s.io/v1:NetworkPolicy") if each.look("spec") == EVERYTHING)
    name, namespace = closing.look("metadata.name"), closing.look("metadata.namespace")
    near = Graph(each for each in state.resources if namespace in (each.look("metadata.namespace"), each.look("metadata.name")))
    region.kubectl("delete", "networkpolicy", name, f"--namespace={namespace}")
    try:
        after = judged(running(near, Cloud(), server)[0])
    finally:
        region.apply({key: closing.properties[key] for key in ("apiVersion", "kind", "metadata", "spec")})
    worse = [key for key, verdict in judged(near).items() if verdict is Verdict.PASS and after.get(key) is Verdict.VIOLATION]
    assert [(control, urn.partition("kubernetes:")[2].partition("::")[0]) for control, urn in worse] == [("K8S-02", "core/v1:Namespace")]
