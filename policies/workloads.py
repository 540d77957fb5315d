"""Pods in the objects that make them, and which namespace an object is in."""

from collections.abc import Iterable, Iterator
from typing import Any

from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, each, look

PODS = {
    "kubernetes:apps/v1:Deployment": "spec.template.spec",
    "kubernetes:apps/v1:StatefulSet": "spec.template.spec",
    "kubernetes:apps/v1:DaemonSet": "spec.template.spec",
    "kubernetes:apps/v1:ReplicaSet": "spec.template.spec",
    "kubernetes:batch/v1:Job": "spec.template.spec",
    "kubernetes:batch/v1:CronJob": "spec.jobTemplate.spec.template.spec",
    "kubernetes:core/v1:Pod": "spec",
}
"""Where the pod stands in each kind that makes some."""
NAMESPACE = "kubernetes:core/v1:Namespace"
ENFORCED = "pod-security.kubernetes.io/enforce"
REASON = "morefocus.com/pod-security-exception"


def workloads(graph: Graph) -> Iterator[tuple[Resource, str]]:
    """Give each object that makes pods, with the path of its pod."""
    for type_, path in PODS.items():
        for workload in graph.of(type_):
            yield workload, path


def containers(pod: Any) -> list[Any]:
    """Return every container of a pod, those that come first and those for debugging too."""
    return [one for kind in ("initContainers", "containers", "ephemeralContainers") for one in each(pod, kind)]


def namespace_of(resource: Resource) -> Any:
    """Return the name of the namespace an object is in."""
    found = resource.look("metadata.namespace")
    return "default" if found is ABSENT else found


def label(resource: Resource, name: str, *, of: str = "labels") -> Any:
    """Return a label (or annotation), whose name has dots itself."""
    found = resource.look(f"metadata.{of}")
    return found if found is UNKNOWN else found.get(name, ABSENT) if isinstance(found, dict) else ABSENT


def privileged_namespaces(graph: Graph) -> frozenset[str]:
    """Return namespaces whose pods may do what their nodes' agents need, each with a reason written on it."""
    return frozenset(
        str(look(one.properties, "metadata.name"))
        for one in graph.of(NAMESPACE)
        if label(one, ENFORCED) == "privileged" and label(one, REASON, of="annotations") is not ABSENT
    )


def within(graph: Graph, type_: str, namespace: Any) -> Iterable[Resource]:
    """Give the objects of a type that are in a namespace, and those of which it is not known yet."""
    return [one for one in graph.of(type_) if namespace_of(one) in (namespace, UNKNOWN)]
