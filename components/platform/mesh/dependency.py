"""When pods of the mesh stop calling a service that stands outside of it."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.platform.mesh.baseline import NETWORKING


@dataclass(frozen=True, kw_only=True, slots=True)
class MeshDependencyArgs:
    """Who calls what, over how many connections.

    Raises ValueError when a caller could open none.
    """

    namespace: str
    """Of the callers."""
    host: pulumi.Input[str]
    """Full name of the service in the cluster's DNS."""
    connections: int
    """At the same time, from each calling pod; one more is refused at once instead of waiting."""
    replicas: int
    """Pods behind the service."""
    connect_seconds: int = 3

    def __post_init__(self) -> None:
        if self.connections < 1 or self.replicas < 1:
            raise ValueError(f"connections and replicas must be at least 1 (got {self.connections}, {self.replicas})")


class MeshDependency(Component, token="platform:MeshDependency"):
    """A circuit breaker before a service without a proxy of its own: its callers fail fast, and leave out pods that do not answer (SEC-10).

    Source: https://istio.io/latest/docs/tasks/traffic-management/circuit-breaking/
    """

    def __init__(self, name: str, context: Context, args: MeshDependencyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        CustomResource(
            f"{name}-breaker",
            api_version=NETWORKING,
            kind="DestinationRule",
            metadata=ObjectMetaArgs(name=name, namespace=args.namespace, labels=labels(context, name)),
            spec={"host": args.host, "exportTo": ["."], "trafficPolicy": connection_policy(args)},
            opts=self.child(),
        )
        self.publish()


def connection_policy(args: MeshDependencyArgs) -> dict[str, Any]:
    """Return the trafficPolicy: the service brings TLS of its own or none, and all but one of its pods may be left out."""
    return {
        "tls": {"mode": "DISABLE"},
        "connectionPool": {"tcp": {"maxConnections": args.connections, "connectTimeout": f"{args.connect_seconds}s"}},
        "outlierDetection": {
            "splitExternalLocalOriginErrors": True,
            "consecutiveLocalOriginFailures": 3,
            "interval": "5s",
            "baseEjectionTime": "15s",
            "maxEjectionPercent": 100 * (args.replicas - 1) // args.replicas,
        },
    }
