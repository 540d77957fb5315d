"""A namespace that every cluster has from its beginning, closed like those that are made here."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicy,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from components._base import Component, Context
from components.platform.default_policies import ALLOW_DNS, DENY, DNS_NAMESPACE, DNS_PODS, DNS_PORT, look_up_names, refuse_all
from components.platform.labels import labels

NAMES = ("default", "kube-node-lease", "kube-public", DNS_NAMESPACE)
"""Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces"""


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemNamespaceArgs:
    """Which of them.

    Raises ValueError for any other name: those are made, and not found.
    """

    namespace: str

    def __post_init__(self) -> None:
        if self.namespace not in NAMES:
            raise ValueError(f"namespace must be one of {', '.join(NAMES)}, which no program makes (got {self.namespace!r})")


class SystemNamespace(Component, token="platform:SystemNamespace"):
    """Policies for a namespace that is not ours: all traffic refused, but for look-ups of names (SEC-7).

    What runs on its node's own network (the network plugin, the proxy, agents) is out of reach of any policy.
    """

    namespace: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: SystemNamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        refuse_all(self, f"{name}-deny", self._meta(DENY))
        look_up_names(self, f"{name}-dns", self._meta(ALLOW_DNS))
        if args.namespace == DNS_NAMESPACE:
            self._answer(name)
        self.namespace = pulumi.Output.from_input(args.namespace)
        self.publish()

    def _answer(self, name: str) -> None:
        """Every pod's questions are let in to the cluster's DNS."""
        ports = [NetworkPolicyPortArgs(protocol=protocol, port=DNS_PORT) for protocol in ("UDP", "TCP")]
        everybody = NetworkPolicyPeerArgs(namespace_selector=LabelSelectorArgs())
        NetworkPolicy(
            f"{name}-answers",
            metadata=self._meta("answer-names"),
            spec=NetworkPolicySpecArgs(
                pod_selector=LabelSelectorArgs(match_labels=DNS_PODS),
                policy_types=["Ingress"],
                ingress=[NetworkPolicyIngressRuleArgs(from_=[everybody], ports=ports)],
            ),
            opts=self.child(),
        )

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels=labels(self.context, self._component))
