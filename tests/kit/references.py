"""Judges what objects of a composed graph refer to: an API server takes names of things that are not there, and pods then never start."""

from collections.abc import Iterator
from typing import Any

from tests.kit.kubernetes import Item, Workload, name_of, namespace_of, of_kind, workloads
from tests.kit.recorder import Graph

Place = tuple[str, str, str]
"""Kind, namespace and name."""
_OF_KUBERNETES = ("system-cluster-critical", "system-node-critical")


def reference_problems(graph: Graph) -> list[str]:
    """Return accounts, configuration, secrets, claims and priorities that pods name and nobody makes."""
    there = set(_made(graph))
    classes = {name_of(each) for each in of_kind(graph, "PriorityClass")} | set(_OF_KUBERNETES)
    found = []
    for each in workloads(graph):
        space = namespace_of(each.object)
        found += [f"{each.called}: no {kind} {name}" for kind, name in _named(each) if (kind, space, name) not in there]
        priority = each.pod.get("priorityClassName")
        if priority is not None and priority not in classes:
            found.append(f"{each.called}: no PriorityClass {priority}")
    return sorted(set(found))


def scaler_problems(graph: Graph) -> list[str]:
    """Return autoscalers and disruption budgets of workloads that are not there."""
    there = {(each.kind, namespace_of(each.object), name_of(each.object)) for each in workloads(graph)}
    found = []
    for each in of_kind(graph, "HorizontalPodAutoscaler", "ScaledObject"):
        target = each["spec"]["scaleTargetRef"]
        if (target.get("kind", "Deployment"), namespace_of(each), target["name"]) not in there:
            found.append(f"{each['kind']} {namespace_of(each)}/{name_of(each)}: no {target.get('kind', 'Deployment')} {target['name']}")
    return found


def _made(graph: Graph) -> Iterator[Place]:
    for each in of_kind(graph, "ServiceAccount", "ConfigMap", "Secret", "PersistentVolumeClaim"):
        yield each["kind"], namespace_of(each), name_of(each)
    for each in of_kind(graph, "ExternalSecret"):
        yield "Secret", namespace_of(each), (each["spec"].get("target") or {}).get("name") or name_of(each)
    for each in of_kind(graph, "Certificate"):
        yield "Secret", namespace_of(each), each["spec"]["secretName"]
    # What its operator makes of it: https://www.elastic.co/docs/deploy-manage/security/k8s-https-settings
    for kind, short in (("Elasticsearch", "es"), ("Kibana", "kb"), ("Logstash", "ls")):
        for each in of_kind(graph, kind):
            yield "Secret", namespace_of(each), f"{name_of(each)}-{short}-http-certs-public"
    for each in of_kind(graph, "StatefulSet"):
        for claim in each["spec"].get("volumeClaimTemplates") or ():
            yield "PersistentVolumeClaim", namespace_of(each), name_of(claim)
    for namespace in of_kind(graph, "Namespace"):
        yield "ServiceAccount", name_of(namespace), "default"
        # The API server's own certificate authority, which each namespace is given.
        yield "ConfigMap", name_of(namespace), "kube-root-ca.crt"


def _named(each: Workload) -> Iterator[tuple[str, str]]:
    yield "ServiceAccount", each.pod.get("serviceAccountName") or "default"
    for volume in each.pod.get("volumes") or ():
        yield from _in_volume(volume)
        for source in (volume.get("projected") or {}).get("sources") or ():
            yield from _in_volume(source)
    for container in each.containers:
        for source in container.get("envFrom") or ():
            yield from _reference("ConfigMap", source.get("configMapRef"))
            yield from _reference("Secret", source.get("secretRef"))
        for variable in container.get("env") or ():
            source = variable.get("valueFrom") or {}
            yield from _reference("ConfigMap", source.get("configMapKeyRef"))
            yield from _reference("Secret", source.get("secretKeyRef"))


def _in_volume(volume: Item) -> Iterator[tuple[str, str]]:
    yield from _reference("ConfigMap", volume.get("configMap"))
    secret = volume.get("secret") or {}
    yield from _reference("Secret", {"name": secret.get("secretName") or secret.get("name"), "optional": secret.get("optional")})
    claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
    if claim:
        yield "PersistentVolumeClaim", claim


def _reference(kind: str, reference: Any) -> Iterator[tuple[str, str]]:
    if reference and reference.get("name") and not reference.get("optional"):
        yield kind, str(reference["name"])
