import pytest
from pulumi_aws.ec2.internet_gateway import InternetGateway

from components.network.nat_gateways import NatGateways, NatGatewaysArgs
from tests.components.network.made import computed
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
SUBNETS = {zone: f"public-{zone}" for zone in ZONES}
TABLES = {zone: f"table-{zone}" for zone in ZONES}


def _gateways(per_zone: bool = True) -> Graph:
    def program() -> NatGateways:
        args = NatGatewaysArgs(
            internet_gateway=InternetGateway("internet"),
            public_subnet_ids=SUBNETS,
            private_route_table_ids=TABLES,
            per_zone=per_zone,
        )
        return NatGateways("nat", a_context(), args)

    return record(program, computed=computed)


def _ways(graph: Graph) -> dict[str, str]:
    """The public subnet through which each private table leaves."""
    routes = graph.of_type("aws:ec2/route:Route")
    assert {route.inputs["destinationCidrBlock"] for route in routes} == {"0.0.0.0/0"}
    gateways = {route.inputs["routeTableId"]: graph.named(route.inputs["natGatewayId"].removesuffix("-id")) for route in routes}
    return {table: gateway.inputs["subnetId"] for table, gateway in gateways.items()}


def test_each_private_table_leaves_by_the_gateway_of_its_own_zone() -> None:
    assert _ways(_gateways()) == {TABLES[zone]: SUBNETS[zone] for zone in ZONES}


def test_one_gateway_may_serve_all_zones() -> None:
    graph = _gateways(per_zone=False)
    assert len(graph.of_type("aws:ec2/natGateway:NatGateway")) == len(graph.of_type("aws:ec2/eip:Eip")) == 1
    assert _ways(graph) == {TABLES[zone]: SUBNETS["us-east-1a"] for zone in ZONES}


def test_every_gateway_has_a_fixed_address_of_its_own() -> None:
    graph = _gateways()
    assert [address.inputs["domain"] for address in graph.of_type("aws:ec2/eip:Eip")] == ["vpc"] * 3
    used = {gateway.inputs["allocationId"] for gateway in graph.of_type("aws:ec2/natGateway:NatGateway")}
    assert used == {f"nat-address-{letter}-allocation" for letter in "abc"}
    published = graph.outputs_of(graph.one("morefocus:network:NatGateways"))
    assert published == {"public_ips": [f"nat-gateway-{letter}-ip" for letter in "abc"]}


def test_addresses_and_gateways_wait_for_the_internet_gateway() -> None:
    graph = _gateways()
    internet = graph.named("internet")
    for resource in (*graph.of_type("aws:ec2/natGateway:NatGateway"), *graph.of_type("aws:ec2/eip:Eip")):
        assert internet.urn in resource.depends_on


@pytest.mark.parametrize(("subnets", "tables"), [({}, {}), (SUBNETS, {}), ({"us-east-1a": "x"}, {"us-east-1b": "y"})])
def test_zones_that_do_not_match_are_refused(subnets: dict[str, str], tables: dict[str, str]) -> None:
    def program() -> NatGatewaysArgs:
        return NatGatewaysArgs(internet_gateway=InternetGateway("internet"), public_subnet_ids=subnets, private_route_table_ids=tables)

    with pytest.raises(ValueError, match="must name the same zones in the same order"):
        record(program)
