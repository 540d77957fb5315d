"""A tenant's network reaches the shared services, is answered, and is a dead end to other tenants."""

import pytest

from components.network.attached_network import AttachedNetwork, AttachedNetworkArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record


def an_args(**more: object) -> AttachedNetworkArgs:
    tables = more.get("route_table_ids", {"us-east-1a": "table-a"})
    return AttachedNetworkArgs(
        gateway_id="gateway",
        core_table_id="core",
        enterprise_table_id="enterprise",
        vpc_id="vpc",
        cidr="10.128.0.0/20",
        shared_cidr="10.0.0.0/17",
        subnet_ids=["subnet-a"],
        route_table_ids=tables,  # type: ignore[arg-type]
    )


def made() -> Graph:
    return record(lambda: AttachedNetwork("tenant-a", a_context(), an_args()))


def test_the_tenants_attachment_follows_the_table_of_enterprises() -> None:
    member = made().one("aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation").inputs
    assert (member["transitGatewayAttachmentId"], member["transitGatewayRouteTableId"]) == ("tenant-a-vpc-id", "enterprise")


def test_the_core_answers_and_the_table_of_enterprises_leads_nowhere_for_it() -> None:
    routes = {each.inputs["transitGatewayRouteTableId"]: each.inputs for each in made().of_type("aws:ec2transitgateway/route:Route")}
    assert {route["destinationCidrBlock"] for route in routes.values()} == {"10.128.0.0/20"}
    assert routes["core"]["transitGatewayAttachmentId"] == "tenant-a-vpc-id"
    assert routes["enterprise"]["blackhole"] and "transitGatewayAttachmentId" not in routes["enterprise"]


def test_the_tenants_subnets_lead_to_the_shared_services_alone() -> None:
    graph = made()
    way = graph.one("aws:ec2/route:Route")
    assert (way.inputs["destinationCidrBlock"], way.inputs["transitGatewayId"]) == ("10.0.0.0/17", "gateway")
    assert graph.named("tenant-a-vpc").urn in way.depends_on


def test_a_network_without_a_route_table_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one zone"):
        an_args(route_table_ids={})
