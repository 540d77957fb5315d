"""When an object that was applied is ready: the conditions that the real provider waits for, kind by kind.

Source: https://github.com/pulumi/pulumi-kubernetes/tree/master/provider/pkg/await and
https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ (annotations `pulumi.com/*`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider.errors import HandlerError
from sandbox.provider.kubernetes.objects import at, items, kind_of, mapping
from sandbox.provider.values import Properties

SKIP = "pulumi.com/skipAwait"
WAIT_FOR = "pulumi.com/waitFor"
TIMEOUT = "pulumi.com/timeoutSeconds"
DEFAULT_SECONDS = 600.0
_SECONDS = {("", "PersistentVolume"): 300.0, ("", "PersistentVolumeClaim"): 300.0, ("", "ResourceQuota"): 60.0}
_STEP = re.compile(r"\.([A-Za-z0-9_\-]+)|\[(\d+)\]|\['([^']+)'\]")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an object is."""

    ready: bool
    why: str = ""
    """What it waits for, or why it failed."""
    failed: bool = False
    """It will not become ready by itself."""
    stuck: bool = False
    """Something refuses it, for now: when that lasts, it has failed."""


READY = Standing(ready=True)
Look = Callable[[str, str, str], Properties | None]
"""Another object by API version, kind and name, which stands in no namespace."""


def seconds(item: Properties, told: float) -> float:
    """How long to wait: what the resource's options tell, else its annotation, else the kind's default."""
    if told:
        return told
    annotated = str(at(item, "metadata", "annotations", TIMEOUT) or "")
    if annotated.isdigit():
        return float(annotated)
    kind = kind_of(item)
    return _SECONDS.get((kind.group, kind.name), DEFAULT_SECONDS)


def standing(declared: Properties, live: Properties, look: Look) -> Standing:
    """How far `live` is, of what was `declared`; HandlerError for a condition that cannot be read."""
    if at(declared, "metadata", "annotations", SKIP) == "true":
        return READY
    wished = at(declared, "metadata", "annotations", WAIT_FOR)
    if isinstance(wished, str) and wished:
        return _wished(wished, live)
    kind = kind_of(live)
    check = _CHECKS.get((kind.group, kind.name))
    return check(live, look) if check else READY


def _deployment(live: Properties, _look: Look) -> Standing:
    if not _observed(live):
        return Standing(ready=False, why="the controller has not seen it yet")
    wanted, status = _replicas(live), mapping(live.get("status"))
    progress = _condition(live, "Progressing")
    if progress.get("status") == "False":
        return Standing(ready=False, why=f"{progress.get('reason')}: {progress.get('message')}", failed=True)
    refused = _condition(live, "ReplicaFailure")
    if refused.get("status") == "True":
        return Standing(ready=False, why=str(refused.get("message")), stuck=True)
    updated, available = int(status.get("updatedReplicas", 0)), int(status.get("availableReplicas", 0))
    paused = at(live, "spec", "paused") is True
    if paused or (updated >= wanted <= available and int(status.get("replicas", 0)) == updated):
        return READY
    return Standing(ready=False, why=f"{updated} of {wanted} pods are of this revision, {available} are available")


def _stateful_set(live: Properties, _look: Look) -> Standing:
    if not _observed(live):
        return Standing(ready=False, why="the controller has not seen it yet")
    wanted, status = _replicas(live), mapping(live.get("status"))
    ready, updated = int(status.get("readyReplicas", 0)), int(status.get("updatedReplicas", 0))
    by_hand = at(live, "spec", "updateStrategy", "type") == "OnDelete"
    if ready >= wanted and (by_hand or updated >= wanted or status.get("currentRevision") == status.get("updateRevision")):
        return READY
    return Standing(ready=False, why=f"{ready} of {wanted} pods are ready, {updated} are of this revision")


def _daemon_set(live: Properties, _look: Look) -> Standing:
    status = mapping(live.get("status"))
    if not _observed(live):
        return Standing(ready=False, why="the controller has not seen it yet")
    wanted = int(status.get("desiredNumberScheduled", 0))
    updated, ready = int(status.get("updatedNumberScheduled", 0)), int(status.get("numberReady", 0))
    by_hand = at(live, "spec", "updateStrategy", "type") == "OnDelete"
    if (by_hand or updated >= wanted) and ready >= wanted:
        return READY
    return Standing(ready=False, why=f"{updated} of {wanted} pods are of this revision, {ready} are ready")


def _job(live: Properties, _look: Look) -> Standing:
    failed = _condition(live, "Failed")
    if failed.get("status") == "True":
        return Standing(ready=False, why=f"{failed.get('reason')}: {failed.get('message')}", failed=True)
    if _condition(live, "Complete").get("status") == "True" or at(live, "spec", "suspend") is True:
        return READY
    status = mapping(live.get("status"))
    return Standing(
        ready=False, why=f"{status.get('succeeded', 0)} pods succeeded, {status.get('failed', 0)} failed, {status.get('active', 0)} run"
    )


