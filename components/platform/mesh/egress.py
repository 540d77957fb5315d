"""What a namespace of the mesh may reach outside of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.platform.mesh.baseline import NETWORKING


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """Something outside the mesh, by its names or, where it has none that stay, by its networks.

    Raises ValueError without hosts, or for a wildcard over plain TCP, which carries no name.
    """

    hosts: tuple[str, ...]
    """Names such as `api.stripe.com`; with `cidrs` one name of our own suffices."""
    port: int = 443
    protocol: Literal["TLS", "TCP", "HTTP"] = "TLS"
    cidrs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.hosts:
            raise ValueError("hosts must name one host at least (got none)")
        if self.protocol == "TCP" and not self.cidrs and any("*" in each for each in self.hosts):
            raise ValueError(f"a wildcard needs TLS, whose handshake names the host, or cidrs (got {self.hosts} over TCP)")


@dataclass(frozen=True, kw_only=True, slots=True)
class MeshEgressArgs:
    """Which namespace, and what it may reach.

    Raises ValueError for one that may reach everything and says no reason, or names destinations too.
    """

    namespace: str
    destinations: Mapping[str, Destination]
    """Short name to destination."""
    anything: str | None = None
    """Why its pods may reach whatever its network policies let through; None: they may not."""
    shared_namespaces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.anything is not None and (not self.anything or self.destinations):
            raise ValueError(f"namespace {self.namespace}: give destinations, or a reason why it may reach anything")


class MeshEgress(Component, token="platform:MeshEgress"):
    """The ways out of one namespace: named destinations, or anything where a reason says why (SEC-7).

    Source: https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/
    """

    def __init__(self, name: str, context: Context, args: MeshEgressArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        if args.anything is not None:
            CustomResource(
                f"{name}-anything",
                api_version=NETWORKING,
                kind="Sidecar",
                metadata=self._meta("default", {"morefocus.com/egress-exception": args.anything}),
                spec=open_scope(args.shared_namespaces),
                opts=self.child(),
            )
        for short, destination in sorted(args.destinations.items()):
            CustomResource(
                f"{name}-{short}",
                api_version=NETWORKING,
                kind="ServiceEntry",
                metadata=self._meta(short),
                spec=service_entry(destination),
                opts=self.child(),
            )
        self.publish()

    def _meta(self, name: str, annotations: Mapping[str, str] | None = None) -> ObjectMetaArgs:
        return ObjectMetaArgs(
            name=name,
            namespace=self._args.namespace,
            labels=labels(self.context, self._component),
            annotations=dict(annotations or {}),
        )


def open_scope(shared: tuple[str, ...]) -> dict[str, Any]:
    """Return the spec of a namespace's Sidecar that lets unknown destinations through."""
    return {
        "egress": [{"hosts": ["./*", *(f"{namespace}/*" for namespace in shared)]}],
        "outboundTrafficPolicy": {"mode": "ALLOW_ANY"},
    }


def service_entry(destination: Destination) -> dict[str, Any]:
    """Return the spec of a ServiceEntry that its own namespace alone sees."""
    named = not destination.cidrs and not any("*" in each for each in destination.hosts)
    spec: dict[str, Any] = {
        "hosts": list(destination.hosts),
        "exportTo": ["."],
        "location": "MESH_EXTERNAL",
        "ports": [
            {"number": destination.port, "name": f"{destination.protocol.lower()}-{destination.port}", "protocol": destination.protocol}
        ],
        "resolution": "DNS" if named else "NONE",
    }
    if destination.cidrs:
        spec["addresses"] = list(destination.cidrs)
    return spec
