"""Transit gateways that join what nobody asked for, or let a neighbour through to another."""

from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

GATEWAY = "aws:ec2transitgateway/transitGateway:TransitGateway"
ROUTE = "aws:ec2transitgateway/route:Route"
PREFIX_ROUTE = "aws:ec2transitgateway/prefixListReference:PrefixListReference"
ASSOCIATION = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
PROPAGATION = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
VPC = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
ACCEPTER = "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter"
PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
PEERING_ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
VPN = "aws:ec2/vpnConnection:VpnConnection"
OFF = {"transitGatewayDefaultRouteTableAssociation": False, "transitGatewayDefaultRouteTablePropagation": False}
PRODUCTION = {"environment": "production"}
REGION = "transit-peering-64512-attachment-id"


def way(table: Any, attachment: Any) -> dict[str, Any]:
    return {"transitGatewayRouteTableId": table, "transitGatewayAttachmentId": attachment}


def tenant(draft: Draft, name: str) -> None:
    """Attach a tenant's own network as the program does."""
    draft.add(VPC, name, {"id": f"{name}-id", "transitGatewayId": "transit-gateway-id", "tags": PRODUCTION, **OFF})
    draft.add(ASSOCIATION, f"{name}-segment", way("transit-enterprise-id", f"{name}-id"))
    draft.add(ROUTE, f"{name}-answer", way("transit-core-id", f"{name}-id"))
    draft.add(ROUTE, f"{name}-apart", {"transitGatewayRouteTableId": "transit-enterprise-id", "blackhole": True})


def tenants(draft: Draft) -> None:
    tenant(draft, "one")
    tenant(draft, "other")


def tenants_that_meet(draft: Draft) -> None:
    tenants(draft)
    draft.add(ROUTE, "one-to-other", way("transit-enterprise-id", "other-id"))


def office(draft: Draft) -> None:
    draft.add(ASSOCIATION, "office-segment", way("transit-vpn-id", "tgw-attach-office"))
    draft.add(ROUTE, "office-route", way("transit-core-id", "tgw-attach-office"))


def office_that_passes_through(draft: Draft) -> None:
    office(draft)
    draft.add(ROUTE, "office-to-region", way("transit-vpn-id", REGION))


def not_known_yet(draft: Draft, type_: str = PEERING_ACCEPTER) -> None:
    """As in a first preview: ids are unknown, and only dependencies tell which attachment and which table they are."""
    table = draft.one("aws:ec2transitgateway/routeTable:RouteTable", "transit-peers").resource.urn
    attachment = draft.one(type_).resource.urn
    draft.add(
        ROUTE,
        "through",
        way(UNKNOWN, UNKNOWN),
        property_dependencies={"transitGatewayRouteTableId": (table,), "transitGatewayAttachmentId": (attachment,)},
    )


def office_not_known_yet(draft: Draft) -> None:
    connection = draft.add(VPN, "office", {}).resource.urn
    made_of = {"transitGatewayAttachmentId": (connection,)}
    draft.add(ASSOCIATION, "office-segment", way("transit-vpn-id", UNKNOWN), property_dependencies=made_of)
    draft.add(ROUTE, "office-to-region", way("transit-vpn-id", REGION))


def untold(draft: Draft) -> None:
    network = draft.one(VPC)
    network.set("transitGatewayId", UNKNOWN)
    network.replace(property_dependencies={})


