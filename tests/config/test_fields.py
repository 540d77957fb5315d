"""What YAML writes is read as it was meant."""

from ipaddress import IPv4Network

import pytest
from pydantic import ValidationError

from config.fields import Count, Model, Network, Share, is_private


class Sample(Model):
    count: Count = 1
    share: Share = 0.5
    network: Network = IPv4Network("10.0.0.0/16")


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Sample.model_validate({"cuont": 1})


def test_nothing_can_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError):
        Sample().count = 2  # type: ignore[misc]


@pytest.mark.parametrize("key", ["count", "share"])
def test_yes_is_not_the_number_one(key: str) -> None:
    with pytest.raises(ValidationError, match="write digits"):
        Sample.model_validate({key: True})


def test_an_address_with_host_bits_is_told_its_network() -> None:
    with pytest.raises(ValidationError, match=r"write 10\.1\.0\.0/16"):
        Sample.model_validate({"network": "10.1.2.3/16"})


@pytest.mark.parametrize(
    ("network", "private"),
    [("10.1.0.0/16", True), ("172.31.0.0/16", True), ("192.168.1.0/24", True), ("172.32.0.0/16", False), ("8.0.0.0/7", False)],
)
def test_private_is_what_the_internet_does_not_route(network: str, private: bool) -> None:
    assert is_private(IPv4Network(network)) is private
