"""Which add-ons a cluster has: plain facts.

Sources: https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html and
https://docs.aws.amazon.com/eks/latest/userguide/community-addons.html (names, service accounts, policies).
"""

import json
from dataclasses import dataclass

NAMESPACE = "kube-system"


@dataclass(frozen=True, kw_only=True, slots=True)
class AddonIdentity:
    """What the pods of an add-on may do in AWS."""

    service_account: str
    managed_policy: str
    """An AWS managed policy by path and name."""
    uses_volume_key: bool = False
    """They make volumes that are encrypted with the estate's key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AddonSpec:
    """One add-on of EKS."""

    name: str
    identity: AddonIdentity | None = None
    """None where no pod calls AWS."""
    configuration: str | None = None
    """JSON, after the schema that the add-on publishes."""


NODE_ADDONS = (
    AddonSpec(
        name="vpc-cni",
        identity=AddonIdentity(service_account="aws-node", managed_policy="AmazonEKS_CNI_Policy"),
        # Without the first network policies are accepted and enforced by nobody (SEC-7). The others let pods have a security group of
        # their own, where a SecurityGroupPolicy says so, and keep policies in force for these too (NET-8).
        # Source: https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html
        configuration=json.dumps(
            {"enableNetworkPolicy": "true", "env": {"ENABLE_POD_ENI": "true", "POD_SECURITY_GROUP_ENFORCING_MODE": "standard"}}
        ),
    ),
    AddonSpec(name="kube-proxy"),
    AddonSpec(name="eks-pod-identity-agent"),
    AddonSpec(name="eks-node-monitoring-agent"),
)
"""A copy on each node, which without them is never ready: installed before there are nodes."""

WORKLOAD_ADDONS = (
    AddonSpec(name="coredns"),
    AddonSpec(name="metrics-server"),
    AddonSpec(
        name="aws-ebs-csi-driver",
        identity=AddonIdentity(service_account="ebs-csi-controller-sa", managed_policy="AmazonEBSCSIDriverPolicyV2", uses_volume_key=True),
    ),
    AddonSpec(
        name="aws-efs-csi-driver",
        identity=AddonIdentity(service_account="efs-csi-controller-sa", managed_policy="service-role/AmazonEFSCSIDriverPolicy"),
    ),
)
"""They run on nodes, and are healthy only once there are some."""

ADDON_NAMES = tuple(addon.name for addon in (*NODE_ADDONS, *WORKLOAD_ADDONS))