CAUGHT = [
    Mutation("a region passes through by what was asked of it", lambda draft: not_known_yet(draft, PEERING)),
    Mutation("nothing says whose gateway it is", lambda draft: draft.one(GATEWAY).drop("tags.environment")),
    Mutation("an office that is not known yet reaches another region", office_not_known_yet),
    Mutation("the gateway takes whoever asks", lambda draft: draft.one(GATEWAY).set("autoAcceptSharedAttachments", "enable")),
    Mutation("whoever attaches follows a table", lambda draft: draft.one(GATEWAY).set("defaultRouteTableAssociation", "enable")),
    Mutation("nothing is said of the table that attachments follow", lambda draft: draft.one(GATEWAY).drop("defaultRouteTableAssociation")),
    Mutation("whoever attaches is announced", lambda draft: draft.one(GATEWAY).set("defaultRouteTablePropagation", "enable")),
    Mutation("nothing is said of announcements", lambda draft: draft.one(GATEWAY).drop("defaultRouteTablePropagation")),
    Mutation("a network follows the default table", lambda draft: draft.one(VPC).set("transitGatewayDefaultRouteTableAssociation", True)),
    Mutation("a network announces itself", lambda draft: draft.one(VPC).drop("transitGatewayDefaultRouteTablePropagation")),
    Mutation("a network of another account is taken with the defaults", lambda draft: draft.add(ACCEPTER, "shared", {})),
    Mutation("a network of staging is attached", lambda draft: draft.one(VPC).set("tags.environment", "staging")),
    Mutation("nothing says whose network is attached", lambda draft: draft.one(VPC).drop("tags.environment")),
    Mutation(
        "a network is attached to a gateway of elsewhere", lambda draft: draft.one(VPC).set("transitGatewayId", "tgw-0f00000000000000f")
    ),
    Mutation("staging asks for a peer", lambda draft: draft.add(PEERING, "peer", {"tags": {"environment": "staging"}}), "staging"),
    Mutation("staging takes a peer", lambda draft: draft.add(PEERING_ACCEPTER, "peer", {"tags": {"environment": "staging"}}), "staging"),
    Mutation("a region passes through to itself", lambda draft: draft.add(ROUTE, "back", way("transit-peers-id", REGION))),
    Mutation("a region passes through by attachments that are not known yet", not_known_yet),
    Mutation(
        "a region passes through to a list of networks", lambda draft: draft.add(PREFIX_ROUTE, "back", way("transit-peers-id", REGION))
    ),
    Mutation(
        "a region follows the table of the region's own network",
        lambda draft: draft.one(ASSOCIATION, "transit-peering-64512-segment").set("transitGatewayRouteTableId", "transit-core-id"),
    ),
    Mutation(
        "a region passes through at the other end",
        lambda draft: draft.one(ROUTE, "use1-transit-peering-64512-route").set(
            "transitGatewayRouteTableId", "transit_peers_table_id-of-us-east-1"
        ),
    ),
    Mutation("two tenants reach each other", tenants_that_meet),
    Mutation("an office reaches another region", office_that_passes_through),
    Mutation("a table learns from a neighbour", lambda draft: draft.add(PROPAGATION, "learns", way("transit-core-id", REGION))),
]
SPARED = [
    Mutation("nothing is said of requests, which wait for a person", lambda draft: draft.one(GATEWAY).drop("autoAcceptSharedAttachments")),
    Mutation("two tenants have networks of their own", tenants),
    Mutation("an office comes in", office),
    Mutation("a network of another account is taken with care", lambda draft: draft.add(ACCEPTER, "shared", OFF)),
    Mutation(
        "a route leads nowhere",
        lambda draft: draft.add(ROUTE, "nowhere", {"transitGatewayRouteTableId": "transit-peers-id", "blackhole": True}),
    ),
    Mutation(
        "offices reach the network by one more route", lambda draft: draft.add(ROUTE, "more", way("transit-vpn-id", "transit-vpc-id"))
    ),
]
OPEN = [
    Mutation("the environment of a network is not known yet", lambda draft: draft.one(VPC).set("tags.environment", UNKNOWN)),
    Mutation(
        "nothing tells where a route leads",
        lambda draft: draft.add(ROUTE, "more", way("transit-peers-id", UNKNOWN)),
    ),
    Mutation("nothing tells whose gateway a network is attached to", untold),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-08", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-08", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("NET-08", mutation)
