"""Subnets that give public addresses."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

SUBNET = "aws:ec2/subnet:Subnet"

CAUGHT = [
    Mutation(
        "a subnet maps public addresses", lambda draft: draft.one(SUBNET, "network-private-subnet-a").set("mapPublicIpOnLaunch", True)
    ),
    Mutation("a subnet gives addresses of IPv6", lambda draft: draft.one(SUBNET).set("assignIpv6AddressOnCreation", True)),
]
SPARED = [
    Mutation("the switch is left out", lambda draft: draft.one(SUBNET).drop("mapPublicIpOnLaunch")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-07", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-07", mutation)
