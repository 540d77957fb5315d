"""Which inputs of an object changed, and which of them replace it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from sandbox.provider.differ import Change, leaves
from sandbox.provider.kubernetes.objects import DEFAULT_NAMESPACE, Kind, at
from sandbox.provider.values import UNKNOWN, Properties, canonical, known

AUTONAMED = "pulumi.com/autonamed"
_INDEX = re.compile(r"\[\d+\]")

_POD = (
    "affinity",
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostname",
    "imagePullSecrets",
    "nodeName",
    "nodeSelector",
    "overhead",
    "preemptionPolicy",
    "priority",
    "priorityClassName",
    "readinessGates",
    "restartPolicy",
    "runtimeClassName",
    "schedulerName",
    "securityContext",
    "serviceAccount",
    "serviceAccountName",
    "shareProcessNamespace",
    "subdomain",
    "terminationGracePeriodSeconds",
    "volumes",
)
_CONTAINER = (
    "args",
    "command",
    "env",
    "image",
    "imagePullPolicy",
    "lifecycle",
    "livenessProbe",
    "ports",
    "readinessProbe",
    "resources",
    "securityContext",
    "stdin",
    "stdinOnce",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "tty",
    "volumeDevices",
    "volumeMounts",
    "workingDir",
)
_VOLUME_SOURCES = ("awsElasticBlockStore", "csi", "fc", "flexVolume", "hostPath", "iscsi", "local", "nfs")

_REPLACED_BY: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "PersistentVolume"): tuple(f"spec.{source}" for source in _VOLUME_SOURCES),
    ("", "PersistentVolumeClaim"): ("spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"),
    ("", "Pod"): (
        *(f"spec.{name}" for name in _POD),
        *(f"spec.{group}.{name}" for group in ("containers", "initContainers") for name in _CONTAINER),
    ),
    ("", "ResourceQuota"): ("spec.scopes",),
    ("", "Secret"): ("type",),
    ("", "Service"): ("spec.clusterIP",),
    ("apps", "DaemonSet"): ("spec.selector",),
    ("apps", "Deployment"): ("spec.selector",),
    ("apps", "StatefulSet"): (
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ),
    ("batch", "Job"): ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef",),
    ("storage.k8s.io", "StorageClass"): ("parameters", "provisioner"),
}
"""Inputs whose change replaces an object.

Source: https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go
"""

_REFUSED: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "PersistentVolumeClaim"): ("spec.dataSource", "spec.dataSourceRef", "spec.volumeMode"),
    ("batch", "Job"): ("spec.completionMode", "spec.podFailurePolicy"),
    ("networking.k8s.io", "IngressClass"): ("spec.controller",),
    ("scheduling.k8s.io", "PriorityClass"): ("value", "preemptionPolicy"),
    ("storage.k8s.io", "StorageClass"): ("reclaimPolicy", "volumeBindingMode"),
    ("storage.k8s.io", "CSIDriver"): ("spec.attachRequired", "spec.volumeLifecycleModes"),
}
"""Inputs that the API server lets nobody change, and the real provider does not replace for.

Source: https://kubernetes.io/docs/reference/kubernetes-api/ ("immutable", "cannot be updated"), and the validation of each kind in
https://github.com/kubernetes/kubernetes/tree/master/pkg/apis.
"""
_STATEFUL_SET_FREE = (
    "minReadySeconds",
    "ordinals",
    "persistentVolumeClaimRetentionPolicy",
    "replicas",
    "revisionHistoryLimit",
    "template",
    "updateStrategy",
)


def changes(kind: Kind, old: Properties, new: Properties, *, replaced_with: Collection[str] = ()) -> list[Change]:
    """Every changed leaf between two sets of inputs; `replaced_with` are further paths whose change replaces the object.

    An unknown new value counts as changed.
    """
    before, after = comparable(old), comparable(new)
    forcing = ("apiVersion", "kind", "metadata.name", "metadata.namespace", *_REPLACED_BY.get((kind.group, kind.name), ()), *replaced_with)
    found = []
    for key in sorted(before.keys() | after.keys()):
        left, right = before.get(key), after.get(key)
        if canonical(left) == canonical(right) and known(right):
            continue
        for path, manner in leaves(key, left, right):
            # A new version of the same group and kind is the same object, read another way.
            replaces = _is_under(path, forcing) and not (path == "apiVersion" and _same_group(left, right))
            found.append(Change(path, manner, replaces))
    return found


def immutable(kind: Kind, old: Properties, new: Properties) -> list[str]:
    """Changed paths that the API server refuses in an update."""
    fixed = (*_REPLACED_BY.get((kind.group, kind.name), ()), *_REFUSED.get((kind.group, kind.name), ()))
    refused = [change.path for change in changes(kind, old, new) if _is_under(change.path, fixed) and _is_fixed(kind, change.path)]
    if (kind.group, kind.name) == ("apps", "StatefulSet"):
        free = tuple(f"spec.{name}" for name in _STATEFUL_SET_FREE)
        refused += [
            change.path
            for change in changes(kind, old, new)
            if change.path.startswith("spec.") and not _is_under(change.path, free) and change.path not in refused
        ]
    for name in ("data", "binaryData", "stringData"):
        if kind.group == "" and kind.name in ("ConfigMap", "Secret") and at(old, "immutable") is True and old.get(name) != new.get(name):
            refused.append(name)
    return refused


def _is_fixed(kind: Kind, path: str) -> bool:
    # What the real provider replaces for is not all fixed in the API: these can be changed in place.
    return not path.startswith(("spec.parallelism", "spec.revisionHistoryLimit")) and (kind.name, path) != (
        "PersistentVolumeClaim",
        "spec.volumeName",
    )


def comparable(inputs: Properties) -> Properties:
    """Inputs as they are compared: without what the provider itself marks."""
    metadata = inputs.get("metadata")
    if not isinstance(metadata, dict):
        return inputs
    kept = {name: value for name, value in metadata.items() if name not in ("resourceVersion", "managedFields")}
    if kept.get("namespace") == DEFAULT_NAMESPACE:
        del kept["namespace"]
    if isinstance(kept.get("annotations"), dict):
        kept["annotations"] = {name: value for name, value in kept["annotations"].items() if name != AUTONAMED}
    # A label map that is empty says the same as none.
    kept = {name: value for name, value in kept.items() if value != {} or name not in ("annotations", "labels")}
    return {**inputs, "metadata": kept}


def replaced_in_place(old: Properties, new: Properties) -> bool:
    """Whether a replacement would have the very name and namespace of what it replaces, so that the old one must go first."""
    annotations = at(new, "metadata", "annotations")
    if isinstance(annotations, dict) and annotations.get(AUTONAMED) == "true":
        return False
    before, after = at(comparable(old), "metadata"), at(comparable(new), "metadata")
    if not isinstance(before, dict) or not isinstance(after, dict) or UNKNOWN in (after.get("name"), after.get("namespace")):
        return False
    return bool(before.get("name") == after.get("name") and before.get("namespace") == after.get("namespace"))


def _same_group(left: Any, right: Any) -> bool:
    groups = {str(value).rpartition("/")[0] for value in (left, right) if isinstance(value, str)}
    return len(groups) == 1


def _is_under(path: str, roots: Collection[str]) -> bool:
    plain = _INDEX.sub("", path)
    return any(plain == root or plain.startswith(f"{root}.") or root.startswith(f"{plain}.") for root in roots)
