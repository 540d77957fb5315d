"""What objects say of each other, looked at when all are there: nothing may point at what nobody makes.

Judged at the end of a run and not object by object, because the order of creation decides nothing: a pod waits for its ConfigMap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.provider.facts.problem import choices
from sandbox.provider.kubernetes import quotas
from sandbox.provider.kubernetes.consistency import matches
from sandbox.provider.kubernetes.objects import DEFAULT_NAMESPACE, at, containers, items, kind_of, mapping, pod_template
from sandbox.provider.values import Properties

_RELEASE = "Release"
_ALWAYS_THERE = {("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")}
_OPERATED = {
    ("argoproj.io", "Rollout"),
    ("monitoring.coreos.com", "Alertmanager"),
    ("monitoring.coreos.com", "Prometheus"),
    ("monitoring.coreos.com", "ThanosRuler"),
}
"""Custom resources of which an operator makes pods."""


@dataclass(frozen=True, slots=True)
class Dangling:
    """A reference to nothing: of which object, where in it, and what it points at."""

    object: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.object}: {self.path}: {self.message}" if self.path else f"{self.object}: {self.message}"


@dataclass(slots=True)
class Content:
    """All objects of one cluster."""

    objects: list[Properties]
    by_kind: defaultdict[str, list[Properties]] = field(default_factory=lambda: defaultdict(list))
    services: defaultdict[tuple[str, str], list[Properties]] = field(default_factory=lambda: defaultdict(list))
    names: set[tuple[str, str, str]] = field(default_factory=set)
    """Namespace, kind and name of what is there or will be made by what is there."""
    charted: set[str] = field(default_factory=set)
    """Namespaces in which a chart makes objects that nobody lists here."""
    operated: set[str] = field(default_factory=set)
    """Namespaces in which an operator makes pods."""
    workloads: defaultdict[str, list[tuple[Properties, Properties]]] = field(default_factory=lambda: defaultdict(list))
    """What makes pods, with its template, by namespace."""

    def __post_init__(self) -> None:
        for item in self.objects:
            kind, name = str(item.get("kind")), str(at(item, "metadata", "name"))
            self.by_kind[kind].append(item)
            if kind == "Service":
                self.services[_namespace(item), name].append(item)
            self.names.add((_namespace(item), kind, name))
            if kind == _RELEASE:
                self.charted.add(_namespace(item))
            if (kind_of(item).group, kind) in _OPERATED or kind_of(item).group.endswith(".k8s.elastic.co"):
                self.operated.add(_namespace(item))
            self.names |= {(_namespace(item), made_kind, made) for made_kind, made in _made_by(item)}
            if (template := pod_template(item)) is not None:
                self.workloads[_namespace(item)].append((item, template[1]))

    def has(self, namespace: str, kind: str, name: str) -> bool:
        """Whether it is there, or may come from a chart in that namespace."""
        return (namespace, kind, name) in self.names or (kind, name) in _ALWAYS_THERE or namespace in self.charted

    def selected(self, namespace: str, selector: Mapping[str, Any]) -> list[Properties] | None:
        """The pod templates that a selector matches; None when something else may make such pods."""
        found = [template for _, template in self.workloads[namespace] if matches(selector, mapping(at(template, "metadata", "labels")))]
        return found if found or namespace not in self.charted | self.operated else None


def dangling(objects: Iterable[Properties]) -> list[Dangling]:
    """Everything in one cluster that points at nothing, or asks for more than its namespace has."""
    content = Content(list(objects))
    found = [problem for item in content.objects for problem in _of(item, content)]
    return found + list(_over_quota(content))


def _of(item: Properties, content: Content) -> Iterator[Dangling]:
    told = f"{item.get('kind')} {_id(item)}"
    for path, kind, name in _named(item):
        if not content.has(_namespace(item), kind, name):
            yield Dangling(told, path, f"there is no {kind} {name} in namespace {_namespace(item)}")
    check = _CHECKS.get(str(item.get("kind")))
    if check is not None:
        for path, message in check(item, content):
            yield Dangling(told, path, message)


def _named(item: Properties) -> Iterator[tuple[str, str, str]]:
    """Path, kind and name of what an object needs in its own namespace."""
    found = pod_template(item)
    if found is not None:
        prefix, template = (f"{found[0]}." if found[0] else ""), found[1]
        for path, kind, name in _needed_by_pods(template):
            yield f"{prefix}{path}", kind, name


def _needed_by_pods(template: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    account = at(template, "spec", "serviceAccountName")
    if isinstance(account, str):
        yield "spec.serviceAccountName", "ServiceAccount", account
    for position, secret in items(at(template, "spec", "imagePullSecrets")):
        yield f"spec.imagePullSecrets[{position}].name", "Secret", str(secret.get("name"))
    for position, volume in items(at(template, "spec", "volumes")):
        yield from _needed_by_volume(f"spec.volumes[{position}]", volume)
    for path, container in containers(template):
        for position, variable in items(container.get("env")):
            for member, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
                yield from _reference(f"{path}.env[{position}].valueFrom.{member}", at(variable, "valueFrom", member), "name", kind)
        for position, source in items(container.get("envFrom")):
            for member, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                yield from _reference(f"{path}.envFrom[{position}].{member}", source.get(member), "name", kind)


def _needed_by_volume(path: str, volume: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield from _reference(f"{path}.configMap", volume.get("configMap"), "name", "ConfigMap")
    yield from _reference(f"{path}.secret", volume.get("secret"), "secretName", "Secret")
    yield from _reference(f"{path}.persistentVolumeClaim", volume.get("persistentVolumeClaim"), "claimName", "PersistentVolumeClaim")
    for position, source in items(at(volume, "projected", "sources")):
        for member, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
            yield from _reference(f"{path}.projected.sources[{position}].{member}", source.get(member), "name", kind)


def _reference(path: str, found: Any, member: str, kind: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(found, Mapping) and isinstance(found.get(member), str) and found.get("optional") is not True:
        yield f"{path}.{member}", kind, found[member]


def _made_by(item: Properties) -> Iterator[tuple[str, str]]:
    """What operators and controllers make of an object, by kind and name."""
    kind, name = str(item.get("kind")), str(at(item, "metadata", "name"))
    if kind == "ExternalSecret":
        yield "Secret", str(at(item, "spec", "target", "name") or name)
    elif kind == "Certificate":
        yield "Secret", str(at(item, "spec", "secretName"))
    elif kind == "Elasticsearch":
        yield from (
            ("Secret", f"{name}-es-{part}") for part in ("elastic-user", "http-certs-public", "http-certs-internal", "http-ca-internal")
        )
        yield "Service", f"{name}-es-http"
    elif kind == "Kibana":
        yield "Secret", f"{name}-kb-http-certs-public"
        yield "Service", f"{name}-kb-http"
    elif kind == "StatefulSet":
        for _, claim in items(at(item, "spec", "volumeClaimTemplates")):
            replicas = at(item, "spec", "replicas")
            for position in range(replicas if isinstance(replicas, int) else 1):
                yield "PersistentVolumeClaim", f"{at(claim, 'metadata', 'name')}-{name}-{position}"


def _service(item: Properties, content: Content) -> Iterator[tuple[str, str]]:
    selector = mapping(at(item, "spec", "selector"))
    namespace = _namespace(item)
    if not selector:
        return
    chosen = content.selected(namespace, {"matchLabels": selector})
    if chosen is None:
        return
    if not chosen:
        yield "spec.selector", f"matches no pods of namespace {namespace}"
        return
    named = {port.get("name") for template in chosen for _, container in containers(template) for _, port in items(container.get("ports"))}
    for position, port in items(at(item, "spec", "ports")):
        target = port.get("targetPort")
        if isinstance(target, str) and not target.isdigit() and target not in named:
            known = choices(sorted(str(name) for name in named if name)) or "none"
            yield (
                f"spec.ports[{position}].targetPort",
                f"no container of the pods that it selects has a port {target!r}: named ports are {known}",
            )


def _budget(item: Properties, content: Content) -> Iterator[tuple[str, str]]:
    selector, namespace = at(item, "spec", "selector"), _namespace(item)
    if mapping(selector) and content.selected(namespace, mapping(selector)) == []:
        yield "spec.selector", f"matches no pods of namespace {namespace}, so it protects nothing"


def _scaled(item: Properties, content: Content) -> Iterator[tuple[str, str]]:
    target = mapping(at(item, "spec", "scaleTargetRef"))
    kind, name = str(target.get("kind", "Deployment")), target.get("name")
    if isinstance(name, str) and not content.has(_namespace(item), kind, name):
        yield "spec.scaleTargetRef", f"there is no {kind} {name} in namespace {_namespace(item)}"


def _bound(item: Properties, content: Content) -> Iterator[tuple[str, str]]:
    role = mapping(item.get("roleRef"))
    kind, name = str(role.get("kind")), str(role.get("name"))
    place = "" if kind == "ClusterRole" else _namespace(item)
    if kind == "Role" and not content.has(place, kind, name):
        yield "roleRef.name", f"there is no {kind} {name} in namespace {place}"
    for position, subject in items(item.get("subjects")):
        where = str(subject.get("namespace") or _namespace(item))
        if (
            subject.get("kind") == "ServiceAccount"
            and where != "kube-system"
            and not content.has(where, "ServiceAccount", str(subject.get("name")))
        ):
            yield f"subjects[{position}]", f"there is no ServiceAccount {subject.get('name')} in namespace {where}"


def _routed(item: Properties, content: Content) -> Iterator[tuple[str, str]]:
    backends = [("spec.defaultBackend", mapping(at(item, "spec", "defaultBackend")))]
    for rule_position, rule in items(at(item, "spec", "rules")):
        for position, path in items(at(rule, "http", "paths")):
            backends.append((f"spec.rules[{rule_position}].http.paths[{position}].backend", mapping(path.get("backend"))))
    namespace = _namespace(item)
    for where, backend in backends:
        name = at(backend, "service", "name")
        # The load balancer controller takes the names of its own actions for ports.
        if not isinstance(name, str) or at(backend, "service", "port", "name") == "use-annotation":
            continue
        if not content.has(namespace, "Service", name):
            yield f"{where}.service.name", f"there is no Service {name} in namespace {namespace}"
            continue
        yield from _port(where, backend, name, namespace, content)


def _port(where: str, backend: Mapping[str, Any], name: str, namespace: str, content: Content) -> Iterator[tuple[str, str]]:
    wanted = mapping(at(backend, "service", "port"))
    for service in content.services[namespace, name]:
        ports = [port for _, port in items(at(service, "spec", "ports"))]
        if not any(
            port.get("port") == wanted.get("number") or (port.get("name") and port.get("name") == wanted.get("name")) for port in ports
        ):
            told = choices(str(port.get("name") or port.get("port")) for port in ports)
            yield f"{where}.service.port", f"Service {name} has no port {wanted.get('name') or wanted.get('number')}: it has {told}"


def _over_quota(content: Content) -> Iterator[Dangling]:
    ranges: defaultdict[str, list[Properties]] = defaultdict(list)
    for item in content.by_kind["LimitRange"]:
        ranges[_namespace(item)].append(item)
    for quota in content.by_kind["ResourceQuota"]:
        namespace = _namespace(quota)
        for words in quotas.over(quota, [item for item, _ in content.workloads[namespace]], ranges[namespace]):
            yield Dangling(f"ResourceQuota {_id(quota)}", "spec.hard", words)


def _namespace(item: Properties) -> str:
    return str(at(item, "metadata", "namespace") or (DEFAULT_NAMESPACE if not kind_of(item).cluster_wide else ""))


def _id(item: Properties) -> str:
    namespace, name = at(item, "metadata", "namespace"), at(item, "metadata", "name")
    return f"{namespace}/{name}" if namespace else str(name)


_CHECKS: dict[str, Callable[[Properties, Content], Iterator[tuple[str, str]]]] = {
    "HorizontalPodAutoscaler": _scaled,
    "Ingress": _routed,
    "PodDisruptionBudget": _budget,
    "RoleBinding": _bound,
    "ScaledObject": _scaled,
    "Service": _service,
}
