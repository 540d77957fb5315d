"""Traffic that is allowed: from some pods to others, or between pods and addresses outside; all else is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from components._base import Component, Context
from components.platform.labels import NAMESPACE_LABEL, labels

METADATA = "169.254.0.0/16"
"""Where instance metadata and other link-local services answer: no flow may reach it, but to the one address below.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html
"""
IDENTITY_AGENT = "169.254.170.23/32"
"""Where each node's agent gives pods the credentials of their service account, on port 80.

Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
"""
IDENTITY_PORT = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Pods:
    """Pods of a namespace; without labels all of them."""

    namespace: pulumi.Input[str]
    match: Mapping[str, str] = field(default_factory=dict)
    """Labels that a pod must have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """Networks outside the cluster.

    The whole internet is `0.0.0.0/0`; instance metadata is left out of any network that holds it.

    Raises ValueError for what is no network, for none, and for a part of the link-local addresses that is not `IDENTITY_AGENT`.
    """

    cidrs: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.cidrs:
            raise ValueError("cidrs must name one network at least (got none)")
        for cidr in self.cidrs:
            try:
                network = IPv4Network(cidr)
            except ValueError as error:
                raise ValueError(f"cidrs must be IPv4 networks such as 10.0.0.0/17 (got {cidr!r})") from error
            if network.subnet_of(IPv4Network(METADATA)) and cidr != IDENTITY_AGENT:
                raise ValueError(f"no flow may reach {METADATA}, where instance metadata answers, but {IDENTITY_AGENT} (got {cidr})")


INTERNET = Addresses(cidrs=("0.0.0.0/0",))


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowArgs:
    """Who may speak to whom.

    Raises ValueError when neither end is in the cluster, or no port is named.
    """

    source: Pods | Addresses
    destination: Pods | Addresses
    ports: tuple[int, ...]
    """Ports of the destination's pods."""
    protocol: str = "TCP"

    def __post_init__(self) -> None:
        if isinstance(self.source, Addresses) and isinstance(self.destination, Addresses):
            raise ValueError(f"a flow needs pods at one end at least (got {self.source.cidrs} to {self.destination.cidrs})")
        if not self.ports:
            raise ValueError("ports must name one port at least: a flow to every port is no decision")


class Flow(Component, token="platform:Flow"):
    """One allowed flow, written at both of its ends, since each namespace refuses in both directions (SEC-7)."""

    def __init__(self, name: str, context: Context, args: FlowArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        ports = [NetworkPolicyPortArgs(protocol=args.protocol, port=port) for port in args.ports]
        if isinstance(args.source, Pods):
            NetworkPolicy(
                f"{name}-out",
                metadata=self._meta(f"{name}-out", args.source),
                spec=NetworkPolicySpecArgs(
                    pod_selector=LabelSelectorArgs(match_labels=dict(args.source.match)),
                    policy_types=["Egress"],
                    egress=[NetworkPolicyEgressRuleArgs(to=_peers(args.destination), ports=ports)],
                ),
                opts=self.child(),
            )
        if isinstance(args.destination, Pods):
            NetworkPolicy(
                f"{name}-in",
                metadata=self._meta(f"{name}-in", args.destination),
                spec=NetworkPolicySpecArgs(
                    pod_selector=LabelSelectorArgs(match_labels=dict(args.destination.match)),
                    policy_types=["Ingress"],
                    ingress=[NetworkPolicyIngressRuleArgs(from_=_peers(args.source), ports=ports)],
                ),
                opts=self.child(),
            )
        self.publish()

    def _meta(self, name: str, end: Pods) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=end.namespace, labels=labels(self.context, self._component))


def _peers(end: Pods | Addresses) -> list[NetworkPolicyPeerArgs]:
    if isinstance(end, Addresses):
        return [NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=cidr, except_=_without_metadata(cidr))) for cidr in end.cidrs]
    return [
        NetworkPolicyPeerArgs(
            namespace_selector=LabelSelectorArgs(match_labels={NAMESPACE_LABEL: end.namespace}),
            pod_selector=LabelSelectorArgs(match_labels=dict(end.match)),
        )
    ]


def _without_metadata(cidr: str) -> list[str] | None:
    held = cidr != IDENTITY_AGENT and IPv4Network(METADATA).subnet_of(IPv4Network(cidr))
    return [METADATA] if held else None
