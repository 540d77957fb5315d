"""Route tables against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.ec2.kit import NO_TABLE, NO_VPC, OTHER_TAGS, TAGS, a_subnet, a_vpc, tags_of

TABLE = "aws:ec2/routeTable:RouteTable"
DEFAULT = "aws:ec2/defaultRouteTable:DefaultRouteTable"


def leading(life: Life) -> dict[str, str]:
    """Where the table's routes lead, without the VPC's own."""
    told = life.boto("ec2").describe_route_tables(RouteTableIds=[life.id])["RouteTables"][0]["Routes"]
    return {
        route.get("DestinationCidrBlock") or route["DestinationIpv6CidrBlock"]: route["GatewayId"]
        for route in told
        if route["GatewayId"] != "local"
    }


def gateways(ec2: Any, count: int) -> list[str]:
    return [ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"] for _ in range(count)]


def test_a_route_table_lives_as_declared(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    one, two = gateways(vpc.boto("ec2"), 2)
    life = workbench.life(TABLE)
    assert life.preview(vpcId=vpc.id)["ownerId"] == "123456789012"
    routes = [{"cidrBlock": "0.0.0.0/0", "gatewayId": one}, {"ipv6CidrBlock": "::/0", "gatewayId": one}]
    life.create(vpcId=vpc.id, routes=routes, tags=TAGS)
    assert leading(life) == {"0.0.0.0/0": one, "::/0": one}
    assert life.outputs["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:route-table/{life.id}"
    assert life.refresh() == []

    life.update(
        vpcId=vpc.id,
        routes=[{"cidrBlock": "10.9.0.0/16", "gatewayId": two}, {"cidrBlock": "0.0.0.0/0", "gatewayId": two}],
        tags=OTHER_TAGS,
    )
    assert leading(life) == {"0.0.0.0/0": two, "10.9.0.0/16": two}
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_the_order_of_routes_and_empty_members_are_no_difference(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    (gateway,) = gateways(vpc.boto("ec2"), 1)
    one, two = {"cidrBlock": "0.0.0.0/0", "gatewayId": gateway}, {"cidrBlock": "10.9.0.0/16", "gatewayId": gateway}
    life = workbench.made(TABLE, vpcId=vpc.id, routes=[one, two])
    assert life.diff(vpcId=vpc.id, routes=[{**two, "natGatewayId": ""}, one]) == []


def test_routes_apart_from_the_table_are_left_alone(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    (gateway,) = gateways(vpc.boto("ec2"), 1)
    life = workbench.made(TABLE, vpcId=vpc.id)
    life.boto("ec2").create_route(RouteTableId=life.id, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    assert life.refresh() == []
    life.update(vpcId=vpc.id, tags=TAGS)
    assert leading(life) == {"0.0.0.0/0": gateway}


def test_a_gateway_endpoints_routes_are_not_the_tables(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    life = workbench.made(TABLE, vpcId=vpc.id)
    life.boto("ec2").create_vpc_endpoint(
        VpcId=vpc.id, ServiceName="com.amazonaws.eu-west-1.s3", VpcEndpointType="Gateway", RouteTableIds=[life.id]
    )
    life.refresh()
    assert life.outputs["routes"] == []


def test_a_deleted_route_table_lets_go_of_its_subnets(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    subnet = a_subnet(workbench, vpc.id).id
    life = workbench.made(TABLE, vpcId=vpc.id)
    life.boto("ec2").associate_route_table(RouteTableId=life.id, SubnetId=subnet)
    life.delete()
    assert life.gone()


def test_a_removed_route_shows_as_drift(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    (gateway,) = gateways(vpc.boto("ec2"), 1)
    life = workbench.made(TABLE, vpcId=vpc.id, routes=[{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway}])
    life.boto("ec2").delete_route(RouteTableId=life.id, DestinationCidrBlock="0.0.0.0/0")
    assert [change.path for change in life.refresh()] == ["routes"]


def test_a_route_table_of_another_vpc_is_another(workbench: Workbench) -> None:
    life = workbench.made(TABLE, vpcId=a_vpc(workbench).id)
    assert life.replaced_by(vpcId=NO_VPC) == {"vpcId"}


def test_a_route_table_can_be_imported(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    (gateway,) = gateways(vpc.boto("ec2"), 1)
    routes = [{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway}]
    inputs, _ = workbench.made(TABLE, vpcId=vpc.id, routes=routes, tags=TAGS).imported()
    assert (inputs["vpcId"], inputs["routes"], inputs["tags"]) == (vpc.id, routes, TAGS)


def test_a_default_route_table_is_emptied_and_left(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    ec2, table = vpc.boto("ec2"), vpc.outputs["defaultRouteTableId"]
    one, two = gateways(ec2, 2)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=one)
    ec2.create_tags(Resources=[table], Tags=[{"Key": "stray", "Value": "yes"}])

    life = workbench.made(DEFAULT, defaultRouteTableId=table, tags=TAGS)
    assert life.id == table
    assert leading(life) == {}
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    life.update(defaultRouteTableId=table, routes=[{"cidrBlock": "10.9.0.0/16", "gatewayId": two}])
    assert leading(life) == {"10.9.0.0/16": two}
    life.update(defaultRouteTableId=table, routes=[])
    assert leading(life) == {}

    life.delete()
    assert not life.gone()
    assert life.replaced_by(defaultRouteTableId=NO_TABLE) == {"defaultRouteTableId"}


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"routes": [{"cidrBlock": "0.0.0.0/0"}]}, "routes[0]"),
        ({"routes": [{"gatewayId": "igw-0123456789abcdef0"}]}, "routes[0]"),
        ({"routes": [{"cidrBlock": "0.0.0.1/0", "gatewayId": "igw-0123456789abcdef0"}]}, "routes[0].cidrBlock"),
        ({"propagatingVgws": ["vgw-0123456789abcdef0"]}, "propagatingVgws"),
    ],
)
def test_routes_that_cannot_be_are_refused(workbench: Workbench, inputs: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(TABLE).check(vpcId=NO_VPC, **inputs)
    assert path in {failure.path for failure in refused.value.failures}
