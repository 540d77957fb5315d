"""Stages of REST APIs without a web ACL."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

STAGE = "aws:apigateway/stage:Stage"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
OURS = "scheduling-firewall-protects-api"
REGIONAL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/front/6f5e"


def second(acl: Any) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        draft.add(STAGE, "second", {"arn": "arn:second"})
        draft.add(ASSOCIATION, "second", {"resourceArn": "arn:second", "webAclArn": acl})

    return change


def not_known_yet(draft: Draft) -> None:
    association = draft.one(ASSOCIATION, OURS)
    association.set("resourceArn", UNKNOWN)
    association.replace(property_dependencies={"resourceArn": (draft.one(STAGE).resource.urn,)})


def untold(draft: Draft) -> None:
    association = draft.one(ASSOCIATION, OURS)
    association.set("resourceArn", UNKNOWN)
    association.replace(property_dependencies={})


CAUGHT = [
    Mutation("nothing is associated with the stage", lambda draft: draft.remove(ASSOCIATION, OURS)),
    Mutation("a second stage has none", lambda draft: draft.add(STAGE, "second", {"arn": "arn:second"})),
    Mutation("a second stage names one for CloudFront", second(REGIONAL.replace("regional", "global"))),
    Mutation(
        "the ACL is associated with something else",
        lambda draft: draft.one(ASSOCIATION, OURS).set("resourceArn", "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/x/1"),
    ),
]
SPARED = [
    Mutation("a second stage has one", second(REGIONAL)),
    Mutation("the stage is not known yet", not_known_yet),
    Mutation(
        "an API of the second generation takes none", lambda draft: draft.add("aws:apigatewayv2/stage:Stage", "http", {"arn": "arn:x"})
    ),
]
OPEN = [
    Mutation("nothing tells what is associated", untold),
    Mutation("the ACL is not known yet", second(UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-03", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-03", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("EDGE-03", mutation)
