from ipaddress import IPv4Address, IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from components.platform.public_networks import NOT_PUBLIC, public_networks

NETWORKS = [IPv4Network(each) for each in public_networks()]


@given(st.integers(0, 2**32 - 1))
def test_an_address_is_in_them_just_when_it_is_in_no_other(number: int) -> None:
    address = IPv4Address(number)
    special = any(address in IPv4Network(block) for block in NOT_PUBLIC)
    assert any(address in network for network in NETWORKS) is not special


def test_every_public_address_is_in_one_of_them_and_none_twice() -> None:
    blocks = sum(IPv4Network(block).num_addresses for block in NOT_PUBLIC)
    assert sum(network.num_addresses for network in NETWORKS) == 2**32 - blocks


def test_what_answers_in_every_cloud_is_not_public() -> None:
    for address in ("169.254.169.254", "169.254.170.23", "10.0.0.1", "172.20.0.1", "100.64.0.1", "127.0.0.1"):
        assert not any(IPv4Address(address) in network for network in NETWORKS)
