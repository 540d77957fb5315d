"""The managed control plane of a cluster."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.eks._inputs import (
    ClusterAccessConfigArgs,
    ClusterEncryptionConfigArgs,
    ClusterEncryptionConfigProviderArgs,
    ClusterKubernetesNetworkConfigArgs,
    ClusterUpgradePolicyArgs,
    ClusterVpcConfigArgs,
)
from pulumi_aws.eks.cluster import Cluster as EksCluster
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment

from components._base import Component, Context, assume_role
from components._base.log_retention import check_retention
from config.vocabulary import DataClass

_LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
_VERSION = re.compile(r"1\.\d{2}")
_EVERYWHERE = IPv4Network("0.0.0.0/0")


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlPlaneArgs:
    """What the control plane is made from.

    Raises ValueError for a malformed version, a public endpoint open to all, a service range that EKS refuses or that
    meets the VPC, and a retention that does not exist.
    """

    cluster_name: str
    """Physical; what else is in the cluster derives ARNs from it."""
    subnet_ids: pulumi.Input[list[str]]
    """Private subnets, where EKS puts the control plane's network interfaces."""
    vpc_cidr: str
    secrets_key_arn: pulumi.Input[str]
    """KMS key of the class `credentials`."""
    log_key_arn: pulumi.Input[str]
    version: str = "1.35"
    """Kubernetes minor version; which ones are in standard support is checked by the caller (D4)."""
    public_access_cidrs: tuple[str, ...] = ()
    """Who may reach the Kubernetes API from the internet; empty for nobody (D4)."""
    service_cidr: str = "172.20.0.0/16"
    """Addresses of Kubernetes services; fixed for the cluster's life."""
    log_retention_days: int = 365
    deletion_protection: bool = True

    def __post_init__(self) -> None:
        if not _VERSION.fullmatch(self.version):
            raise ValueError(f"version must be a minor version of Kubernetes such as '1.35' (got {self.version!r})")
        for cidr in self.public_access_cidrs:
            if _network("public_access_cidrs", cidr) == _EVERYWHERE:
                raise ValueError("public_access_cidrs must not be 0.0.0.0/0: name the networks that need the Kubernetes API")
        services = _network("service_cidr", self.service_cidr)
        if not services.is_private or not 12 <= services.prefixlen <= 24:
            raise ValueError(f"service_cidr must be private addresses, /12 to /24 (got {self.service_cidr})")
        if services.overlaps(_network("vpc_cidr", self.vpc_cidr)):
            raise ValueError(f"service_cidr {self.service_cidr} overlaps the VPC's {self.vpc_cidr}")
        check_retention("log_retention_days", self.log_retention_days)


class ControlPlane(Component, token="cluster:ControlPlane"):
    """An EKS control plane with a private endpoint, its own key for secrets, and all five logs kept (CMP-1).

    Identities enter by access entries alone; whoever creates the cluster gets no rights in it by that.
    """

    cluster_name: pulumi.Output[str]
    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    certificate_authority: pulumi.Output[str]
    """Base64."""
    security_group_id: pulumi.Output[str]
    """Made by EKS, on the control plane's network interfaces."""
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: ControlPlaneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        role, policy = self._role(name, args.cluster_name)
        logs = LogGroup(
            f"{name}-logs",
            # The name is EKS's choice; were the group not there first, EKS would make one without key and retention.
            name=f"/aws/eks/{args.cluster_name}/cluster",
            kms_key_id=args.log_key_arn,
            retention_in_days=args.log_retention_days,
            tags=self.tags(DataClass.LOGS, name=f"{name}-logs"),
            opts=self.child(),
        )
        cluster = EksCluster(
            f"{name}-cluster",
            name=args.cluster_name,
            role_arn=role.arn,
            version=args.version,
            upgrade_policy=ClusterUpgradePolicyArgs(support_type="STANDARD"),
            vpc_config=_vpc_config(args),
            kubernetes_network_config=ClusterKubernetesNetworkConfigArgs(ip_family="ipv4", service_ipv4_cidr=args.service_cidr),
            access_config=ClusterAccessConfigArgs(authentication_mode="API", bootstrap_cluster_creator_admin_permissions=False),
            encryption_config=ClusterEncryptionConfigArgs(
                provider=ClusterEncryptionConfigProviderArgs(key_arn=args.secrets_key_arn), resources=["secrets"]
            ),
            enabled_cluster_log_types=list(_LOG_TYPES),
            # The network plugin, DNS and proxy come as managed add-ons, not as copies that nobody updates.
            bootstrap_self_managed_addons=False,
            deletion_protection=args.deletion_protection,
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            # Without its policy the role could not take the network interfaces away again at the end.
            opts=self.child(depends_on=[policy, logs]),
        )
        self.cluster_name = cluster.name
        self.arn = cluster.arn
        self.endpoint = cluster.endpoint
        self.certificate_authority = cluster.certificate_authority.data
        self.security_group_id = cluster.vpc_config.cluster_security_group_id
        self.log_group_name = logs.name
        self.publish()

    def _role(self, name: str, cluster: str) -> tuple[Role, RolePolicyAttachment]:
        """Source: https://docs.aws.amazon.com/eks/latest/userguide/cross-service-confused-deputy-prevention.html"""
        account, arn = self.context.account_id, self.context.arn("eks", f"cluster/{cluster}")
        role = Role(
            f"{name}-role",
            name=self.context.physical(name, limit=64),
            description="EKS: network interfaces and load balancers of the cluster",
            assume_role_policy=assume_role("eks.amazonaws.com", source_account=account, source_arn=arn),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        policy = RolePolicyAttachment(
            f"{name}-role-policy",
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
            opts=self.child(),
        )
        # Interfaces for pods that have a security group of their own (NET-8).
        RolePolicyAttachment(
            f"{name}-role-interfaces",
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/AmazonEKSVPCResourceController",
            opts=self.child(),
        )
        return role, policy


def _vpc_config(args: ControlPlaneArgs) -> ClusterVpcConfigArgs:
    return ClusterVpcConfigArgs(
        subnet_ids=args.subnet_ids,
        endpoint_private_access=True,
        endpoint_public_access=bool(args.public_access_cidrs),
        public_access_cidrs=list(args.public_access_cidrs) or None,
    )


def _network(name: str, cidr: str) -> IPv4Network:
    try:
        return IPv4Network(cidr)
    except ValueError as error:
        raise ValueError(f"{name} must be an IPv4 network such as 203.0.113.0/24 (got {cidr!r}: {error})") from error
