"""Tiers are told by routes, and everything else of the network by its resources."""

from ipaddress import IPv4Network

import pytest

from components.network.subnet_plan import SubnetPlan, SubnetTier
from config.load import load
from scripts.reference.estate.read_network import read_transits, read_vpc
from tests.kit.composed import shipped_graph
from tests.kit.recorder import Recorded
from tests.scripts.reference.shipped import NAMES, graph_of, resource, shipped_stack

VPC = resource("aws:ec2/vpc:Vpc", "net", cidrBlock="10.9.0.0/16")


def subnet(name: str, zone: str, cidr: str) -> list[Recorded]:
    return [
        resource("aws:ec2/subnet:Subnet", name, availabilityZone=zone, cidrBlock=cidr),
        resource("aws:ec2/routeTable:RouteTable", f"{name}-table"),
        resource("aws:ec2/routeTableAssociation:RouteTableAssociation", name, subnetId=f"{name}-id", routeTableId=f"{name}-table-id"),
    ]


def default_route(of: str, **target: str) -> Recorded:
    return resource("aws:ec2/route:Route", f"{of}-out", routeTableId=f"{of}-table-id", destinationCidrBlock="0.0.0.0/0", **target)


def test_a_subnets_tier_is_where_its_default_route_goes_whatever_it_is_called() -> None:
    graph = graph_of(
        VPC,
        *subnet("public", "x-1a", "10.9.1.0/24"),
        *subnet("middle", "x-1a", "10.9.2.0/24"),
        *subnet("private", "x-1a", "10.9.3.0/24"),
        default_route("private", gatewayId="igw"),
        default_route("middle", natGatewayId="nat"),
        resource("aws:ec2/natGateway:NatGateway", "nat", subnetId="private-id"),
    )
    vpc = read_vpc(graph)
    assert {each.cidr: each.tier for each in vpc.subnets} == {
        "10.9.3.0/24": "public",
        "10.9.2.0/24": "private",
        "10.9.1.0/24": "isolated",
    }
    assert [each.cidr for each in vpc.subnets if each.nat] == ["10.9.3.0/24"]


def test_a_route_to_one_network_is_no_way_out() -> None:
    peer = resource("aws:ec2/route:Route", "peer", routeTableId="a-table-id", destinationCidrBlock="10.1.0.0/16", gatewayId="igw")
    assert [each.tier for each in read_vpc(graph_of(VPC, *subnet("a", "x-1a", "10.9.1.0/24"), peer)).subnets] == ["isolated"]


def test_two_networks_in_one_stack_are_refused() -> None:
    with pytest.raises(AssertionError, match="expected one aws:ec2/vpc:Vpc"):
        read_vpc(graph_of(VPC, resource("aws:ec2/vpc:Vpc", "other", cidrBlock="10.8.0.0/16")))


@pytest.mark.parametrize("name", NAMES)
def test_each_stacks_network_is_what_its_config_says(name: str) -> None:
    plan, vpc = load(name).plan.network, shipped_stack(name).vpc
    assert (vpc.cidr, vpc.zones) == (str(plan.cidr), plan.zones)
    assert vpc.nat_zones == (plan.zones if plan.nat == "per-zone" else plan.zones[:1])
    assert vpc.flow_log_days == load(name).plan.log_retention_days
    assert {each.tier for each in vpc.subnets} == {"public", "private", "isolated"} == {tier.value for tier in SubnetTier}
    assert all(IPv4Network(each.cidr).subnet_of(plan.cidr) for each in vpc.subnets)


@pytest.mark.parametrize("tier", SubnetTier)
def test_subnets_are_those_of_the_plan_in_the_order_of_zones(tier: SubnetTier) -> None:
    plan = load("eu-west-1").plan.network
    planned = SubnetPlan(str(plan.cidr), plan.zones)
    drawn = [each.cidr for each in shipped_stack("eu-west-1").vpc.tier(tier.value)]
    assert drawn == [planned.subnet(tier, zone) for zone in plan.zones]


def test_endpoints_are_told_by_kind_and_service() -> None:
    vpc = read_vpc(shipped_graph("staging"))
    assert vpc.gateway_endpoints == ("dynamodb", "s3")
    assert "ecr.api" in vpc.interface_endpoints and not set(vpc.gateway_endpoints) & set(vpc.interface_endpoints)


@pytest.mark.parametrize("name", NAMES)
def test_a_transit_gateway_has_the_configs_number_and_the_later_region_joins_the_pair(name: str) -> None:
    (transit,) = shipped_stack(name).transits
    assert transit.asn == load(name).plan.network.asn
    earlier = {"eu-west-1": ("us-east-1",), "sa-east-1": ("eu-west-1", "us-east-1")}
    assert transit.peers == earlier.get(name, ())


def test_a_peering_belongs_to_the_gateway_it_names() -> None:
    graph = graph_of(
        *(resource("aws:ec2transitgateway/transitGateway:TransitGateway", name, amazonSideAsn=64512) for name in ("a", "b")),
        resource("aws:ec2transitgateway/peeringAttachment:PeeringAttachment", "p", transitGatewayId="b-id", peerRegion="x-1"),
    )
    assert [each.peers for each in read_transits(graph)] == [(), ("x-1",)]
