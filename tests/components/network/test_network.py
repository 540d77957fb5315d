"""What a whole network promises, read from the resources it registers."""

import asyncio
import json
from typing import Any

import pulumi
import pytest

from components.network.network import Network, NetworkArgs
from config.vocabulary import Region
from tests.components.network.made import computed
from tests.kit.contexts import a_context
from tests.kit.recorder import UNKNOWN, Graph, Recorded, record

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
KEY = "arn:aws:kms:us-east-1:123456789012:key/logs"


def _network(preview: bool = False, region: Region = Region.US_EAST_1, **more: Any) -> Graph:
    args = NetworkArgs(**({"cidr": "10.0.0.0/16", "zones": ZONES, "log_key_arn": KEY} | more))
    return record(lambda: Network("network", a_context(region), args), computed=computed, preview=preview)


@pytest.fixture(scope="module")
def network() -> Graph:
    return _network()


def _subnets(graph: Graph, tier: str) -> list[Recorded]:
    return [subnet for subnet in graph.of_type("aws:ec2/subnet:Subnet") if f"-{tier}-" in subnet.name]


def _table_of(graph: Graph, subnet: Recorded) -> str:
    associations = graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")
    (table,) = [each.inputs["routeTableId"] for each in associations if each.inputs["subnetId"] == f"{subnet.name}-id"]
    assert isinstance(table, str)
    return table


def _routes(graph: Graph, subnet: Recorded) -> list[dict[str, Any]]:
    table = _table_of(graph, subnet)
    return [route.inputs for route in graph.of_type("aws:ec2/route:Route") if route.inputs["routeTableId"] == table]


def test_the_vpc_resolves_and_gives_names(network: Graph) -> None:
    inputs = network.one("aws:ec2/vpc:Vpc").inputs
    assert inputs["cidrBlock"] == "10.0.0.0/16"
    assert inputs["enableDnsSupport"] is True
    assert inputs["enableDnsHostnames"] is True


def test_isolated_subnets_have_no_route_to_the_internet(network: Graph) -> None:
    for subnet in _subnets(network, "isolated"):
        assert _routes(network, subnet) == []
    served = {table for each in network.of_type("aws:ec2/vpcEndpoint:VpcEndpoint") for table in each.inputs.get("routeTableIds", [])}
    assert _table_of(network, _subnets(network, "isolated")[0]) not in served


def test_public_subnets_reach_the_internet_gateway(network: Graph) -> None:
    gateway = network.one("aws:ec2/internetGateway:InternetGateway")
    for subnet in _subnets(network, "public"):
        (route,) = _routes(network, subnet)
        assert route["destinationCidrBlock"] == "0.0.0.0/0"
        assert route["gatewayId"] == f"{gateway.name}-id"


def _zone_of_the_way_out(graph: Graph, subnet: Recorded) -> str:
    (route,) = _routes(graph, subnet)
    assert route["destinationCidrBlock"] == "0.0.0.0/0"
    gateway = graph.named(route["natGatewayId"].removesuffix("-id"))
    zone = graph.named(gateway.inputs["subnetId"].removesuffix("-id")).inputs["availabilityZone"]
    assert isinstance(zone, str)
    return zone


def test_each_private_subnet_leaves_by_the_nat_gateway_of_its_own_zone(network: Graph) -> None:
    ways = {subnet.inputs["availabilityZone"]: _zone_of_the_way_out(network, subnet) for subnet in _subnets(network, "private")}
    assert ways == {zone: zone for zone in ZONES}


def test_one_nat_gateway_may_serve_all_zones() -> None:
    graph = _network(nat_per_zone=False)
    assert len(graph.of_type("aws:ec2/natGateway:NatGateway")) == 1
    assert len(graph.of_type("aws:ec2/eip:Eip")) == 1
    assert {_zone_of_the_way_out(graph, subnet) for subnet in _subnets(graph, "private")} == {"us-east-1a"}


def test_every_subnet_has_the_network_acl_of_its_tier(network: Graph) -> None:
    acls = {acl.name: acl.inputs for acl in network.of_type("aws:ec2/networkAcl:NetworkAcl")}
    for tier in ("public", "private", "isolated"):
        assert acls[f"network-access-{tier}"]["subnetIds"] == [f"{subnet.name}-id" for subnet in _subnets(network, tier)]
    isolated = acls["network-access-isolated"]
    assert all(rule["cidrBlock"].startswith("10.0.") for rule in (*isolated["ingress"], *isolated["egress"]))


def test_every_endpoint_has_a_policy_that_keeps_foreign_identities_out(network: Graph) -> None:
    endpoints = network.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert len(endpoints) == 16
    for endpoint in endpoints:
        first = json.loads(endpoint.inputs["policy"])["Statement"][0]
        assert first["Condition"]["StringEquals"] == {"aws:PrincipalAccount": "123456789012"}


def test_gateway_endpoints_serve_every_private_table(network: Graph) -> None:
    tables = [f"{table.name}-id" for table in network.of_type("aws:ec2/routeTable:RouteTable") if "-private-" in table.name]
    for service in ("s3", "dynamodb"):
        endpoint = network.named(f"network-endpoints-{service}").inputs
        assert endpoint["vpcEndpointType"] == "Gateway"
        assert endpoint["routeTableIds"] == tables
        assert endpoint["serviceName"] == f"com.amazonaws.us-east-1.{service}"


