"""What holds for all of the mesh before anybody allows anything."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels

SECURITY = "security.istio.io/v1"
NETWORKING = "networking.istio.io/v1"
TELEMETRY = "telemetry.istio.io/v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class MeshBaselineArgs:
    """Where the mesh's root is, and what all of it may see.

    Raises ValueError for a share of requests that is none.
    """

    root_namespace: pulumi.Input[str]
    """What stands in the control plane's namespace holds for every namespace of the mesh."""
    shared_namespaces: tuple[str, ...] = ()
    """Namespaces whose services every proxy knows, beside those of its own."""
    traced_percent: float = 0.0
    """Share of requests that proxies trace, 0 to 100."""

    def __post_init__(self) -> None:
        if not 0 <= self.traced_percent <= 100:
            raise ValueError(f"traced_percent must be 0 to 100 (got {self.traced_percent})")


class MeshBaseline(Component, token="platform:MeshBaseline"):
    """Mutual TLS or nothing, no caller that nobody named, and failures alone in the access log (SEC-5, SEC-7).

    A proxy knows the services of its own namespace and of those that all share: what a tenant's proxy holds in memory does not grow
    with the number of tenants (TEN-3).
    Source: https://istio.io/latest/docs/ops/best-practices/security/,
    https://istio.io/latest/docs/reference/config/networking/sidecar/
    """

    def __init__(self, name: str, context: Context, args: MeshBaselineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        CustomResource(
            f"{name}-strict",
            api_version=SECURITY,
            kind="PeerAuthentication",
            # Of this name, in the root namespace, it holds for the whole mesh.
            metadata=self._meta("default"),
            spec={"mtls": {"mode": "STRICT"}},
            opts=self.child(),
        )
        CustomResource(
            f"{name}-deny",
            api_version=SECURITY,
            kind="AuthorizationPolicy",
            metadata=self._meta("deny-by-default"),
            # A policy that allows, without a rule: it allows nothing.
            spec={"action": "ALLOW"},
            opts=self.child(),
        )
        CustomResource(
            f"{name}-scope",
            api_version=NETWORKING,
            kind="Sidecar",
            metadata=self._meta("default"),
            spec=scope(args.shared_namespaces),
            opts=self.child(),
        )
        CustomResource(
            f"{name}-telemetry",
            api_version=TELEMETRY,
            kind="Telemetry",
            metadata=self._meta("default"),
            spec=telemetry(args.traced_percent),
            opts=self.child(),
        )
        self.publish()

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.root_namespace, labels=labels(self.context, self._component))


def scope(shared: tuple[str, ...]) -> dict[str, Any]:
    """Return the spec of a Sidecar: what proxies know, and that what they do not know is not reached."""
    return {
        "egress": [{"hosts": ["./*", *(f"{namespace}/*" for namespace in shared)]}],
        "outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"},
    }


def telemetry(traced_percent: float) -> dict[str, Any]:
    """Return the spec of the mesh's Telemetry: metrics of all requests, and a log line of those that failed.

    A line of every request would be a record of who did what when, which nobody asked for.
    """
    return {
        "metrics": [{"providers": [{"name": "prometheus"}]}],
        "accessLogging": [{"providers": [{"name": "envoy"}], "filter": {"expression": "response.code >= 500 || response.code == 0"}}],
        "tracing": [{"randomSamplingPercentage": traced_percent}],
    }
