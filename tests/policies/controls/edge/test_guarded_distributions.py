"""Distributions without a web ACL, or with one that does nothing for them."""

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FOR_TENANTS = "aws:cloudfront/multitenantDistribution:MultitenantDistribution"
ACL = "aws:wafv2/webAcl:WebAcl"
WEB = "web-distribution"
HUB = "us-east-1"
GLOBAL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/front/6f5e"


def not_known_yet(draft: Draft) -> None:
    """As in a first preview: the ARN is unknown, and only dependencies tell which ACL it is."""
    web = draft.one(DISTRIBUTION, WEB)
    web.set("webAclId", UNKNOWN)
    web.replace(property_dependencies={"webAclId": (draft.one(ACL, "web-firewall-acl").resource.urn,)})


def untold(draft: Draft) -> None:
    web = draft.one(DISTRIBUTION, WEB)
    web.set("webAclId", UNKNOWN)
    web.replace(property_dependencies={})


CAUGHT = [
    Mutation("the web client has no ACL", lambda draft: draft.one(DISTRIBUTION, WEB).drop("webAclId"), HUB),
    Mutation("the ACL is empty", lambda draft: draft.one(DISTRIBUTION, WEB).set("webAclId", ""), HUB),
    Mutation(
        "the ACL is of the first generation",
        lambda draft: draft.one(DISTRIBUTION, WEB).set("webAclId", "473e64fd-f30b-4765-81a0-62ad96dd167a"),
        HUB,
    ),
    Mutation("the ACL is a region's", lambda draft: draft.one(ACL, "web-firewall-acl").set("scope", "REGIONAL"), HUB),
    Mutation(
        "the ACL is a region's by its ARN",
        lambda draft: draft.one(DISTRIBUTION, WEB).set("webAclId", GLOBAL.replace("global", "regional")),
        HUB,
    ),
    Mutation("a distribution that is off has none", lambda draft: draft.add(DISTRIBUTION, "new", {"enabled": False}), HUB),
    Mutation("a distribution for tenants has none", lambda draft: draft.add(FOR_TENANTS, "new", {"enabled": True}), HUB),
]
SPARED = [
    Mutation("an ACL of elsewhere is named", lambda draft: draft.one(DISTRIBUTION, WEB).set("webAclId", GLOBAL), HUB),
    Mutation("a distribution for tenants has one", lambda draft: draft.add(FOR_TENANTS, "new", {"webAclId": GLOBAL}), HUB),
    Mutation("the ACL is not known yet", not_known_yet, HUB),
]
OPEN = [
    Mutation("nothing tells which ACL it will be", untold, HUB),
    Mutation("the scope is not known yet", lambda draft: draft.one(ACL, "web-firewall-acl").set("scope", UNKNOWN), HUB),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-01", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("EDGE-01", mutation)
