"""What contradicts itself within one object, although each of its fields is well formed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.provider.facts.problem import Problem, choices, shown
from sandbox.provider.kubernetes.drift import amount
from sandbox.provider.kubernetes.objects import at, containers, items, kind_of, mapping, pod_template
from sandbox.provider.values import UNKNOWN, Properties

_RESTARTS = {"Job": ("Never", "OnFailure"), "CronJob": ("Never", "OnFailure")}
_HANDLERS = ("exec", "grpc", "httpGet", "sleep", "tcpSocket")
_CRON = re.compile(r"@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every \S+|(\S+\s+){4}\S+")


def problems(item: Properties) -> Iterator[Problem]:
    """Everything that the API server's own validation would refuse beyond types, as far as values are known."""
    kind = kind_of(item)
    found = pod_template(item)
    if found is not None:
        prefix = f"{found[0]}." if found[0] else ""
        for problem in _pods(kind.name, item, found[1]):
            yield Problem(f"{prefix}{problem.path}", problem.message)
        yield from _selector(kind.name, item, found[1])
    check = _CHECKS.get((kind.group, kind.name))
    if check is not None:
        yield from check(item)


def matches(selector: Any, labels: Mapping[str, Any]) -> bool:
    """Whether labels satisfy a label selector; an empty selector is satisfied by all."""
    for key, value in mapping(at(selector, "matchLabels")).items():
        if value is not UNKNOWN and labels.get(key) not in (value, UNKNOWN):
            return False
    for _, rule in items(at(selector, "matchExpressions")):
        value, values = labels.get(rule.get("key", "")), rule.get("values") or ()
        satisfied = {
            "In": value in values,
            "NotIn": value not in values,
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }
        if value is not UNKNOWN and not satisfied.get(str(rule.get("operator")), True):
            return False
    return True


def _selector(kind: str, item: Properties, template: Properties) -> Iterator[Problem]:
    if kind not in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"):
        return
    selector, labels = at(item, "spec", "selector"), at(template, "metadata", "labels")
    if selector is None or template.get("metadata") is UNKNOWN or mapping(template.get("metadata")).get("labels") is UNKNOWN:
        return
    if not mapping(selector):
        yield Problem("spec.selector", "must name labels: an empty selector is refused")
    elif not matches(selector, mapping(labels)):
        yield Problem(
            "spec.selector",
            f"does not match the labels of its own pod template ({_labels(selector)} against {_told(mapping(labels))})",
        )


def _labels(selector: Any) -> str:
    return _told(mapping(at(selector, "matchLabels"))) if at(selector, "matchLabels") else "its expressions"


def _told(labels: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value!r}" for key, value in sorted(labels.items()) if value is not UNKNOWN) or "none"


def _pods(kind: str, item: Properties, template: Properties) -> Iterator[Problem]:
    policy = at(template, "spec", "restartPolicy")
    allowed = _RESTARTS.get(kind, ("Always", "Never", "OnFailure") if kind == "Pod" else ("Always",))
    if policy not in (None, *allowed):
        yield Problem("spec.restartPolicy", f"must be {choices(allowed)} for a {kind} (got {shown(policy)})")
    elif policy is None and kind in _RESTARTS and mapping(template.get("spec")).get("restartPolicy") is not UNKNOWN:
        yield Problem("spec.restartPolicy", f"must be said for a {kind}, since Always is assumed: {choices(allowed)}")
    if not list(items(at(template, "spec", "containers"))) and at(template, "spec", "containers") == []:
        yield Problem("spec.containers", "must have one container at least")
    volumes = _volumes(item, template)
    seen: dict[str, str] = {}
    for path, container in containers(template):
        name = container.get("name")
        if isinstance(name, str) and name in seen:
            yield Problem(f"{path}.name", f"is the name of {seen[name]} as well: names of a pod's containers differ")
        elif isinstance(name, str):
            seen[name] = path
        if not container.get("image"):
            yield Problem(f"{path}.image", "is required")
        yield from _container(path, container, volumes)


def _volumes(item: Properties, template: Properties) -> set[str] | None:
    """Names of what a pod's containers can mount; None while that is not known."""
    spec = mapping(template.get("spec"))
    listed = spec.get("volumes", [])
    claims = mapping(item.get("spec")).get("volumeClaimTemplates", [])
    if not isinstance(listed, list) or not isinstance(claims, list) or any(not isinstance(entry, Mapping) for entry in (*listed, *claims)):
        return None
    names = [entry.get("name") for entry in listed] + [at(entry, "metadata", "name") for entry in claims]
    return None if UNKNOWN in names else {str(name) for name in names}


