"""Two regions' transit gateways joined, with routes both ways (NET-2, D12)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.ec2transitgateway.peering_attachment import PeeringAttachment
from pulumi_aws.ec2transitgateway.peering_attachment_accepter import PeeringAttachmentAccepter
from pulumi_aws.ec2transitgateway.route import Route
from pulumi_aws.ec2transitgateway.route_table_association import RouteTableAssociation

from components._base import Component, Context
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class PeeringEnd:
    """One of the two gateways."""

    gateway_id: pulumi.Input[str]
    cidr: str
    """The region's VPC: what the other end is told a way to."""
    core_table_id: pulumi.Input[str]
    """The table that the region's VPC follows."""
    peers_table_id: pulumi.Input[str]
    """The table that what comes from other regions follows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TransitPeeringArgs:
    """The two ends; this stack owns what stands at both, being the later of the two.

    Raises ValueError when both ends have the same network.
    """

    near: PeeringEnd
    far: PeeringEnd
    there: Context
    """Of what this stack keeps in the far region: `context.copy_in(region)`."""
    account_id: str
    """The account of the far gateway."""

    def __post_init__(self) -> None:
        if self.near.cidr == self.far.cidr:
            raise ValueError(f"near and far must have different networks (both have {self.near.cidr})")


class TransitPeering(Component, token="network:TransitPeering"):
    """A peering asked for here and accepted there; between regions it has static routes only.

    Each side's VPC reaches the other's. Nothing passes through: what comes from a region reaches the VPC here, and
    neither offices nor tenants nor a third region. AWS encrypts what goes between regions.
    Source: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html
    """

    attachment_id: pulumi.Output[str]
    """Known once the peering is accepted."""

    def __init__(self, name: str, context: Context, args: TransitPeeringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        attachment = PeeringAttachment(
            f"{name}-attachment",
            transit_gateway_id=args.near.gateway_id,
            peer_transit_gateway_id=args.far.gateway_id,
            peer_region=args.there.region.value,
            peer_account_id=args.account_id,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-attachment"),
            opts=self.child(),
        )
        beyond = args.there.logical(name)
        accepted = PeeringAttachmentAccepter(
            f"{beyond}-accepter",
            transit_gateway_attachment_id=attachment.id,
            tags=args.there.tags(beyond, DataClass.OPERATIONAL, name=args.there.physical(f"{beyond}-accepter", limit=255)),
            opts=self.child(there=args.there),
        )
        # Of the acceptance, not of the request: until then neither side can route to it.
        self.attachment_id = accepted.transit_gateway_attachment_id
        self._joined(name, args.near, args.far.cidr)
        self._joined(beyond, args.far, args.near.cidr, args.there)
        self.publish()

    def _joined(self, name: str, end: PeeringEnd, beyond: str, there: Context | None = None) -> None:
        """Route one end's VPC to the other end, and what comes from there by the table of its peers."""
        RouteTableAssociation(
            f"{name}-segment",
            transit_gateway_attachment_id=self.attachment_id,
            transit_gateway_route_table_id=end.peers_table_id,
            opts=self.child(there=there),
        )
        Route(
            f"{name}-route",
            transit_gateway_route_table_id=end.core_table_id,
            destination_cidr_block=beyond,
            transit_gateway_attachment_id=self.attachment_id,
            opts=self.child(there=there),
        )
