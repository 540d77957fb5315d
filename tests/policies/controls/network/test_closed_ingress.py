"""Rules that let the internet in, in each of their forms."""

from typing import Any

import pytest

from tests.kit.policies import Draft, Mutation, catches, lets_pass

GROUP = "aws:ec2/securityGroup:SecurityGroup"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
WORLD = "0.0.0.0/0"
HTTPS = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def front(draft: Draft, *, internal: bool = False, **rule: Any) -> None:
    draft.add(GROUP, "front", {"id": "sg-front"})
    draft.add(BALANCER, "front", {"securityGroups": ["sg-front"], "internal": internal})
    draft.add(RULE, "front", {"securityGroupId": "sg-front", "cidrIpv4": WORLD, **HTTPS, **rule})


def front_with_its_rule(draft: Draft) -> None:
    inline = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": [WORLD]}
    draft.add(GROUP, "front", {"id": "sg-front", "ingress": [inline]})
    draft.add(BALANCER, "front", {"securityGroups": ["sg-front"]})


CAUGHT = [
    Mutation(
        "a rule lets half the world in, written by one of its addresses",
        lambda draft: draft.add(RULE, "open", {"securityGroupId": "database-access-id", "cidrIpv4": "128.0.0.1/1", **HTTPS}),
    ),
    Mutation("the public load balancer answers on another port", lambda draft: front(draft, fromPort=22, toPort=22)),
    Mutation("the public load balancer answers without TCP", lambda draft: front(draft, ipProtocol="udp")),
    Mutation("a load balancer that is not public lets the world in", lambda draft: front(draft, internal=True)),
    Mutation(
        "a rule lets a third of the world of IPv6 in",
        lambda draft: draft.add(RULE, "open", {"securityGroupId": "database-access-id", "cidrIpv6": "2000::/3", **HTTPS}),
    ),
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
    Mutation("it does by a rule of its group's own", front_with_its_rule),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-04", mutation)
