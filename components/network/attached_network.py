"""An enterprise tenant's own VPC on the region's transit gateway (NET-8, D3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.ec2transitgateway.route import Route
from pulumi_aws.ec2transitgateway.route_table_association import RouteTableAssociation

from components._base import Component, Context
from components.network.attachment import attached_vpc, lead_to


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachedNetworkArgs:
    """The tenant's VPC, and what it may reach.

    Raises ValueError without a route table.
    """

    gateway_id: pulumi.Input[str]
    core_table_id: pulumi.Input[str]
    """Table that the region's own VPC follows, which answers."""
    enterprise_table_id: pulumi.Input[str]
    """Table that all tenants follow: it leads to the region's shared services."""
    vpc_id: pulumi.Input[str]
    cidr: str
    shared_cidr: str
    """The region's shared services: all that the tenant reaches."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """One private subnet a zone."""
    route_table_ids: Mapping[str, pulumi.Input[str]]
    """Zone to the route table its private subnet follows."""

    def __post_init__(self) -> None:
        if not self.route_table_ids:
            raise ValueError("route_table_ids must name at least one zone's route table")


class AttachedNetwork(Component, token="network:AttachedNetwork"):
    """A tenant's VPC that reaches the region's shared services and no other tenant.

    The table that tenants share has a static route to nowhere for each of their networks. It goes before whatever might
    be propagated for the same network one day, so that a mistake there still joins no two tenants.
    Source: https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html (route evaluation order).
    """

    attachment_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: AttachedNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        attachment = attached_vpc(self, name, gateway_id=args.gateway_id, vpc_id=args.vpc_id, subnet_ids=args.subnet_ids)
        RouteTableAssociation(
            f"{name}-segment",
            transit_gateway_attachment_id=attachment.id,
            transit_gateway_route_table_id=args.enterprise_table_id,
            opts=self.child(),
        )
        Route(
            f"{name}-answer",
            transit_gateway_route_table_id=args.core_table_id,
            destination_cidr_block=args.cidr,
            transit_gateway_attachment_id=attachment.id,
            opts=self.child(),
        )
        Route(
            f"{name}-apart",
            transit_gateway_route_table_id=args.enterprise_table_id,
            destination_cidr_block=args.cidr,
            blackhole=True,
            opts=self.child(),
        )
        lead_to(self, name, attachment, cidr=args.shared_cidr, beyond="shared", route_table_ids=args.route_table_ids)
        self.attachment_id = attachment.id
        self.publish()
