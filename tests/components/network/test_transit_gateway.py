"""On a transit gateway each segment reaches what stands in its table, and nothing by itself."""

from typing import Any

import pytest

from components.network.transit_gateway import TransitGateway, TransitGatewayArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

ROUTE = "aws:ec2transitgateway/route:Route"
ARGS: dict[str, Any] = {
    "asn": 64512,
    "vpc_id": "vpc",
    "vpc_cidr": "10.0.0.0/16",
    "shared_cidr": "10.0.0.0/17",
    "subnet_ids": ["subnet-a", "subnet-b"],
    "route_table_ids": {"us-east-1a": "table-a", "us-east-1b": "table-b"},
    "remote_networks": {"region-64513": "10.1.0.0/16"},
}


def made(**more: Any) -> Graph:
    return record(lambda: TransitGateway("transit", a_context(), TransitGatewayArgs(**{**ARGS, **more})))


def test_nothing_is_associated_propagated_or_accepted_by_itself() -> None:
    graph = made()
    gateway = graph.one("aws:ec2transitgateway/transitGateway:TransitGateway").inputs
    switches = ("defaultRouteTableAssociation", "defaultRouteTablePropagation", "autoAcceptSharedAttachments")
    assert {gateway[switch] for switch in switches} == {"disable"}
    attachment = graph.one("aws:ec2transitgateway/vpcAttachment:VpcAttachment").inputs
    assert not attachment["transitGatewayDefaultRouteTableAssociation"]
    assert not attachment["transitGatewayDefaultRouteTablePropagation"]
    assert not graph.of_type("aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation")


def test_those_who_come_in_reach_the_vpc_and_tenants_only_its_shared_part() -> None:
    routes = {each.inputs["transitGatewayRouteTableId"]: each.inputs for each in made().of_type(ROUTE)}
    assert {table: route["destinationCidrBlock"] for table, route in routes.items()} == {
        "transit-peers-id": "10.0.0.0/16",
        "transit-vpn-id": "10.0.0.0/16",
        "transit-enterprise-id": "10.0.0.0/17",
    }
    assert {route["transitGatewayAttachmentId"] for route in routes.values()} == {"transit-vpc-id"}


def test_the_vpc_follows_the_core_table_and_leaves_by_every_zone_once_it_is_attached() -> None:
    graph = made()
    membership = graph.one("aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation").inputs
    assert membership["transitGatewayRouteTableId"] == "transit-core-id"
    ways = graph.of_type("aws:ec2/route:Route")
    assert {(way.inputs["routeTableId"], way.inputs["destinationCidrBlock"]) for way in ways} == {
        ("table-a", "10.1.0.0/16"),
        ("table-b", "10.1.0.0/16"),
    }
    attachment = graph.named("transit-vpc")
    assert all(attachment.urn in way.depends_on for way in ways)


@pytest.mark.parametrize(("wrong", "said"), [({"asn": 16509}, "asn must be 64512"), ({"route_table_ids": {}}, "at least one zone")])
def test_args_that_cannot_be_are_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        TransitGatewayArgs(**{**ARGS, **wrong})
