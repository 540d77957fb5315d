"""A peering is asked for here, accepted there, and routed both ways, to the two VPCs only."""

import pytest

from components.network.transit_peering import PeeringEnd, TransitPeering, TransitPeeringArgs
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record


def an_end(code: str, cidr: str) -> PeeringEnd:
    return PeeringEnd(gateway_id=f"gateway-{code}", cidr=cidr, core_table_id=f"core-{code}", peers_table_id=f"peers-{code}")


def made(preview: bool = False) -> Graph:
    def program() -> None:
        context = a_context(Region.EU_WEST_1)
        args = TransitPeeringArgs(
            near=an_end("near", "10.1.0.0/16"),
            far=an_end("far", "10.0.0.0/16"),
            there=context.copy_in(Region.US_EAST_1),
            account_id="123456789012",
        )
        TransitPeering("transit-peering-64512", context, args)

    return record(program, preview=preview)


def test_the_request_is_made_here_and_accepted_in_the_far_region() -> None:
    graph = made()
    request = graph.one("aws:ec2transitgateway/peeringAttachment:PeeringAttachment")
    assert (request.inputs["transitGatewayId"], request.inputs["peerTransitGatewayId"]) == ("gateway-near", "gateway-far")
    assert request.inputs["peerRegion"] == "us-east-1" and "region" not in request.inputs
    accepter = graph.one("aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter")
    assert accepter.inputs["transitGatewayAttachmentId"] == f"{request.name}-id"
    assert accepter.inputs["region"] == "us-east-1" and accepter.name.startswith("use1-")
    assert accepter.inputs["tags"]["region"] == "us-east-1"


def test_each_sides_vpc_has_a_route_to_the_others_and_both_wait_for_the_acceptance() -> None:
    graph = made()
    routes = graph.of_type("aws:ec2transitgateway/route:Route")
    found = {(each.inputs["transitGatewayRouteTableId"], each.inputs["destinationCidrBlock"], each.inputs.get("region")) for each in routes}
    assert found == {("core-near", "10.0.0.0/16", None), ("core-far", "10.1.0.0/16", "us-east-1")}
    accepter = graph.one("aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter")
    assert all(accepter.urn in each.depends_on for each in routes)


def test_what_comes_from_the_other_side_follows_the_table_of_peers() -> None:
    members = made().of_type("aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation")
    assert {(each.inputs["transitGatewayRouteTableId"], each.inputs.get("region")) for each in members} == {
        ("peers-near", None),
        ("peers-far", "us-east-1"),
    }


def test_two_ends_of_one_network_cannot_be_joined() -> None:
    end, context = an_end("one", "10.1.0.0/16"), a_context()
    with pytest.raises(ValueError, match="must have different networks"):
        TransitPeeringArgs(near=end, far=end, there=context, account_id="123456789012")
