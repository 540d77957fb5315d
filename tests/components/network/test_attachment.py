"""A VPC joins a transit gateway and nothing of it, until it is told to, and leads there by every zone."""

from components._base import Component
from components.network.attachment import attached_vpc, lead_to
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record


class Site(Component, token="test:Site"):
    def __init__(self) -> None:
        super().__init__("site", a_context())
        attachment = attached_vpc(self, "site", gateway_id="gateway", vpc_id="vpc", subnet_ids=["subnet-a", "subnet-b"])
        tables = {"us-east-1a": "table-a", "us-east-1b": "table-b"}
        lead_to(self, "site", attachment, cidr="10.1.0.0/16", beyond="office", route_table_ids=tables)
        self.publish()


def _graph() -> Graph:
    return record(Site)


def test_an_attachment_follows_no_table_and_announces_nothing_by_itself() -> None:
    attachment = _graph().one("aws:ec2transitgateway/vpcAttachment:VpcAttachment").inputs
    assert (attachment["transitGatewayId"], attachment["vpcId"], attachment["subnetIds"]) == ("gateway", "vpc", ["subnet-a", "subnet-b"])
    assert attachment["transitGatewayDefaultRouteTableAssociation"] is False
    assert attachment["transitGatewayDefaultRouteTablePropagation"] is False


def test_every_zone_leads_to_the_gateway_once_the_vpc_is_attached() -> None:
    graph = _graph()
    ways = graph.of_type("aws:ec2/route:Route")
    assert {(way.name, way.inputs["routeTableId"]) for way in ways} == {("site-to-office-a", "table-a"), ("site-to-office-b", "table-b")}
    for way in ways:
        assert (way.inputs["destinationCidrBlock"], way.inputs["transitGatewayId"]) == ("10.1.0.0/16", "gateway")
        assert graph.named("site-vpc").urn in way.depends_on