def _pod(live: Properties, _look: Look) -> Standing:
    phase = at(live, "status", "phase")
    if phase == "Failed":
        return Standing(ready=False, why=str(at(live, "status", "message") or "the pod failed"), failed=True)
    if phase == "Succeeded" or _condition(live, "Ready").get("status") == "True":
        return READY
    placed = _condition(live, "PodScheduled")
    return Standing(ready=False, why=str(placed.get("message") or f"the pod is {phase or 'not begun'}"))


def _claim(live: Properties, look: Look) -> Standing:
    phase = at(live, "status", "phase")
    if phase == "Bound":
        return READY
    name = at(live, "spec", "storageClassName")
    found = look("storage.k8s.io/v1", "StorageClass", str(name)) if name else None
    if found is not None and found.get("volumeBindingMode") == "WaitForFirstConsumer" and phase == "Pending":
        return READY
    return Standing(
        ready=False,
        why=f"the claim is {phase or 'not begun'}" + (f", and there is no StorageClass {name}" if name and found is None else ""),
    )


def _volume(live: Properties, _look: Look) -> Standing:
    phase = at(live, "status", "phase")
    return READY if phase in ("Available", "Bound") else Standing(ready=False, why=f"the volume is {phase or 'not begun'}")


def _quota(live: Properties, _look: Look) -> Standing:
    if mapping(at(live, "status", "hard")) == mapping(at(live, "spec", "hard")):
        return READY
    return Standing(ready=False, why="the quota is not counted yet")


def _service(live: Properties, look: Look) -> Standing:
    return _balanced(live, look) if at(live, "spec", "type") == "LoadBalancer" else READY


def _balanced(live: Properties, _look: Look) -> Standing:
    return READY if at(live, "status", "loadBalancer", "ingress") else Standing(ready=False, why="no load balancer has given it an address")


def _definition(live: Properties, _look: Look) -> Standing:
    refused = _condition(live, "NamesAccepted")
    if refused.get("status") == "False":
        return Standing(ready=False, why=str(refused.get("message")), failed=True)
    if _condition(live, "Established").get("status") == "True":
        return READY
    return Standing(ready=False, why="the definition is not established yet")


def _observed(live: Properties) -> bool:
    return int(at(live, "status", "observedGeneration") or 0) >= int(at(live, "metadata", "generation") or 0)


def _replicas(live: Properties) -> int:
    told = at(live, "spec", "replicas")
    return int(told) if told is not None else 1


def _condition(live: Properties, name: str) -> Mapping[str, Any]:
    return next((item for _, item in items(at(live, "status", "conditions")) if item.get("type") == name), {})


def _wished(text: str, live: Properties) -> Standing:
    try:
        listed = json.loads(text)
    except ValueError:
        listed = text
    wishes = listed if isinstance(listed, list) else [text]
    for wish in wishes:
        if not _holds(str(wish), live):
            return Standing(ready=False, why=f"{wish} does not hold yet")
    return READY


def _holds(wish: str, live: Properties) -> bool:
    kind, _, rest = wish.partition("=")
    if kind == "condition":
        name, _, wanted = rest.partition("=")
        return str(_condition(live, name).get("status", "")).lower() == (wanted or "True").lower()
    if kind == "jsonpath":
        path, _, wanted = rest.partition("}")
        found = _along(path.lstrip("{"), live, wish)
        return found is not None and (not wanted or str(found) == wanted.removeprefix("="))
    raise HandlerError(f"{WAIT_FOR}: {wish!r} must begin with condition= or jsonpath=")


def _along(path: str, live: Properties, wish: str) -> Any:
    found: Any = live
    steps = list(_STEP.finditer(path))
    if "".join(step[0] for step in steps) != path or not steps:
        raise HandlerError(f"{WAIT_FOR}: {wish!r} must be a plain path such as jsonpath={{.status.phase}}=Running")
    for step in steps:
        name, position = step[1] or step[3], step[2]
        if name is not None:
            found = found.get(name) if isinstance(found, Mapping) else None
        else:
            found = found[int(position)] if isinstance(found, list) and int(position) < len(found) else None
    return found


AWAITED = {
    ("", "PersistentVolume"): "available or bound",
    ("", "PersistentVolumeClaim"): "bound, or pending where its class waits for a consumer",
    ("", "Pod"): "ready or succeeded",
    ("", "ResourceQuota"): "counted",
    ("", "Service"): "with an address, where its type is LoadBalancer",
    ("apiextensions.k8s.io", "CustomResourceDefinition"): "established",
    ("apps", "DaemonSet"): "all pods of this revision and ready",
    ("apps", "Deployment"): "all pods of this revision and available",
    ("apps", "StatefulSet"): "all pods of this revision and ready",
    ("batch", "Job"): "complete",
    ("networking.k8s.io", "Ingress"): "with an address",
}
"""What is waited for, in words."""

_CHECKS: dict[tuple[str, str], Callable[[Properties, Look], Standing]] = {
    ("", "PersistentVolume"): _volume,
    ("", "PersistentVolumeClaim"): _claim,
    ("", "Pod"): _pod,
    ("", "ResourceQuota"): _quota,
    ("", "Service"): _service,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _definition,
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "Deployment"): _deployment,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "Job"): _job,
    ("networking.k8s.io", "Ingress"): _balanced,
}


def awaited() -> set[tuple[str, str]]:
    """Group and kind of every object that is waited for."""
    return set(_CHECKS)