def _container(path: str, container: Mapping[str, Any], volumes: set[str] | None) -> Iterator[Problem]:
    for position, mount in items(container.get("volumeMounts")):
        name = mount.get("name")
        if volumes is not None and isinstance(name, str) and name not in volumes:
            yield Problem(
                f"{path}.volumeMounts[{position}].name",
                f"there is no volume {name!r} in this pod: it has {choices(sorted(volumes)) or 'none'}",
            )
    ports = {port.get("name") for _, port in items(container.get("ports"))}
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        found = container.get(probe)
        if isinstance(found, Mapping):
            yield from _handler(f"{path}.{probe}", found, ports)
    for moment in ("postStart", "preStop"):
        found = at(container, "lifecycle", moment)
        if isinstance(found, Mapping):
            yield from _handler(f"{path}.lifecycle.{moment}", found, ports)
    for position, variable in items(container.get("env")):
        if "value" in variable and "valueFrom" in variable and variable["value"] != "":
            yield Problem(f"{path}.env[{position}]", "has both value and valueFrom: give one")
        source = variable.get("valueFrom")
        if isinstance(source, Mapping) and len(source) != 1:
            yield Problem(f"{path}.env[{position}].valueFrom", f"must have exactly one source (got {choices(sorted(source)) or 'none'})")
    yield from _resources(path, container)


def _handler(path: str, handler: Mapping[str, Any], ports: set[Any]) -> Iterator[Problem]:
    kinds = [name for name in _HANDLERS if name in handler]
    if len(kinds) != 1:
        yield Problem(path, f"must say exactly one of {choices(_HANDLERS)} (got {choices(kinds) or 'none'})")
    for name in ("httpGet", "tcpSocket"):
        port = at(handler, name, "port")
        if isinstance(port, str) and not port.isdigit() and port not in ports and UNKNOWN not in ports:
            known_ports = choices(sorted(str(known) for known in ports if known)) or "none"
            yield Problem(f"{path}.{name}.port", f"there is no port {port!r} on this container: its named ports are {known_ports}")


def _resources(path: str, container: Mapping[str, Any]) -> Iterator[Problem]:
    requests, limits = (mapping(at(container, "resources", name)) for name in ("requests", "limits"))
    for name, wanted in requests.items():
        most = limits.get(name)
        if most in (None, UNKNOWN) or wanted is UNKNOWN:
            continue
        least, top = amount(wanted), amount(most)
        if least is not None and top is not None and least > top:
            yield Problem(f"{path}.resources.requests.{name}", f"must be at most the limit {most} (got {wanted})")


def _service(item: Properties) -> Iterator[Problem]:
    spec = mapping(item.get("spec"))
    ports = [port for _, port in items(spec.get("ports"))]
    if not ports and spec.get("type") != "ExternalName" and spec.get("ports") is not UNKNOWN and spec.get("clusterIP") != "None":
        yield Problem("spec.ports", "must have one port at least")
    if len(ports) > 1:
        for position, port in enumerate(ports):
            if not port.get("name"):
                yield Problem(f"spec.ports[{position}].name", "is required when a Service has several ports")


def _autoscaler(item: Properties) -> Iterator[Problem]:
    least, most = at(item, "spec", "minReplicas"), at(item, "spec", "maxReplicas")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Problem("spec.minReplicas", f"must be at most maxReplicas {most} (got {least})")
    if isinstance(most, int) and most < 1:
        yield Problem("spec.maxReplicas", f"must be at least 1 (got {most})")


def _disruption(item: Properties) -> Iterator[Problem]:
    spec = mapping(item.get("spec"))
    if "minAvailable" in spec and "maxUnavailable" in spec:
        yield Problem("spec", "has both minAvailable and maxUnavailable: give one")


def _policy(item: Properties) -> Iterator[Problem]:
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for rule_position, rule in items(at(item, "spec", direction)):
            for position, peer in items(rule.get(peers)):
                path = f"spec.{direction}[{rule_position}].{peers}[{position}]"
                block = peer.get("ipBlock")
                if isinstance(block, Mapping):
                    yield from _block(f"{path}.ipBlock", block)
                    if len(peer) > 1:
                        yield Problem(path, "an ipBlock stands alone: give selectors in another entry")
                elif not peer:
                    yield Problem(path, "must say who: podSelector, namespaceSelector or ipBlock")


def _block(path: str, block: Mapping[str, Any]) -> Iterator[Problem]:
    whole = _network(block.get("cidr"))
    if whole is None:
        if block.get("cidr") is not UNKNOWN:
            yield Problem(f"{path}.cidr", f"must be a network such as 10.0.0.0/16 (got {shown(block.get('cidr'))})")
        return
    excepted = block.get("except")
    for position, told in enumerate(excepted if isinstance(excepted, list) else ()):
        part = _network(told)
        inside = part is not None and part.version == whole.version and part.subnet_of(whole) and part != whole  # type: ignore[arg-type]
        if told is not UNKNOWN and not inside:
            yield Problem(f"{path}.except[{position}]", f"must be a smaller network within {whole} (got {shown(told)})")


def _network(told: Any) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(told) if isinstance(told, str) and "/" in told else None
    except ValueError:
        return None


def _cron(item: Properties) -> Iterator[Problem]:
    schedule = at(item, "spec", "schedule")
    if isinstance(schedule, str) and not _CRON.fullmatch(schedule):
        yield Problem("spec.schedule", f'must have five fields, such as "0 3 * * *" (got {shown(schedule)})')


_CHECKS: dict[tuple[str, str], Callable[[Properties], Iterator[Problem]]] = {
    ("", "Service"): _service,
    ("autoscaling", "HorizontalPodAutoscaler"): _autoscaler,
    ("batch", "CronJob"): _cron,
    ("networking.k8s.io", "NetworkPolicy"): _policy,
    ("policy", "PodDisruptionBudget"): _disruption,
}
