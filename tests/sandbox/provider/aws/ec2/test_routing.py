"""Routes and their associations against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from tests.kit.provider import Workbench
from tests.sandbox.provider.aws.ec2.kit import NO_SUBNET, NO_TABLE, a_subnet, a_vpc

ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"


class Network:
    """A VPC with an internet gateway, a NAT gateway, a subnet and a route table."""

    def __init__(self, workbench: Workbench) -> None:
        vpc = a_vpc(workbench)
        ec2: Any = vpc.boto("ec2")
        self.vpc, self.ec2 = vpc.id, ec2
        self.subnet = a_subnet(workbench, vpc.id).id
        self.gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        self.nat = ec2.create_nat_gateway(SubnetId=self.subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
        self.table = ec2.create_route_table(VpcId=vpc.id)["RouteTable"]["RouteTableId"]

    def routes(self) -> dict[str, dict[str, Any]]:
        """The table's routes by destination."""
        told = self.ec2.describe_route_tables(RouteTableIds=[self.table])["RouteTables"][0]["Routes"]
        keys = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
        return {next(route[key] for key in keys if key in route): route for route in told}

    def prefix_list(self) -> str:
        entries = [{"Cidr": "192.0.2.0/24"}]
        made = self.ec2.create_managed_prefix_list(PrefixListName="office", MaxEntries=1, AddressFamily="IPv4", Entries=entries)
        return str(made["PrefixList"]["PrefixListId"])


@pytest.fixture
def network(workbench: Workbench) -> Network:
    return Network(workbench)


def test_a_route_lives_as_declared(workbench: Workbench, network: Network) -> None:
    where = {"routeTableId": network.table, "destinationCidrBlock": "0.0.0.0/0"}
    life = workbench.life(ROUTE)
    promised = life.preview(**where, gatewayId=network.gateway)
    assert (promised["origin"], promised["state"]) == ("CreateRoute", "active")
    life.create(**where, gatewayId=network.gateway)
    assert network.routes()["0.0.0.0/0"]["GatewayId"] == network.gateway
    assert life.refresh() == []

    life.update(**where, natGatewayId=network.nat)
    assert network.routes()["0.0.0.0/0"]["NatGatewayId"] == network.nat
    assert "GatewayId" not in network.routes()["0.0.0.0/0"]
    assert life.refresh() == []

    life.delete()
    assert life.gone()
    assert "0.0.0.0/0" not in network.routes()


@pytest.mark.parametrize("destination", ["destinationIpv6CidrBlock", "destinationPrefixListId"])
def test_routes_for_other_destinations_are_held(workbench: Workbench, network: Network, destination: str) -> None:
    value = "::/0" if destination == "destinationIpv6CidrBlock" else network.prefix_list()
    where = {"routeTableId": network.table, destination: value}
    life = workbench.made(ROUTE, **where, gatewayId=network.gateway)
    assert network.routes()[value]["GatewayId"] == network.gateway
    assert life.refresh() == []
    life.update(**where, natGatewayId=network.nat)
    assert network.routes()[value]["NatGatewayId"] == network.nat
    life.delete()
    assert life.gone()


def test_the_id_of_a_route_is_the_real_providers(workbench: Workbench, network: Network) -> None:
    life = workbench.made(ROUTE, routeTableId=network.table, destinationCidrBlock="0.0.0.0/0", gatewayId=network.gateway)
    # The number that the Terraform provider's documentation and states show for the default route.
    assert life.id == f"r-{network.table}1080289494"


def test_a_route_is_imported_by_table_and_destination(workbench: Workbench, network: Network) -> None:
    life = workbench.made(ROUTE, routeTableId=network.table, destinationCidrBlock="0.0.0.0/0", gatewayId=network.gateway)
    inputs, _ = life.imported()
    life.id = f"{network.table}_0.0.0.0/0"
    assert life.imported()[0] == inputs
    assert inputs["gatewayId"] == network.gateway
    life.id = "somewhere"
    with pytest.raises(HandlerError, match="rtb-12345678_10"):
        life.imported()


def test_a_route_that_leads_elsewhere_shows_as_drift(workbench: Workbench, network: Network) -> None:
    life = workbench.made(ROUTE, routeTableId=network.table, destinationCidrBlock="0.0.0.0/0", gatewayId=network.gateway)
    network.ec2.replace_route(RouteTableId=network.table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=network.nat)
    assert [change.path for change in life.refresh()] == ["gatewayId"]


