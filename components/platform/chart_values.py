"""What values of every chart say alike: images by digest, pods that may do little, sizes, and the spread over zones (SEC-7, BDR-7)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.platform.workload import ZONE

Values = dict[str, Any]
_REFERENCE = re.compile(r"(?P<repository>[^@:]+(?::\d+/[^@:]+)?):(?P<tag>[^@:/]+)(@(?P<digest>sha256:[0-9a-f]{64}))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """What a container is sure of, and may use at most, as Kubernetes quantities."""

    cpu: str
    memory: str
    """Requested and the limit: memory cannot be taken back."""
    cpu_limit: str

    def values(self) -> Values:
        """Return the value `resources` as all charts take it."""
        return {"requests": {"cpu": self.cpu, "memory": self.memory}, "limits": {"cpu": self.cpu_limit, "memory": self.memory}}


def image_values(reference: str) -> Values:
    """Return `repository` and `tag` of an image; the tag carries the digest, so that a chart that knows none keeps it.

    Raises ValueError when the reference has no tag.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(f"an image must be given as repository:tag, with its digest where that is known (got {reference!r})")
    digest = f"@{found['digest']}" if found["digest"] else ""
    return {"repository": found["repository"], "tag": f"{found['tag']}{digest}"}


def registry_values(reference: str) -> Values:
    """Return `registry`, `repository` and `tag` of an image, for charts that join all three."""
    whole = image_values(reference)
    registry, _, repository = str(whole["repository"]).partition("/")
    return {"registry": registry, "repository": repository, "tag": whole["tag"]}


def pod_values(user: int = 65532) -> Values:
    """Return the pod's part of what `restricted` asks.

    Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
    """
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def container_values() -> Values:
    """Return a container's part of what `restricted` asks, with a root file system that is only read."""
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def zone_values(match: Mapping[str, str]) -> list[Values]:
    """Return the wish that replicas stand in different zones."""
    return [
        {
            "maxSkew": 1,
            "topologyKey": ZONE,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": dict(match)},
        }
    ]
