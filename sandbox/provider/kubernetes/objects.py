"""What Kubernetes objects are to the sandbox: plain data with a kind, a name and a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider.errors import HandlerError
from sandbox.provider.values import UNKNOWN, Properties

DEFAULT_NAMESPACE = "default"
RELEASE = "kubernetes:helm.sh/v3:Release"

_CLUSTER_WIDE = {
    "": {"ComponentStatus", "Namespace", "Node", "PersistentVolume"},
    "admissionregistration.k8s.io": {
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    },
    "apiextensions.k8s.io": {"CustomResourceDefinition"},
    "apiregistration.k8s.io": {"APIService"},
    "authentication.k8s.io": {"SelfSubjectReview", "TokenReview"},
    "authorization.k8s.io": {"SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"},
    "certificates.k8s.io": {"CertificateSigningRequest", "ClusterTrustBundle"},
    "flowcontrol.apiserver.k8s.io": {"FlowSchema", "PriorityLevelConfiguration"},
    "internal.apiserver.k8s.io": {"StorageVersion"},
    "networking.k8s.io": {"IPAddress", "IngressClass", "ServiceCIDR"},
    "node.k8s.io": {"RuntimeClass"},
    "rbac.authorization.k8s.io": {"ClusterRole", "ClusterRoleBinding"},
    "resource.k8s.io": {"DeviceClass", "DeviceTaintRule", "ResourceSlice"},
    "scheduling.k8s.io": {"PriorityClass"},
    "storage.k8s.io": {"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"},
    "storagemigration.k8s.io": {"StorageVersionMigration"},
}
"""Kinds of Kubernetes itself that stand in no namespace.

Source: https://kubernetes.io/docs/reference/kubernetes-api/ (paths without `{namespace}`).
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """Group, version and kind."""

    group: str
    """Empty for the core group."""
    version: str
    name: str

    @property
    def api_version(self) -> str:
        """As objects say it: `apps/v1`, or `v1` for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def built_in(self) -> bool:
        """Whether Kubernetes itself defines it: custom groups must have a dot, and must not end in `k8s.io` unless approved."""
        return "." not in self.group or self.group in _CLUSTER_WIDE or self.group in _NAMESPACED_GROUPS

    @property
    def cluster_wide(self) -> bool:
        """Whether objects of this kind of Kubernetes itself stand in no namespace."""
        return self.name in _CLUSTER_WIDE.get(self.group, ())

    def __str__(self) -> str:
        return f"{self.api_version} {self.name}"


_NAMESPACED_GROUPS = {"coordination.k8s.io", "discovery.k8s.io", "events.k8s.io"}


@dataclass(frozen=True, slots=True)
class Key:
    """Which object of a cluster; the same whatever the version of its kind."""

    group: str
    kind: str
    namespace: str
    """Empty for what stands in no namespace."""
    name: str

    @property
    def id(self) -> str:
        """`namespace/name`, or the name alone, as the real provider identifies objects."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


def kind_of_token(token: str) -> Kind:
    """The kind of a type token such as `kubernetes:apps/v1:Deployment`.

    Raises HandlerError for types that are no single object.
    """
    _, module, name = token.split(":")
    group, slash, version = module.rpartition("/")
    if not slash or not version.startswith("v"):
        raise HandlerError(f"{token} is no object of a cluster: the sandbox serves objects, custom resources and {RELEASE}")
    if name.endswith("Patch"):
        raise HandlerError(
            f"{token} changes an object that something else made, which the sandbox does not follow: declare the object itself"
        )
    if name.endswith("List"):
        raise HandlerError(f"{token} cannot be created by itself, in a cluster neither: declare its items")
    if group.startswith("helm.sh") or group == "yaml":
        raise HandlerError(f"{token} is rendered on the way to a cluster, which the sandbox cannot: take {RELEASE}, or typed objects")
    return Kind("" if group == "core" else group, version, name)


def kind_of(item: Mapping[str, Any]) -> Kind:
    """The kind that an object says it is."""
    group, _, version = str(item.get("apiVersion", "")).rpartition("/")
    return Kind(group, version, str(item.get("kind", "")))


def key_of(item: Mapping[str, Any], *, cluster_wide: bool) -> Key:
    """Which object this is; its name must be known."""
    kind, metadata = kind_of(item), item.get("metadata") or {}
    namespace = "" if cluster_wide else str(metadata.get("namespace") or DEFAULT_NAMESPACE)
    return Key(kind.group, kind.name, namespace, str(metadata["name"]))


def at(item: Any, *path: str) -> Any:
    """The value at a path of member names; None when something on the way is absent or not known."""
    for name in path:
        if not isinstance(item, Mapping):
            return None
        item = item.get(name)
    return None if item is UNKNOWN else item


def mapping(value: Any) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return dict(value) if isinstance(value, Mapping) else {}


def items(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a list with their places, those left out that are not known."""
    for position, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, Mapping):
            yield position, dict(item)


TEMPLATES = {
    ("", "Pod"): (),
    ("", "ReplicationController"): ("spec", "template"),
    ("apps", "DaemonSet"): ("spec", "template"),
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("batch", "Job"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
}
"""Where a kind has its pod template."""


def pod_template(item: Mapping[str, Any]) -> tuple[str, Properties] | None:
    """The dotted path and the content of the pod template that an object has; None when it makes no pods."""
    kind = kind_of(item)
    path = TEMPLATES.get((kind.group, kind.name))
    if path is None:
        return None
    found = at(item, *path) if path else item
    return (".".join(path), dict(found)) if isinstance(found, Mapping) else None


def containers(template: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every container of a pod template with its path below it."""
    for group in ("initContainers", "containers"):
        for position, container in items(at(template, "spec", group)):
            yield f"spec.{group}[{position}]", container
