"""Origins that are asked in clear, and buckets that answer others than their distribution."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
ACCESS = "aws:cloudfront/originAccessControl:OriginAccessControl"
BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
WEB, HOOKS, CONTENT = "web-distribution", "hooks-64513-distribution", "web-content-policy"
ARN = "arn:aws:cloudfront:us-east-1:123456789012:web-distribution"
DOMAIN = "morefocus-prod-use1-web-content.s3.us-east-1.amazonaws.com"
HUB = "us-east-1"


def origin(path: str, value: Any, name: str = HOOKS) -> Callable[[Draft], None]:
    return lambda draft: draft.one(DISTRIBUTION, name).set(f"origins.0.{path}", value)


def custom(path: str, value: Any) -> Callable[[Draft], None]:
    return origin(f"customOriginConfig.{path}", value)


def lets_in(*sources: Any, operator: str = "StringEquals", **more: Any) -> dict[str, Any]:
    condition = {"Condition": {operator: {"aws:SourceArn": sources[0] if len(sources) == 1 else list(sources)}}} if sources else {}
    service = {"Principal": {"Service": "cloudfront.amazonaws.com"}}
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **service, **condition, **more}


def policy(*statements: Any) -> Callable[[Draft], None]:
    return lambda draft: draft.one(POLICY, CONTENT).set("policy", {"Statement": list(statements)})


def by_an_identity(draft: Draft) -> None:
    web = draft.one(DISTRIBUTION, WEB)
    web.drop("origins.0.originAccessControlId")
    web.set("origins.0.s3OriginConfig", {"originAccessIdentity": "origin-access-identity/cloudfront/E1"})


def of_another_name(draft: Draft) -> None:
    draft.one(DISTRIBUTION, WEB).set("origins.0.domainName", DOMAIN.replace("web-content", "files"))


def not_known_yet(draft: Draft) -> None:
    """As in a first preview: names and ids are unknown, and only dependencies tell what they are of."""
    content = next(each for each in draft.base.of(BUCKET) if each.name == "web-content-bucket")
    web = draft.one(DISTRIBUTION, WEB)
    web.set("origins.0.domainName", UNKNOWN)
    web.set("origins.0.originAccessControlId", UNKNOWN)
    web.replace(property_dependencies={"origins": (content.urn, draft.one(ACCESS).resource.urn)})


def as_a_website_not_known_yet(draft: Draft) -> None:
    hooks = draft.one(DISTRIBUTION, HOOKS)
    hooks.set("origins.0.domainName", UNKNOWN)
    hooks.replace(property_dependencies={"origins": (next(each.urn for each in draft.base.of(BUCKET)),)})


def with_a_second_bucket(draft: Draft) -> None:
    not_known_yet(draft)
    web = draft.one(DISTRIBUTION, WEB)
    more = tuple(each.urn for each in draft.base.of(BUCKET) if each.name == "files-bucket")
    web.replace(property_dependencies={"origins": (*web.resource.property_dependencies["origins"], *more)})


def of_a_policy_untold(draft: Draft) -> None:
    content = draft.one(POLICY, CONTENT)
    content.set("bucket", UNKNOWN)
    content.replace(property_dependencies={})


def untold(draft: Draft) -> None:
    web = draft.one(DISTRIBUTION, WEB)
    web.set("origins.0.domainName", UNKNOWN)
    web.replace(property_dependencies={})


def without_signature(draft: Draft) -> None:
    web = draft.one(DISTRIBUTION, WEB)
    web.set("origins.0.originAccessControlId", UNKNOWN)
    web.replace(property_dependencies={})


def inside_the_bucket(draft: Draft) -> None:
    draft.remove(POLICY, CONTENT)
    draft.one(BUCKET, "web-content-bucket").set("policy", json.dumps({"Statement": [lets_in(ARN)]}))


def as_a_private_origin(draft: Draft) -> None:
    hooks = draft.one(DISTRIBUTION, HOOKS)
    hooks.drop("origins.0.customOriginConfig")
    hooks.set("origins.0.vpcOriginConfig", {"vpcOriginId": "vo_1"})


CAUGHT = [
    Mutation("a bucket whose name is not known yet is asked as a website", as_a_website_not_known_yet, HUB),
    Mutation("a second bucket lets nobody in", with_a_second_bucket, HUB),
    Mutation("the bucket lets its distribution in, and the account's", policy(lets_in(ARN, "arn:aws:cloudfront::1:distribution/*")), HUB),
    Mutation("an origin is asked in clear", custom("originProtocolPolicy", "http-only"), HUB),
    Mutation("an origin is asked as the viewer asked", custom("originProtocolPolicy", "match-viewer"), HUB),
    Mutation("an origin is asked by TLS 1.1 as well", custom("originSslProtocols", ["TLSv1.1", "TLSv1.2"]), HUB),
    Mutation(
        "nothing is said of an origin's protocols", lambda draft: draft.one(DISTRIBUTION, HOOKS).drop("origins.0.customOriginConfig"), HUB
    ),
    Mutation("a bucket is asked as a website", origin("domainName", "x.s3-website-us-east-1.amazonaws.com"), HUB),
    Mutation(
        "a bucket is asked without a signature", lambda draft: draft.one(DISTRIBUTION, WEB).drop("origins.0.originAccessControlId"), HUB
    ),
    Mutation("a bucket is asked by an identity of the old kind", by_an_identity, HUB),
    Mutation("the origin is a bucket of somebody else", origin("domainName", "theirs.s3.us-east-1.amazonaws.com", WEB), HUB),
    Mutation("the origin is a bucket that lets nobody in", of_another_name, HUB),
    Mutation("requests are signed as viewers like", lambda draft: draft.one(ACCESS).set("signingBehavior", "no-override"), HUB),
    Mutation("requests are not signed", lambda draft: draft.one(ACCESS).set("signingBehavior", "never"), HUB),
    Mutation("nothing is said of how to sign", lambda draft: draft.one(ACCESS).drop("signingProtocol"), HUB),
    Mutation("the bucket has no policy", lambda draft: draft.remove(POLICY, CONTENT), HUB),
    Mutation("the bucket lets every distribution in", policy(lets_in()), HUB),
    Mutation(
        "the bucket lets an account's distributions in",
        policy(lets_in("arn:aws:cloudfront::123456789012:distribution/*", operator="ArnLike")),
        HUB,
    ),
    Mutation("the bucket lets another distribution in", policy(lets_in(ARN.replace("web", "hooks"))), HUB),
    Mutation("the bucket lets its distribution in, and then every other", policy(lets_in(ARN), lets_in()), HUB),
    Mutation("the bucket keeps its distribution out", policy(lets_in(ARN, Effect="Deny")), HUB),
    Mutation("the bucket lets in all but its distribution", policy(lets_in(ARN, operator="StringNotEquals")), HUB),
    Mutation(
        "a bucket of a region lets every distribution in",
        lambda draft: draft.one(POLICY, "files-policy").set("policy", json.dumps({"Statement": lets_in()})),
    ),
]
SPARED = [
    *(
        Mutation(f"the distribution is told by {operator}", policy(lets_in(ARN, operator=operator)), HUB)
        for operator in ("StringLike", "ArnLike")
    ),
    Mutation("an origin of our own is called like a bucket", origin("domainName", "files.s3.example.com"), HUB),
    Mutation("the bucket lets two distributions in", policy(lets_in(ARN, ARN.replace("web", "hooks"))), HUB),
    Mutation("the condition is another operator's", policy(lets_in(ARN, operator="ArnEquals")), HUB),
    Mutation(
        "the key of the condition is in small letters",
        policy(lets_in(Condition={"StringEquals": {"aws:sourcearn": ARN}})),
        HUB,
    ),
    Mutation(
        "a role may write",
        policy(lets_in(ARN), {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:role/x"}, "Action": "s3:PutObject"}),
        HUB,
    ),
    Mutation("the policy stands in the bucket", inside_the_bucket, HUB),
    Mutation("the bucket is named without its region", origin("domainName", DOMAIN.replace(".us-east-1", ""), WEB), HUB),
    Mutation("the signature is made elsewhere", origin("originAccessControlId", "E2QWRUHAPOMQZL", WEB), HUB),
    Mutation("an origin is private", as_a_private_origin, HUB),
    Mutation("bucket and signature are not known yet", not_known_yet, HUB),
]
OPEN = [
    Mutation("protocols are not known yet", custom("originSslProtocols", UNKNOWN), HUB),
    Mutation("how an origin is asked is not known yet", origin("customOriginConfig", UNKNOWN), HUB),
    Mutation("nothing tells whose policy it is", of_a_policy_untold, HUB),
    Mutation("the distribution has no ARN yet", lambda draft: draft.one(DISTRIBUTION, WEB).set("arn", UNKNOWN), HUB),
    Mutation("the distribution is answered no ARN", lambda draft: draft.one(DISTRIBUTION, WEB).drop("arn"), HUB),
    Mutation("the protocol is not known yet", custom("originProtocolPolicy", UNKNOWN), HUB),
    Mutation("origins are not known yet", lambda draft: draft.one(DISTRIBUTION, HOOKS).set("origins", UNKNOWN), HUB),
    Mutation("nothing tells which bucket it is", untold, HUB),
    Mutation("nothing tells who signs", without_signature, HUB),
    Mutation("the bucket's policy is not known yet", lambda draft: draft.one(POLICY, CONTENT).set("policy", UNKNOWN), HUB),
    Mutation("whom the bucket lets in is not known yet", policy(lets_in(UNKNOWN)), HUB),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-06", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-06", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("EDGE-06", mutation)
