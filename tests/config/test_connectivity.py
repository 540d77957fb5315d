"""Offices and tenants' networks are refused where AWS or the estate could not join them."""

from typing import Any

import pytest
from pydantic import ValidationError

from config.connectivity import ConnectivityPlan

OFFICE: dict[str, Any] = {"name": "office", "address": "8.8.4.4", "networks": ["192.168.10.0/24"]}


def plan(**keys: Any) -> ConnectivityPlan:
    return ConnectivityPlan.model_validate({"failover_to": "us-east-1", "vpn": [], "enterprise_networks": [], **keys})


def test_an_office_with_and_without_bgp_is_accepted() -> None:
    made = plan(vpn=[OFFICE, {**OFFICE, "name": "home", "asn": 65010}])
    assert [each.asn for each in made.vpn] == [None, 65010]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "192.168.1.1"}, "public address"),
        ({"address": "203.0.113.7"}, "public address"),
        ({"networks": ["8.8.8.0/24"]}, "private networks"),
        ({"networks": []}, "at least 1"),
        ({"asn": 7224}, "ASN that AWS does not keep"),
        ({"asn": True}, "write digits"),
        ({"name": "Main Office"}, "pattern"),
    ],
)
def test_an_office_that_could_not_be_joined_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        plan(vpn=[{**OFFICE, **wrong}])


@pytest.mark.parametrize("cidr", ["10.128.0.0/24", "10.0.0.0/8", "11.0.0.0/16"])
def test_a_tenants_network_is_a_private_vpc(cidr: str) -> None:
    with pytest.raises(ValidationError, match="private network with a prefix"):
        plan(enterprise_networks=[{"name": "tenant-a", "cidr": cidr}])


def test_two_tenants_cannot_share_a_name() -> None:
    with pytest.raises(ValidationError, match="names that differ"):
        plan(enterprise_networks=[{"name": "tenant-a", "cidr": "10.128.0.0/20"}, {"name": "tenant-a", "cidr": "10.129.0.0/20"}])
