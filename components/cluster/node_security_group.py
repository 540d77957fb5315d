"""The firewall of nodes and their pods (NET-5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

import pulumi
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.vpc.security_group_egress_rule import SecurityGroupEgressRule
from pulumi_aws.vpc.security_group_ingress_rule import SecurityGroupIngressRule

from components._base import Component, Context
from config.vocabulary import DataClass

_API = 443
_UNPRIVILEGED = (1024, 65535)


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeSecurityGroupArgs:
    """Whom nodes talk to.

    Raises ValueError for ports out of range or repeated, and for CIDRs that are none.
    """

    vpc_id: pulumi.Input[str]
    cluster_name: str
    control_plane_group_id: pulumi.Input[str]
    """Security group that EKS made for the control plane."""
    data_cidr: str
    """Where data stores are: the isolated tier."""
    internet_ports: tuple[int, ...]
    """TCP ports that pods may reach anywhere; 443 is also how they reach AWS through its endpoints."""
    data_ports: tuple[int, ...]
    """TCP ports of data stores."""
    api_clients: Mapping[str, str] = field(default_factory=dict)
    """CIDRs that may reach the private Kubernetes API besides nodes, by a short name such as `vpn`."""

    def __post_init__(self) -> None:
        for name, ports in (("internet_ports", self.internet_ports), ("data_ports", self.data_ports)):
            if len(set(ports)) != len(ports) or not all(1 <= port <= _UNPRIVILEGED[1] for port in ports):
                raise ValueError(f"{name} must be different TCP ports of 1 to {_UNPRIVILEGED[1]} (got {list(ports)})")
        for name, cidr in {"data_cidr": self.data_cidr, **self.api_clients}.items():
            try:
                IPv4Network(cidr)
            except ValueError as error:
                raise ValueError(f"{name} must be an IPv4 network such as 10.0.144.0/20 (got {cidr!r})") from error


class NodeSecurityGroup(Component, token="cluster:NodeSecurityGroup"):
    """Nodes talk to each other and to the control plane; outwards only to the ports named; nobody else comes in.

    Load balancers are let in where they are made, by a rule of their own.
    """

    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: NodeSecurityGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        group = SecurityGroup(
            f"{name}-group",
            vpc_id=args.vpc_id,
            description="Nodes of the cluster and their pods",
            # By this tag the load balancer controller finds the group of a node.
            tags=self.tags(DataClass.OPERATIONAL, name=name) | {f"kubernetes.io/cluster/{args.cluster_name}": "owned"},
            opts=self.child(),
        )
        self._within(name, group)
        self._control_plane(name, group, args)
        for port in args.internet_ports:
            self._egress(f"{name}-to-internet-{port}", group, "Outside, and AWS through its endpoints", port, "0.0.0.0/0")
        for port in args.data_ports:
            self._egress(f"{name}-to-data-{port}", group, "Data stores", port, args.data_cidr)
        for client, cidr in args.api_clients.items():
            logical = f"{name}-api-from-{client}"
            SecurityGroupIngressRule(
                logical,
                security_group_id=args.control_plane_group_id,
                description=f"Kubernetes API from {client}",
                ip_protocol="tcp",
                from_port=_API,
                to_port=_API,
                cidr_ipv4=cidr,
                tags=self.tags(DataClass.OPERATIONAL, name=logical),
                opts=self.child(),
            )
        self.security_group_id = group.id
        self.publish()

    def _within(self, name: str, group: SecurityGroup) -> None:
        # What pods may say to each other is decided by network policies (SEC-7).
        SecurityGroupIngressRule(
            f"{name}-from-nodes",
            security_group_id=group.id,
            description="Between nodes and their pods",
            ip_protocol="-1",
            referenced_security_group_id=group.id,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-from-nodes"),
            opts=self.child(),
        )
        SecurityGroupEgressRule(
            f"{name}-to-nodes",
            security_group_id=group.id,
            description="Between nodes and their pods",
            ip_protocol="-1",
            referenced_security_group_id=group.id,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-to-nodes"),
            opts=self.child(),
        )

    def _control_plane(self, name: str, group: SecurityGroup, args: NodeSecurityGroupArgs) -> None:
        SecurityGroupIngressRule(
            f"{name}-from-control-plane",
            security_group_id=group.id,
            description="Control plane to kubelets, webhooks and aggregated APIs",
            ip_protocol="tcp",
            from_port=_UNPRIVILEGED[0],
            to_port=_UNPRIVILEGED[1],
            referenced_security_group_id=args.control_plane_group_id,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-from-control-plane"),
            opts=self.child(),
        )
        SecurityGroupEgressRule(
            f"{name}-to-control-plane",
            security_group_id=group.id,
            description="Kubernetes API",
            ip_protocol="tcp",
            from_port=_API,
            to_port=_API,
            referenced_security_group_id=args.control_plane_group_id,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-to-control-plane"),
            opts=self.child(),
        )
        SecurityGroupIngressRule(
            f"{name}-api-from-nodes",
            security_group_id=args.control_plane_group_id,
            description="Kubernetes API from nodes and pods",
            ip_protocol="tcp",
            from_port=_API,
            to_port=_API,
            referenced_security_group_id=group.id,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-api-from-nodes"),
            opts=self.child(),
        )

    def _egress(self, logical: str, group: SecurityGroup, description: str, port: int, cidr: str) -> None:
        SecurityGroupEgressRule(
            logical,
            security_group_id=group.id,
            description=description,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4=cidr,
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )
