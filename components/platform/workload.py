"""What every pod of the estate's own has in common: it may do little, says what it needs, and is spread over zones (SEC-7, BDR-7)."""

from collections.abc import Mapping

from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    PodSecurityContextArgs,
    ResourceRequirementsArgs,
    SeccompProfileArgs,
    SecurityContextArgs,
    TopologySpreadConstraintArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs

ZONE = "topology.kubernetes.io/zone"
SINGLE = "morefocus.com/single-replica"
"""Annotation with the reason why there is one pod of something on purpose; without it two are asked for."""


def pod_security(user: int, group: int | None = None) -> PodSecurityContextArgs:
    """Return what the Pod Security Standard `restricted` asks of a pod; `user` is a numeric id other than root's.

    Raises ValueError for root.
    Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
    """
    if user == 0:
        raise ValueError("user must not be root (0): pods run without privileges")
    return PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=user,
        run_as_group=group or user,
        fs_group=group or user,
        seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
    )


def container_security(read_only: bool = True) -> SecurityContextArgs:
    """Return what `restricted` asks of a container; its root file system is read-only unless said otherwise."""
    return SecurityContextArgs(
        allow_privilege_escalation=False,
        capabilities=CapabilitiesArgs(drop=["ALL"]),
        read_only_root_filesystem=read_only,
    )


def resources(requests: Mapping[str, str], limits: Mapping[str, str]) -> ResourceRequirementsArgs:
    """Return what a container is sure of and what it may use at most, as Kubernetes quantities."""
    return ResourceRequirementsArgs(requests=dict(requests), limits=dict(limits))


def over_zones(match: Mapping[str, str]) -> TopologySpreadConstraintArgs:
    """Return the wish that replicas stand in different zones; a zone that is down keeps no replica from starting elsewhere."""
    return TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key=ZONE,
        when_unsatisfiable="ScheduleAnyway",
        label_selector=LabelSelectorArgs(match_labels=dict(match)),
    )
