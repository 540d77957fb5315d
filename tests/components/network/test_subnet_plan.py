from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.network.subnet_plan import MAX_ZONES, SubnetPlan, SubnetTier, check_zones, zone_letter

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d")


@st.composite
def private_networks(draw: st.DrawFn) -> str:
    """Any private network of /16 to /20."""
    whole = draw(st.sampled_from([IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16")]))
    prefix = draw(st.integers(16, 20))
    step = 2 ** (32 - prefix)
    position = draw(st.integers(0, whole.num_addresses // step - 1))
    return f"{IPv4Network((int(whole.network_address) + position * step, prefix))}"


plans = st.builds(lambda cidr, zones: SubnetPlan(cidr, ZONES[:zones]), private_networks(), st.integers(2, MAX_ZONES))


def _subnets(plan: SubnetPlan) -> dict[tuple[SubnetTier, str], IPv4Network]:
    return {(tier, zone): IPv4Network(plan.subnet(tier, zone)) for tier in SubnetTier for zone in plan.zones}


def test_the_layout_of_the_estate_never_moves() -> None:
    """A change here replaces every subnet, and with them nodes and databases."""
    plan = SubnetPlan("10.0.0.0/16", ("us-east-1a", "us-east-1b", "us-east-1c"))
    assert {tier.value: [plan.subnet(tier, zone) for zone in plan.zones] for tier in SubnetTier} == {
        "public": ["10.0.128.0/22", "10.0.132.0/22", "10.0.136.0/22"],
        "private": ["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19"],
        "isolated": ["10.0.144.0/22", "10.0.148.0/22", "10.0.152.0/22"],
    }
    assert {tier.value: plan.block(tier) for tier in SubnetTier} == {
        "public": "10.0.128.0/20",
        "private": "10.0.0.0/17",
        "isolated": "10.0.144.0/20",
    }


@given(plans)
def test_subnets_never_overlap(plan: SubnetPlan) -> None:
    for one, other in combinations(_subnets(plan).values(), 2):
        assert not one.overlaps(other)


@given(plans)
def test_every_subnet_lies_in_the_block_of_its_tier_and_that_in_the_vpc(plan: SubnetPlan) -> None:
    for (tier, _), subnet in _subnets(plan).items():
        block = IPv4Network(plan.block(tier))
        assert subnet.subnet_of(block)
        assert block.subnet_of(IPv4Network(plan.cidr))


@given(plans)
def test_blocks_of_tiers_never_overlap(plan: SubnetPlan) -> None:
    for one, other in combinations(SubnetTier, 2):
        assert not IPv4Network(plan.block(one)).overlaps(IPv4Network(plan.block(other)))


@given(private_networks(), st.integers(2, MAX_ZONES - 1))
def test_a_zone_appended_moves_no_subnet(cidr: str, zones: int) -> None:
    before, after = SubnetPlan(cidr, ZONES[:zones]), SubnetPlan(cidr, ZONES[: zones + 1])
    assert _subnets(before).items() <= _subnets(after).items()


@given(plans)
def test_every_subnet_is_one_that_aws_accepts(plan: SubnetPlan) -> None:
    assert all(16 <= subnet.prefixlen <= 28 for subnet in _subnets(plan).values())


@pytest.mark.parametrize(
    ("cidr", "zones", "message"),
    [
        ("10.0.0.0/15", ZONES[:3], r"cidr must be a /16 to /20 \(got 10.0.0.0/15\)"),
        ("10.0.0.0/24", ZONES[:3], r"cidr must be a /16 to /20 \(got 10.0.0.0/24\)"),
        ("10.0.0.1/16", ZONES[:3], r"cidr must be an IPv4 network such as 10.0.0.0/16 \(got '10.0.0.1/16'"),
        ("8.8.0.0/16", ZONES[:3], r"cidr must be private addresses, such as 10.0.0.0/16 \(got 8.8.0.0/16\)"),
        ("ten", ZONES[:3], r"cidr must be an IPv4 network .*\(got 'ten'"),
        ("10.0.0.0/16", ZONES[:1], r"zones must be 2 to 4 \(got 1"),
        ("10.0.0.0/16", (*ZONES, "us-east-1e"), r"zones must be 2 to 4 \(got 5"),
        ("10.0.0.0/16", ("us-east-1a", "us-east-1a"), r"zones must differ \(got us-east-1a, us-east-1a\)"),
        ("10.0.0.0/16", ("us-east-1a", "east"), r"zones must be availability zone names such as 'eu-west-1a' \(got 'east'\)"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_its_reason(cidr: str, zones: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SubnetPlan(cidr, zones)


def test_a_zone_outside_the_plan_is_refused() -> None:
    with pytest.raises(ValueError, match="'us-east-1d' is not one of us-east-1a, us-east-1b"):
        SubnetPlan("10.0.0.0/16", ZONES[:2]).subnet(SubnetTier.PUBLIC, "us-east-1d")


def test_zones_of_another_region_are_refused() -> None:
    check_zones("us-east-1", ZONES)
    with pytest.raises(ValueError, match=r"zones of eu-west-1 are named eu-west-1a, eu-west-1b and so on \(got us-east-1a\)"):
        check_zones("eu-west-1", ("eu-west-1a", "us-east-1a"))


def test_a_zone_is_called_by_its_letter() -> None:
    assert zone_letter("sa-east-1c") == "c"