def test_a_route_for_another_destination_is_another(workbench: Workbench, network: Network) -> None:
    life = workbench.made(ROUTE, routeTableId=network.table, destinationCidrBlock="0.0.0.0/0", gatewayId=network.gateway)
    assert life.replaced_by(routeTableId=network.table, destinationCidrBlock="10.0.0.0/8", gatewayId=network.gateway) == {
        "destinationCidrBlock"
    }


@pytest.mark.parametrize("target", [{"natGatewayId": "nat-0123456789abcdef0"}, {"transitGatewayId": "tgw-0123456789abcdef0"}])
def test_a_route_to_a_gateway_that_is_not_there_fails(workbench: Workbench, network: Network, target: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="NotFound"):
        workbench.made(ROUTE, routeTableId=network.table, destinationCidrBlock="0.0.0.0/0", **target)
    assert "0.0.0.0/0" not in network.routes()


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"destinationCidrBlock": "0.0.0.0/0"}, "exactly one of carrierGatewayId"),
        ({"gatewayId": "igw-0123456789abcdef0"}, "exactly one of destinationCidrBlock"),
        ({"destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1", "natGatewayId": "nat-1"}, "got gatewayId, natGatewayId"),
        ({"destinationCidrBlock": "0.0.0.1/0", "gatewayId": "igw-0123456789abcdef0"}, "host bits"),
        ({"destinationCidrBlock": "0.0.0.0/0", "localGatewayId": "lgw-0123456789abcdef0"}, "has no Outposts"),
    ],
)
def test_a_route_that_cannot_be_is_refused(workbench: Workbench, inputs: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(ROUTE).check(routeTableId=NO_TABLE, **inputs)


def association(network: Network) -> list[tuple[str, str]]:
    """(subnet, table) of every association in the VPC but the main one."""
    tables = network.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [network.vpc]}])["RouteTables"]
    return [
        (item.get("SubnetId") or item["GatewayId"], item["RouteTableId"])
        for table in tables
        for item in table["Associations"]
        if not item["Main"]
    ]


def test_an_association_lives_as_declared(workbench: Workbench, network: Network) -> None:
    other = network.ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    life = workbench.made(ASSOCIATION, routeTableId=network.table, subnetId=network.subnet)
    assert association(network) == [(network.subnet, network.table)]
    assert life.refresh() == []
    life.update(routeTableId=other, subnetId=network.subnet)
    assert association(network) == [(network.subnet, other)]
    assert life.refresh() == []
    life.delete()
    assert life.gone()
    assert association(network) == []


def test_a_gateway_may_use_a_route_table(workbench: Workbench, network: Network) -> None:
    life = workbench.made(ASSOCIATION, routeTableId=network.table, gatewayId=network.gateway)
    assert association(network) == [(network.gateway, network.table)]
    assert life.refresh() == []
    life.delete()
    assert association(network) == []


def test_a_subnet_uses_one_route_table_only(workbench: Workbench, network: Network) -> None:
    other = network.ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    workbench.made(ASSOCIATION, routeTableId=network.table, subnetId=network.subnet)
    with pytest.raises(Exception, match=r"Resource.AlreadyAssociated"):
        workbench.made(ASSOCIATION, logical="second", routeTableId=other, subnetId=network.subnet)


def test_an_association_moved_elsewhere_shows_as_drift(workbench: Workbench, network: Network) -> None:
    life = workbench.made(ASSOCIATION, routeTableId=network.table, subnetId=network.subnet)
    other = network.ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    network.ec2.replace_route_table_association(AssociationId=life.id, RouteTableId=other)
    assert [change.path for change in life.refresh()] == ["routeTableId"]


def test_an_association_is_imported_by_subnet_and_table(workbench: Workbench, network: Network) -> None:
    life = workbench.made(ASSOCIATION, routeTableId=network.table, subnetId=network.subnet)
    by_id, _ = life.imported()
    life.id = f"{network.subnet}/{network.table}"
    by_place, _ = life.imported()
    assert by_id == by_place
    assert (by_id["subnetId"], by_id["routeTableId"]) == (network.subnet, network.table)


def test_another_subnet_is_another_association(workbench: Workbench, network: Network) -> None:
    life = workbench.made(ASSOCIATION, routeTableId=network.table, subnetId=network.subnet)
    assert life.replaced_by(routeTableId=network.table, subnetId=NO_SUBNET) == {"subnetId"}


@pytest.mark.parametrize("inputs", [{}, {"subnetId": NO_SUBNET, "gatewayId": "igw-0123456789abcdef0"}])
def test_an_association_has_one_target(workbench: Workbench, inputs: dict[str, str]) -> None:
    with pytest.raises(InvalidInputs, match="exactly one of subnetId, gatewayId"):
        workbench.life(ASSOCIATION).check(routeTableId=NO_TABLE, **inputs)
