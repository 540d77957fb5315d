"""The network ACLs of every tier, and the VPC's own defaults, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.ec2._inputs import NetworkAclEgressArgs, NetworkAclIngressArgs
from pulumi_aws.ec2.default_network_acl import DefaultNetworkAcl
from pulumi_aws.ec2.default_route_table import DefaultRouteTable
from pulumi_aws.ec2.default_security_group import DefaultSecurityGroup
from pulumi_aws.ec2.network_acl import NetworkAcl
from pulumi_aws.ec2.vpc import Vpc

from components._base import Component, Context
from components.network.access_rules import AccessRules, Rule
from components.network.subnet_plan import SubnetTier
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessControlArgs:
    """What is guarded and how."""

    vpc: Vpc
    subnet_ids: Mapping[SubnetTier, Sequence[pulumi.Input[str]]]
    rules: Mapping[SubnetTier, AccessRules]


class AccessControl(Component, token="network:AccessControl"):
    """A network ACL a tier; default security group, network ACL and route table adopted and emptied.

    Nothing uses the defaults; empty, they let nothing through for what is put into the VPC by mistake (NET-5).
    """

    def __init__(self, name: str, context: Context, args: AccessControlArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        for tier, subnet_ids in args.subnet_ids.items():
            logical = f"{name}-{tier}"
            NetworkAcl(
                logical,
                vpc_id=args.vpc.id,
                subnet_ids=list(subnet_ids),
                ingress=[_ingress(number, rule) for number, rule in _numbered(args.rules[tier].ingress)],
                egress=[_egress(number, rule) for number, rule in _numbered(args.rules[tier].egress)],
                tags=self.tags(DataClass.OPERATIONAL, name=logical),
                opts=self.child(),
            )
        self._close_defaults(name, args.vpc)
        self.publish()

    def _close_defaults(self, name: str, vpc: Vpc) -> None:
        DefaultSecurityGroup(
            f"{name}-default-security-group",
            vpc_id=vpc.id,
            ingress=[],
            egress=[],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-default"),
            opts=self.child(),
        )
        DefaultNetworkAcl(
            f"{name}-default-network-acl",
            default_network_acl_id=vpc.default_network_acl_id,
            ingress=[],
            egress=[],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-default"),
            # Subnets stand here for the moment between their creation and their own network ACL's.
            opts=self.child(ignore_changes=["subnetIds"]),
        )
        DefaultRouteTable(
            f"{name}-default-route-table",
            default_route_table_id=vpc.default_route_table_id,
            routes=[],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-default"),
            opts=self.child(),
        )


def _numbered(rules: tuple[Rule, ...]) -> list[tuple[int, Rule]]:
    """Number rules from 100 in tens: room for a rule put between by hand in an emergency."""
    return [(100 + 10 * position, rule) for position, rule in enumerate(rules)]


def _ingress(number: int, rule: Rule) -> NetworkAclIngressArgs:
    return NetworkAclIngressArgs(
        rule_no=number,
        action="allow",
        protocol=rule.protocol,
        cidr_block=rule.cidr,
        from_port=rule.ports[0],
        to_port=rule.ports[1],
        icmp_type=rule.icmp[0] if rule.icmp else None,
        icmp_code=rule.icmp[1] if rule.icmp else None,
    )


def _egress(number: int, rule: Rule) -> NetworkAclEgressArgs:
    return NetworkAclEgressArgs(
        rule_no=number,
        action="allow",
        protocol=rule.protocol,
        cidr_block=rule.cidr,
        from_port=rule.ports[0],
        to_port=rule.ports[1],
        icmp_type=rule.icmp[0] if rule.icmp else None,
        icmp_code=rule.icmp[1] if rule.icmp else None,
    )
