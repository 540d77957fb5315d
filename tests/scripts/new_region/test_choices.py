"""What a new region is given without asking."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import Region
from scripts.new_region.choices import NothingFreeError, free_network, lacking, next_asn, zones_of

SIXTEENS = st.sets(st.integers(0, 255), max_size=40)


@given(SIXTEENS)
def test_the_lowest_free_block_overlaps_nothing(taken: set[int]) -> None:
    used = [IPv4Network(f"10.{number}.0.0/16") for number in taken]
    found = free_network(used)
    assert found.prefixlen == 16
    assert not any(found.overlaps(network) for network in used)
    assert all(number in taken for number in range(int(str(found).split(".")[1])))


def test_smaller_networks_take_their_block_too() -> None:
    assert free_network([IPv4Network("10.0.0.0/16"), IPv4Network("10.1.16.0/20")]) == IPv4Network("10.2.0.0/16")


def test_when_all_is_taken_nothing_is_given() -> None:
    with pytest.raises(NothingFreeError, match="by hand"):
        free_network([IPv4Network("10.0.0.0/8")])
    with pytest.raises(NothingFreeError, match="after 65534"):
        next_asn([65534])


def test_the_asn_is_higher_than_all_others_so_that_the_region_comes_last() -> None:
    assert next_asn([64512, 64515, 64513]) == 64516
    assert next_asn([]) == 64512
    assert next_asn([4200000000]) == 64512


@pytest.mark.parametrize("region", list(Region), ids=str)
def test_every_region_has_at_least_two_known_zones_of_its_own(region: Region) -> None:
    zones = zones_of(region)
    if region is Region.ME_SOUTH_1 and not zones:
        pytest.skip("cfn-lint knows no zones there")
    assert 2 <= len(zones) <= 3
    assert all(zone.removeprefix(region) in set("abcdef") for zone in zones)


def test_what_a_region_lacks_is_named_and_what_is_not_known_is_not_guessed() -> None:
    assert lacking(Region.AP_SOUTHEAST_2) == []
    assert all(token.startswith("aws:") for token in lacking(Region.MX_CENTRAL_1) or ["aws:"])
    assert lacking(Region.ME_SOUTH_1) is None
