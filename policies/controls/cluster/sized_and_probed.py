"""K8S-06: a container says what it needs and takes at most, and how it is known to have started, to live, and to be ready."""

from collections.abc import Iterable, Iterator
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, each, look
from policies.verdict import Ruling
from policies.workloads import PODS, containers, workloads

SEARCH = "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch"
KIBANA = "kubernetes:kibana.k8s.elastic.co/v1:Kibana"
LOGSTASH = "kubernetes:logstash.k8s.elastic.co/v1alpha1:Logstash"
BEAT = "kubernetes:beat.k8s.elastic.co/v1beta1:Beat"
_SERVES = (
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:apps/v1:ReplicaSet",
)
"""Kinds whose pods run until they are ended; what runs to its own end is known to have failed by that."""
_SIZES = ("requests.cpu", "requests.memory", "limits.cpu", "limits.memory")
_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge every container of a workload by its sizes, and those that serve by their probes.

    Those that begin before the others, sidecars among them, are asked for sizes alone; and so is what an operator makes pods of, which
    gives them probes of its own.
    """
    for workload, path in workloads(graph):
        pod = workload.look(path)
        needs = [_sizes(path, pod)]
        if workload.type in _SERVES:
            needs.append(Need(f"{path}.containers", _all(pod, each(pod, "containers"), _PROBES), ", ".join(_PROBES)))
        yield ruled(workload, *needs)
    for operated in graph.of(SEARCH, KIBANA, LOGSTASH, BEAT):
        yield ruled(operated, *(_sizes(path, pod) for path, pod in _pods(operated)))


def _pods(operated: Resource) -> Iterator[tuple[str, Any]]:
    """Give the pods that an operator makes, each with its path."""
    if operated.type == SEARCH:
        for nodes in each(operated.properties, "spec.nodeSets"):
            yield "spec.nodeSets.podTemplate.spec", look(nodes, "podTemplate.spec")
    elif operated.type == BEAT:
        kind = "deployment" if operated.look("spec.daemonSet") is ABSENT else "daemonSet"
        yield f"spec.{kind}.podTemplate.spec", operated.look(f"spec.{kind}.podTemplate.spec")
    else:
        yield "spec.podTemplate.spec", operated.look("spec.podTemplate.spec")


def _sizes(path: str, pod: Any) -> Need:
    return Need(f"{path}.containers.resources", _all(pod, containers(pod), [f"resources.{size}" for size in _SIZES]), ", ".join(_SIZES))


def _all(pod: Any, inside: list[Any], paths: Iterable[str]) -> Answer:
    """Tell whether every container says something at every path, and there is one."""
    if pod is UNKNOWN:
        return None
    told = [look(container, path) for path in paths for container in inside]
    return bool(inside) and all_of([None if value is UNKNOWN else value is not ABSENT for value in told])


CONTROL = Control(
    id="K8S-06",
    title="Containers say what they need and take at most, and have the three probes where they serve",
    severity=Severity.MEDIUM,
    why="One pod without a limit starves its node, and one that hangs unprobed takes requests that nobody answers.",
    fix="give each container resources with requests and limits of cpu and memory, and startup, liveness and readiness probes",
    clauses=clauses(gdpr="32(1)(b)*", lgpd="46", soc2="A1.1*", iso27001="8.6*"),
    governs=(*PODS, SEARCH, KIBANA, LOGSTASH, BEAT),
    check=check,
)
