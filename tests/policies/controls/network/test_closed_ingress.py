"""Rules that let the internet in, in each of their forms."""

import pytest

from tests.kit.policies import Draft, Mutation, catches, lets_pass

GROUP = "aws:ec2/securityGroup:SecurityGroup"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
WORLD = "0.0.0.0/0"
HTTPS = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def front(draft: Draft) -> None:
    draft.add(GROUP, "front", {"id": "sg-front"})
    draft.add(BALANCER, "front", {"securityGroups": ["sg-front"]})
    draft.add(RULE, "front", {"securityGroupId": "sg-front", "cidrIpv4": WORLD, **HTTPS})


CAUGHT = [
    Mutation(
        "a rule lets the world in",
        lambda draft: draft.add(RULE, "open", {"securityGroupId": "database-access-id", "cidrIpv4": WORLD, **HTTPS}),
    ),
    Mutation(
        "a rule lets the world of IPv6 in",
        lambda draft: draft.add(RULE, "open", {"securityGroupId": "database-access-id", "cidrIpv6": "::/0", **HTTPS}),
    ),
    Mutation(
        "a rule lets half the world in",
        lambda draft: draft.add(RULE, "open", {"securityGroupId": "database-access-id", "cidrIpv4": "128.0.0.0/1", **HTTPS}),
    ),
    Mutation(
        "a rule of the old kind lets the world in",
        lambda draft: draft.add(OLD_RULE, "open", {"type": "ingress", "securityGroupId": "database-access-id", "cidrBlocks": [WORLD]}),
    ),
    Mutation(
        "a group lets the world in by a rule of its own",
        lambda draft: draft.one(GROUP, "database-access").set("ingress", [{"protocol": "tcp", "cidrBlocks": [WORLD]}]),
    ),
]
SPARED = [
    Mutation(
        "a network of our own is let in",
        lambda draft: draft.add(RULE, "ours", {"securityGroupId": "database-access-id", "cidrIpv4": "10.0.0.0/8", **HTTPS}),
    ),
    Mutation(
        "a rule of the old kind lets everything out", lambda draft: draft.add(OLD_RULE, "out", {"type": "egress", "cidrBlocks": [WORLD]})
    ),
    Mutation("the public load balancer answers HTTPS", front),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-04", mutation)
