"""What every namespace begins with: nothing comes in, and nothing goes out but look-ups of names (SEC-7)."""

from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicy,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from components._base import Component
from components.platform.labels import NAMESPACE_LABEL

DNS_NAMESPACE, DNS_PODS, DNS_PORT = "kube-system", {"k8s-app": "kube-dns"}, 53
DENY, ALLOW_DNS = "default-deny", "allow-dns"
"""Names of the two policies in each namespace."""


def refuse_all(owner: Component, logical: str, meta: ObjectMetaArgs) -> NetworkPolicy:
    """Refuse all traffic of a namespace, in both directions."""
    return NetworkPolicy(
        logical,
        metadata=meta,
        spec=NetworkPolicySpecArgs(pod_selector=LabelSelectorArgs(), policy_types=["Ingress", "Egress"]),
        opts=owner.child(),
    )


def look_up_names(owner: Component, logical: str, meta: ObjectMetaArgs) -> NetworkPolicy:
    """Let pods look up names in the cluster's own DNS alone: to any other, a name can carry data out."""
    dns = NetworkPolicyPeerArgs(
        namespace_selector=LabelSelectorArgs(match_labels={NAMESPACE_LABEL: DNS_NAMESPACE}),
        pod_selector=LabelSelectorArgs(match_labels=DNS_PODS),
    )
    ports = [NetworkPolicyPortArgs(protocol=protocol, port=DNS_PORT) for protocol in ("UDP", "TCP")]
    return NetworkPolicy(
        logical,
        metadata=meta,
        spec=NetworkPolicySpecArgs(
            pod_selector=LabelSelectorArgs(), policy_types=["Egress"], egress=[NetworkPolicyEgressRuleArgs(to=[dns], ports=ports)]
        ),
        opts=owner.child(),
    )
