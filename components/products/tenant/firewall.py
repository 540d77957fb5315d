"""A security group around an enterprise tenant's pods."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.vpc.security_group_egress_rule import SecurityGroupEgressRule
from pulumi_aws.vpc.security_group_ingress_rule import SecurityGroupIngressRule
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from config.vocabulary import DataClass

_SHARED = {"dns-udp": ("udp", 53), "dns-tcp": ("tcp", 53), "pooler": ("tcp", 5432)}
"""What a tenant's pods reach on the nodes that all share."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantFirewallArgs:
    """Whose pods, and the nodes they may reach."""

    tenant: str
    namespace: pulumi.Input[str]
    vpc_id: pulumi.Input[str]
    node_security_group_id: pulumi.Input[str]


class TenantFirewall(Component, token="products:TenantFirewall"):
    """Network separation for one enterprise tenant: its pods' interfaces are in a group of their own, beside the policies (NET-8, D3).

    They reach names, the poolers and the web; kubelets reach them, and nobody else of the network does.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html
    """

    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: TenantFirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        group = SecurityGroup(
            f"{name}-group",
            description=f"Pods of tenant {args.tenant}",
            vpc_id=args.vpc_id,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-group", tenant=args.tenant),
            opts=self.child(),
        )
        for role, (protocol, port) in _SHARED.items():
            self._between(f"{name}-{role}", group, protocol, port)
        SecurityGroupEgressRule(
            f"{name}-web",
            security_group_id=group.id,
            cidr_ipv4="0.0.0.0/0",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            description="AWS and the web",
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-web", tenant=args.tenant),
            opts=self.child(),
        )
        SecurityGroupIngressRule(
            f"{name}-probes",
            security_group_id=group.id,
            referenced_security_group_id=args.node_security_group_id,
            ip_protocol="tcp",
            from_port=1024,
            to_port=65535,
            description="kubelets ask whether pods are well",
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-probes", tenant=args.tenant),
            opts=self.child(),
        )
        CustomResource(
            f"{name}-pods",
            api_version="vpcresources.k8s.aws/v1beta1",
            kind="SecurityGroupPolicy",
            metadata=ObjectMetaArgs(name="tenant", namespace=args.namespace, labels=labels(context, name, tenant=args.tenant)),
            spec={"podSelector": {}, "securityGroups": {"groupIds": [group.id]}},
            opts=self.child(),
        )
        self.security_group_id = group.id
        self.publish()

    def _between(self, name: str, group: SecurityGroup, protocol: str, port: int) -> None:
        args, tags = self._args, self.tags(DataClass.OPERATIONAL, name=name, tenant=self._args.tenant)
        SecurityGroupEgressRule(
            f"{name}-out",
            security_group_id=group.id,
            referenced_security_group_id=args.node_security_group_id,
            ip_protocol=protocol,
            from_port=port,
            to_port=port,
            description="what all tenants share",
            tags=tags,
            opts=self.child(),
        )
        SecurityGroupIngressRule(
            f"{name}-in",
            security_group_id=args.node_security_group_id,
            referenced_security_group_id=group.id,
            ip_protocol=protocol,
            from_port=port,
            to_port=port,
            description=f"tenant {args.tenant}",
            tags=tags,
            opts=self.child(),
        )
