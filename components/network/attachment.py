"""A VPC on a transit gateway: attached by its private subnets, which then lead to what stands behind the gateway."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws.ec2.route import Route
from pulumi_aws.ec2transitgateway.vpc_attachment import VpcAttachment

from components._base import Component
from components.network.subnet_plan import zone_letter
from config.vocabulary import DataClass


def attached_vpc(
    owner: Component,
    name: str,
    *,
    gateway_id: pulumi.Input[str],
    vpc_id: pulumi.Input[str],
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
) -> VpcAttachment:
    """Create under `owner` an attachment that follows no table and announces nothing until it is told to."""
    return VpcAttachment(
        f"{name}-vpc",
        transit_gateway_id=gateway_id,
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        transit_gateway_default_route_table_association=False,
        transit_gateway_default_route_table_propagation=False,
        tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-vpc"),
        opts=owner.child(),
    )


def lead_to(
    owner: Component, name: str, attachment: VpcAttachment, *, cidr: str, beyond: str, route_table_ids: Mapping[str, pulumi.Input[str]]
) -> None:
    """Route `cidr`, called `beyond`, to the gateway from each zone's table in `route_table_ids`."""
    for zone, table_id in route_table_ids.items():
        Route(
            f"{name}-to-{beyond}-{zone_letter(zone)}",
            route_table_id=table_id,
            destination_cidr_block=cidr,
            transit_gateway_id=attachment.transit_gateway_id,
            # A route to a gateway is refused while the VPC is not attached to it.
            opts=owner.child(depends_on=[attachment]),
        )
