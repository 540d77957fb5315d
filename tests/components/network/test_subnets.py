import pytest

from components.network.subnet_plan import SubnetPlan, SubnetTier
from components.network.subnets import Subnets, SubnetsArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, Recorded, record

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
PLAN = SubnetPlan("10.0.0.0/16", ZONES)


def _subnets(tier: SubnetTier) -> Graph:
    return record(lambda: Subnets("tier", a_context(), SubnetsArgs(vpc_id="vpc", plan=PLAN, tier=tier)))


def _made(tier: SubnetTier) -> list[Recorded]:
    return _subnets(tier).of_type("aws:ec2/subnet:Subnet")


@pytest.mark.parametrize("tier", SubnetTier)
def test_there_is_a_subnet_in_each_zone_with_the_addresses_planned(tier: SubnetTier) -> None:
    assert {subnet.inputs["availabilityZone"]: subnet.inputs["cidrBlock"] for subnet in _made(tier)} == {
        zone: PLAN.subnet(tier, zone) for zone in ZONES
    }


@pytest.mark.parametrize("tier", SubnetTier)
def test_no_subnet_gives_public_addresses(tier: SubnetTier) -> None:
    assert [subnet.inputs["mapPublicIpOnLaunch"] for subnet in _made(tier)] == [False, False, False]


@pytest.mark.parametrize(
    ("tier", "roles"),
    [
        (SubnetTier.PUBLIC, {"kubernetes.io/role/elb"}),
        (SubnetTier.PRIVATE, {"kubernetes.io/role/internal-elb"}),
        (SubnetTier.ISOLATED, set()),
    ],
)
def test_kubernetes_finds_public_and_private_subnets_and_never_isolated_ones(tier: SubnetTier, roles: set[str]) -> None:
    for subnet in _made(tier):
        assert {tag for tag in subnet.inputs["tags"] if tag.startswith("kubernetes.io/")} == roles


@pytest.mark.parametrize(("tier", "tables"), [(SubnetTier.PUBLIC, 1), (SubnetTier.PRIVATE, 3), (SubnetTier.ISOLATED, 1)])
def test_every_subnet_follows_one_table_and_private_ones_each_their_own(tier: SubnetTier, tables: int) -> None:
    graph = _subnets(tier)
    followed = {
        each.inputs["subnetId"]: each.inputs["routeTableId"]
        for each in graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")
    }
    assert set(followed) == {f"tier-subnet-{letter}-id" for letter in "abc"}
    assert len(set(followed.values())) == len(graph.of_type("aws:ec2/routeTable:RouteTable")) == tables
    assert len(graph.outputs_of(graph.one("morefocus:network:Subnets"))["route_table_ids"]) == tables


def test_tables_begin_without_routes_which_are_resources_of_their_own() -> None:
    for table in _subnets(SubnetTier.PRIVATE).of_type("aws:ec2/routeTable:RouteTable"):
        assert "routes" not in table.inputs
