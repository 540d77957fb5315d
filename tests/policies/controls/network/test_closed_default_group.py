"""VPCs whose default group is open, or is left alone."""

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, lets_pass

GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
VPC = "aws:ec2/vpc:Vpc"


def unknown(draft: Draft) -> None:
    draft.one(VPC).set("id", UNKNOWN)
    draft.one(GROUP).set("vpcId", UNKNOWN)


CAUGHT = [
    Mutation("nobody closes the default group", lambda draft: draft.remove(GROUP)),
    Mutation("another VPC has none", lambda draft: draft.add(VPC, "another", {"id": "vpc-2"})),
    Mutation("the default group lets its members in", lambda draft: draft.one(GROUP).set("ingress", [{"protocol": "-1", "self": True}])),
    Mutation(
        "the default group lets everything out",
        lambda draft: draft.one(GROUP).set("egress", [{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]),
    ),
]
SPARED = [
    Mutation("rules are left out, which removes all", lambda draft: draft.one(GROUP).drop("ingress")),
    Mutation("the default group closes a VPC that is not known yet", unknown),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-05", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-05", mutation)