def test_interface_endpoints_stand_in_the_private_subnets_and_serve_them(network: Graph) -> None:
    private = [f"{subnet.name}-id" for subnet in _subnets(network, "private")]
    assert network.named("network-endpoints-kms").inputs["subnetIds"] == private
    assert network.named("network-endpoints-from-private").inputs["cidrIpv4"] == "10.0.0.0/17"


def test_flow_logs_are_of_this_vpc_and_kept_as_long_as_said() -> None:
    graph = _network(flow_log_retention_days=400)
    assert graph.one("aws:ec2/flowLog:FlowLog").inputs["vpcId"] == "network-vpc-id"
    group = graph.one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert (group["kmsKeyId"], group["retentionInDays"]) == (KEY, 400)


def test_everything_that_can_carry_tags_says_whose_it_is(network: Graph) -> None:
    untagged = {"aws:ec2/route:Route", "aws:ec2/routeTableAssociation:RouteTableAssociation", "aws:iam/rolePolicy:RolePolicy"}
    for resource in network.resources:
        if resource.custom and resource.type not in untagged:
            assert resource.inputs["tags"]["owner"] == "platform", resource.name
            assert resource.inputs["tags"]["managed-by"] == "pulumi", resource.name


def test_every_resource_hangs_under_the_network(network: Graph) -> None:
    root = network.one("morefocus:network:Network")
    known = {resource.urn for resource in network.resources}
    assert [each.name for each in network.resources if each.parent not in known and each is not root] == []


def test_a_network_publishes_what_others_build_on(network: Graph) -> None:
    published = network.outputs_of(network.one("morefocus:network:Network"))
    assert published["isolated_subnet_ids"] == [f"network-isolated-subnet-{letter}-id" for letter in "abc"]
    assert published["nat_public_ips"] == [f"network-nat-gateway-{letter}-ip" for letter in "abc"]
    assert published["s3_prefix_list_id"] == "network-endpoints-s3-prefixes"
    assert set(published) == {
        *("vpc_id", "vpc_cidr", "public_subnet_ids", "private_subnet_ids", "isolated_subnet_ids", "nat_public_ips"),
        *("private_route_table_ids", "isolated_route_table_ids", "endpoint_security_group_id", "s3_prefix_list_id"),
        "flow_log_group_name",
    }


def test_addresses_policies_and_names_are_known_before_anything_exists() -> None:
    graph = _network(preview=True)
    for resource in graph.resources:
        for key in ("cidrBlock", "policy", "assumeRolePolicy", "name", "serviceName", "tags"):
            assert resource.inputs.get(key) != UNKNOWN, (resource.name, key)


def test_a_zone_appended_leaves_every_other_resource_as_it_was() -> None:
    two, three = _network(zones=ZONES[:2]), _network()
    later = {resource.urn: resource for resource in three.resources}
    fixed = ("cidrBlock", "availabilityZone", "subnetId", "allocationId", "natGatewayId")
    for resource in two.resources:
        same = later[resource.urn]
        assert {key: resource.inputs.get(key) for key in fixed} == {key: same.inputs.get(key) for key in fixed}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"cidr": "10.0.0.0/8"}, r"cidr must be a /16 to /20 \(got 10.0.0.0/8\)"),
        ({"zones": ("us-east-1a",)}, r"zones must be 2 to 4 \(got 1"),
        ({"internet_ports": (0,)}, "internet_ports must be different TCP ports"),
        ({"data_ports": (5432, 5432)}, "data_ports must be different TCP ports"),
        ({"interface_services": ("s3",)}, "s3 always has its gateway endpoint"),
        ({"flow_log_retention_days": 0}, r"flow_log_retention_days must be one of .*\(got 0\)"),
    ],
)
def test_args_that_cannot_work_are_refused_before_anything_is_registered(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NetworkArgs(**({"cidr": "10.0.0.0/16", "zones": ZONES, "log_key_arn": KEY} | more))


def test_zones_of_another_region_are_refused() -> None:
    with pytest.raises(ValueError, match=r"zones of eu-west-1 are named eu-west-1a"):
        _network(region=Region.EU_WEST_1)


def test_who_takes_the_subnets_waits_for_their_way_out() -> None:
    waiting: dict[str, set[str]] = {}

    async def note(tier: str, ids: pulumi.Output[list[str]]) -> None:
        waiting[tier] = {resource._name for resource in await ids.resources()}

    def program() -> list[asyncio.Future[None]]:
        network = Network("network", a_context(Region.US_EAST_1), NetworkArgs(cidr="10.0.0.0/16", zones=ZONES, log_key_arn=KEY))
        taken = (("public", network.public_subnet_ids), ("private", network.private_subnet_ids))
        return [asyncio.ensure_future(note(tier, ids)) for tier, ids in taken]

    record(program, computed=computed)
    assert "network-public-route" in waiting["public"]
    assert {f"network-nat-gateway-{letter}" for letter in "abc"} <= waiting["private"]
