"""Who may call a service of the mesh, and when its callers stop trying."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.platform.mesh.baseline import NETWORKING, SECURITY
from components.platform.mesh.breaker import Limits, traffic_policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Pods of one service account.

    Raises ValueError for `default`: a service account that many have tells nobody apart.
    """

    namespace: str
    service_account: str

    def __post_init__(self) -> None:
        if self.service_account == "default":
            raise ValueError(f"namespace {self.namespace}: give callers a service account of their own (got 'default')")

    @property
    def principal(self) -> str:
        """The identity in the caller's certificate."""
        return f"cluster.local/ns/{self.namespace}/sa/{self.service_account}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outside:
    """Callers without a certificate of the mesh, such as a load balancer.

    Raises ValueError without a reason, without a port, and for the whole internet.
    """

    cidrs: tuple[str, ...]
    ports: tuple[int, ...]
    why: str
    """Kept as an annotation for auditors."""

    def __post_init__(self) -> None:
        if not self.why or not self.ports:
            raise ValueError(f"callers without mutual TLS need ports and a reason (got {self.ports}, {self.why!r})")
        if not self.cidrs or any(IPv4Network(cidr).prefixlen == 0 for cidr in self.cidrs):
            raise ValueError(f"callers without mutual TLS are networks, and not the whole internet (got {self.cidrs})")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServicePolicyArgs:
    """One service: where it is, who may call it, and what it is built for.

    Raises ValueError when it has no port, when nobody may call it, or when callers of the mesh have no limits.
    """

    namespace: str
    service: str
    """Name of the Kubernetes service."""
    match: Mapping[str, str]
    """Labels of its pods."""
    ports: tuple[int, ...]
    """Ports of its pods."""
    callers: tuple[Caller, ...] = ()
    limits: Limits | None = None
    """What its callers in the mesh keep to; None where it has none."""
    outside: tuple[Outside, ...] = ()

    def __post_init__(self) -> None:
        if not self.match or not self.ports:
            raise ValueError(f"service {self.service}: give labels of its pods, and ports (got {dict(self.match)}, {self.ports})")
        if not self.callers and not self.outside:
            raise ValueError(f"service {self.service}: name one caller at least; a service that nobody may call needs no policy")
        if bool(self.callers) != (self.limits is not None):
            raise ValueError(f"service {self.service}: give limits where somebody of the mesh calls it, and only there")
        strange = sorted({port for each in self.outside for port in each.ports} - set(self.ports))
        if strange:
            raise ValueError(f"service {self.service}: outside names ports {strange}, and its ports are {self.ports}")


class ServicePolicy(Component, token="platform:ServicePolicy"):
    """One service's callers by service account, its circuit breaker, and the ports on which somebody may speak without mutual TLS
    (SEC-5, SEC-10).

    Source: https://istio.io/latest/docs/reference/config/security/authorization-policy/
    """

    host: pulumi.Output[str]
    """Name under which it is called, known once its callers are allowed."""

    def __init__(self, name: str, context: Context, args: ServicePolicyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        allowed = CustomResource(
            f"{name}-callers",
            api_version=SECURITY,
            kind="AuthorizationPolicy",
            metadata=self._meta("callers"),
            spec=authorization(args),
            opts=self.child(),
        )
        if args.limits is not None:
            self._break(name, args.limits)
        if args.outside:
            CustomResource(
                f"{name}-outside",
                api_version=SECURITY,
                kind="PeerAuthentication",
                metadata=self._meta("outside", {"morefocus.com/mtls-exception": "; ".join(each.why for each in args.outside)}),
                spec=without_mutual_tls(args),
                opts=self.child(),
            )
        self.host = allowed.urn.apply(lambda _: host(args))
        self.publish()

    def _break(self, name: str, limits: Limits) -> None:
        CustomResource(
            f"{name}-breaker",
            api_version=NETWORKING,
            kind="DestinationRule",
            metadata=self._meta("breaker"),
            spec={"host": host(self._args), "trafficPolicy": traffic_policy(limits)},
            opts=self.child(),
        )
        CustomResource(
            f"{name}-timeout",
            api_version=NETWORKING,
            kind="VirtualService",
            metadata=self._meta("timeout"),
            spec=timeout(host(self._args), limits.timeout_seconds),
            opts=self.child(),
        )

    def _meta(self, role: str, annotations: Mapping[str, str] | None = None) -> ObjectMetaArgs:
        return ObjectMetaArgs(
            name=f"{self._args.service}-{role}",
            namespace=self._args.namespace,
            labels=labels(self.context, self._component),
            annotations=dict(annotations or {}),
        )


def host(args: ServicePolicyArgs) -> str:
    """Return the service's full name in the cluster's DNS."""
    return f"{args.service}.{args.namespace}.svc.cluster.local"


def authorization(args: ServicePolicyArgs) -> dict[str, Any]:
    """Return the spec of an AuthorizationPolicy: each caller by its certificate, and each network by its addresses, on named ports."""
    rules: list[dict[str, Any]] = []
    if args.callers:
        rules.append(
            {
                "from": [{"source": {"principals": sorted(caller.principal for caller in args.callers)}}],
                "to": [{"operation": {"ports": [str(port) for port in args.ports]}}],
            }
        )
    rules += [
        {
            "from": [{"source": {"ipBlocks": list(each.cidrs)}}],
            "to": [{"operation": {"ports": [str(port) for port in each.ports]}}],
        }
        for each in args.outside
    ]
    return {"action": "ALLOW", "selector": {"matchLabels": dict(args.match)}, "rules": rules}


def timeout(name: str, seconds: int) -> dict[str, Any]:
    """Return the spec of a VirtualService: a request ends in time, and is tried once more where that cannot do a thing twice."""
    return {
        "hosts": [name],
        "http": [
            {
                "route": [{"destination": {"host": name}}],
                "timeout": f"{seconds}s",
                # Only what no pod has begun to work at: a request that was answered late may have had its effect.
                "retries": {"attempts": 1, "retryOn": "connect-failure,refused-stream"},
            }
        ],
    }


def without_mutual_tls(args: ServicePolicyArgs) -> dict[str, Any]:
    """Return the spec of a PeerAuthentication: strict, but on the ports that somebody outside the mesh calls."""
    ports = sorted({port for each in args.outside for port in each.ports})
    return {
        "selector": {"matchLabels": dict(args.match)},
        "mtls": {"mode": "STRICT"},
        "portLevelMtls": {str(port): {"mode": "PERMISSIVE"} for port in ports},
    }
