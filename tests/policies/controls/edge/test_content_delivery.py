"""Distributions that keep no log, serve whom they did not say, or leave browsers without orders."""

from typing import Any

import pytest

from policies.controls.edge.content_delivery import CONTROL
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

DISTRIBUTION, HEADERS = "aws:cloudfront/distribution:Distribution", "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
SOURCE, DELIVERY = "aws:cloudwatch/logDeliverySource:LogDeliverySource", "aws:cloudwatch/logDelivery:LogDelivery"
WEB = "web-distribution"
GEO = "restrictions.geoRestriction"


def web(path: str, value: Any) -> Mutation:
    return Mutation(f"the distribution's {path} is {value}", lambda draft: draft.one(DISTRIBUTION, WEB).set(path, value), "us-east-1")


def header(path: str, value: Any) -> Mutation:
    name = f"the policy's {path} is {value}"
    return Mutation(name, lambda draft: draft.one(HEADERS).set(f"securityHeadersConfig.{path}", value), "us-east-1")


def hub(name: str, change: Any) -> Mutation:
    return Mutation(name, change, "us-east-1")


def listed(draft: Draft, kind: str) -> None:
    one = draft.one(DISTRIBUTION, WEB)
    one.set(f"{GEO}.restrictionType", kind)
    one.set(f"{GEO}.locations", ["BR", "IE", "US"])


def old_logging(draft: Draft) -> None:
    draft.remove(SOURCE, "web-log-source")
    draft.one(DISTRIBUTION, WEB).set("loggingConfig", {"bucket": "logs.s3.amazonaws.com"})


def unguarded(draft: Draft) -> None:
    draft.one(DISTRIBUTION, WEB).drop("webAclId")


def framed_by_content(draft: Draft) -> None:
    draft.one(HEADERS).drop("securityHeadersConfig.frameOptions")


def unframed(draft: Draft) -> None:
    framed_by_content(draft)
    draft.one(HEADERS).drop("securityHeadersConfig.contentSecurityPolicy")


CAUGHT = [
    hub("no log is kept", lambda draft: draft.remove(SOURCE, "web-log-source")),
    hub("nothing takes the log", lambda draft: draft.remove(DELIVERY, "web-log-delivery")),
    hub("a log is of another distribution", lambda draft: draft.one(SOURCE, "web-log-source").set("resourceArn", "arn:another")),
    hub("some countries are refused, and all others served", lambda draft: listed(draft, "blacklist")),
    web(f"{GEO}.restrictionType", "whitelist"),
    web("restrictions", {"geoRestriction": {"restrictionType": "whitelist"}}),
    hub("nothing is said of whom it serves", lambda draft: draft.one(DISTRIBUTION, WEB).drop("restrictions")),
    hub("the world is served with no web ACL", unguarded),
    web("defaultCacheBehavior.responseHeadersPolicyId", "another"),
    hub("one path has no headers", lambda draft: draft.one(DISTRIBUTION, WEB).drop("orderedCacheBehaviors.0.responseHeadersPolicyId")),
    header("strictTransportSecurity.accessControlMaxAgeSec", 3600),
    header("contentTypeOptions", None),
    header("referrerPolicy", None),
    hub("pages may be framed", unframed),
]
SPARED = [
    hub("countries are listed", lambda draft: listed(draft, "whitelist")),
    hub("a log is kept in the old way", old_logging),
    web("defaultCacheBehavior.responseHeadersPolicyId", "67f7725c-6f97-4210-82d7-5512b31e9d03"),
    header("strictTransportSecurity.accessControlMaxAgeSec", 31_536_000),
    hub("the content security policy says who may frame", framed_by_content),
    hub("nobody may frame, whatever is loaded", lambda draft: draft.one(HEADERS).drop("securityHeadersConfig.contentSecurityPolicy")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-09", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-09", mutation)


def test_a_log_that_may_be_of_a_distribution_leaves_it_open() -> None:
    geo = {"geoRestriction": {"restrictionType": "whitelist", "locations": ["BR"]}}
    distribution = resource(DISTRIBUTION, "web", id=UNKNOWN, restrictions=geo)
    source = resource(SOURCE, "source", name="source", resourceArn=UNKNOWN)
    delivery = resource(DELIVERY, "delivery", deliverySourceName="source")
    verdicts = {finding.urn.rpartition("::")[2]: finding.verdict for finding in CONTROL.evaluate(lone(distribution, source, delivery))}
    assert verdicts == {"web": Verdict.UNDECIDED, "source": Verdict.PASS}


def test_a_policy_of_headers_that_is_not_known_yet_is_found_by_what_it_was_made_of() -> None:
    geo = {"geoRestriction": {"restrictionType": "none"}}
    shown = {
        "restrictions": geo,
        "webAclId": UNKNOWN,
        "loggingConfig": {"bucket": "logs"},
        "defaultCacheBehavior": {"responseHeadersPolicyId": UNKNOWN},
    }
    policy = resource(HEADERS, "policy", id=UNKNOWN, securityHeadersConfig=UNKNOWN)
    known = resource(DISTRIBUTION, "known", **shown, property_dependencies={"defaultCacheBehavior": (policy.urn,)})
    unknown = resource(DISTRIBUTION, "unknown", **shown)
    verdicts = {finding.urn.rpartition("::")[2]: finding.verdict for finding in CONTROL.evaluate(lone(policy, known, unknown))}
    assert verdicts == {"known": Verdict.PASS, "unknown": Verdict.UNDECIDED, "policy": Verdict.UNDECIDED}
