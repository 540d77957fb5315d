"""A region's router between its own network, other regions, offices and tenants' networks (NET-2, NET-8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pulumi
from pulumi_aws.ec2transitgateway.route import Route
from pulumi_aws.ec2transitgateway.route_table import RouteTable
from pulumi_aws.ec2transitgateway.route_table_association import RouteTableAssociation
from pulumi_aws.ec2transitgateway.transit_gateway import TransitGateway as Ec2TransitGateway
from pulumi_aws.ec2transitgateway.vpc_attachment import VpcAttachment

from components._base import Component, Context
from components.network.attachment import attached_vpc, lead_to
from config.vocabulary import DataClass


class Segment(StrEnum):
    """Who comes in by an attachment; each segment has a route table, and reaches what stands there and nothing else."""

    CORE = "core"
    """The region's own VPC: reaches whatever is joined to it."""
    PEERS = "peers"
    """Other regions: reach the region's VPC."""
    VPN = "vpn"
    """Offices: reach the region's VPC."""
    ENTERPRISE = "enterprise"
    """Tenants' own VPCs: reach the region's shared services, and no other tenant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TransitGatewayArgs:
    """What the gateway joins.

    Raises ValueError when the ASN is not private, and without a subnet or a route table.
    """

    asn: int
    """Private ASN, different in each region: 64512 to 65534, or 4200000000 to 4294967294."""
    vpc_id: pulumi.Input[str]
    vpc_cidr: str
    shared_cidr: str
    """The part of the VPC that enterprise tenants reach."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """One private subnet a zone."""
    route_table_ids: Mapping[str, pulumi.Input[str]]
    """Zone to the route table its private subnet follows."""
    remote_networks: Mapping[str, str] = field(default_factory=dict)
    """What the VPC reaches through the gateway: a short name, which is part of a route's identity, and a CIDR."""

    def __post_init__(self) -> None:
        if not (64512 <= self.asn <= 65534 or 4200000000 <= self.asn <= 4294967294):
            raise ValueError(f"asn must be 64512 to 65534, or 4200000000 to 4294967294 (got {self.asn})")
        if not self.route_table_ids:
            raise ValueError("route_table_ids must name at least one zone's route table")


class TransitGateway(Component, token="network:TransitGateway"):
    """A transit gateway on which nothing reaches anything by itself, with a route table a segment and the region's VPC.

    Static routes only: what a neighbour announces changes no table.
    Source: https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """

    gateway_id: pulumi.Output[str]
    core_table_id: pulumi.Output[str]
    peers_table_id: pulumi.Output[str]
    vpn_table_id: pulumi.Output[str]
    enterprise_table_id: pulumi.Output[str]
    vpc_attachment_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: TransitGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        gateway = self._gateway()
        tables = {segment: self._table(gateway, segment) for segment in Segment}
        attachment = attached_vpc(self, name, gateway_id=gateway.id, vpc_id=args.vpc_id, subnet_ids=args.subnet_ids)
        self._member(attachment, tables[Segment.CORE])
        within = {Segment.PEERS: args.vpc_cidr, Segment.VPN: args.vpc_cidr, Segment.ENTERPRISE: args.shared_cidr}
        for segment, cidr in within.items():
            Route(
                f"{name}-{segment}-to-core",
                transit_gateway_route_table_id=tables[segment].id,
                destination_cidr_block=cidr,
                transit_gateway_attachment_id=attachment.id,
                opts=self.child(),
            )
        # Isolated subnets stay within the VPC.
        for remote, cidr in args.remote_networks.items():
            lead_to(self, name, attachment, cidr=cidr, beyond=remote, route_table_ids=args.route_table_ids)
        self.gateway_id = gateway.id
        self.core_table_id = tables[Segment.CORE].id
        self.peers_table_id = tables[Segment.PEERS].id
        self.vpn_table_id = tables[Segment.VPN].id
        self.enterprise_table_id = tables[Segment.ENTERPRISE].id
        self.vpc_attachment_id = attachment.id
        self.publish()

    def _gateway(self) -> Ec2TransitGateway:
        name = self._component
        return Ec2TransitGateway(
            f"{name}-gateway",
            description=f"Joins {self.context.prefix} to what it may reach",
            amazon_side_asn=self._args.asn,
            # An attachment follows the table it is given, and a request from another account waits for a person.
            default_route_table_association="disable",
            default_route_table_propagation="disable",
            auto_accept_shared_attachments="disable",
            dns_support="enable",
            vpn_ecmp_support="enable",
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )

    def _table(self, gateway: Ec2TransitGateway, segment: Segment) -> RouteTable:
        logical = f"{self._component}-{segment}"
        return RouteTable(logical, transit_gateway_id=gateway.id, tags=self.tags(DataClass.OPERATIONAL, name=logical), opts=self.child())

    def _member(self, attachment: VpcAttachment, table: RouteTable) -> None:
        RouteTableAssociation(
            f"{self._component}-vpc-segment",
            transit_gateway_attachment_id=attachment.id,
            transit_gateway_route_table_id=table.id,
            opts=self.child(),
        )
