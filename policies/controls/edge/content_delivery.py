"""EDGE-09: the CDN writes what it served, to places that were chosen, with the headers that browsers take as orders."""

from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, look
from policies.verdict import Ruling

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery"
MANAGED = frozenset(
    {
        "67f7725c-6f97-4210-82d7-5512b31e9d03",  # SecurityHeadersPolicy
        "e61eb60c-9c35-4d20-a928-2b84e02af89c",  # CORS-and-SecurityHeadersPolicy
        "eaab4381-ed33-4a86-88ca-d9558dc6cd63",  # CORS-with-preflight-and-SecurityHeadersPolicy
    }
)
"""AWS's own policies with security headers.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
"""
_YEAR = 31_536_000
_CONFIG = "securityHeadersConfig"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each distribution, each policy of headers, and each source of logs by whether anything takes it.

    Whom the estate serves is the business's to say: the whole world is right where it is said, and a web ACL stands before it; a list of
    countries that are refused is not, since it serves whatever is not on it.
    """
    for distribution in graph.of(DISTRIBUTION):
        yield ruled(
            distribution,
            Need("", _is_logged(graph, distribution), "access logs: a LogDelivery of it, or logging_config"),
            Need("restrictions.geoRestriction", _serves_whom_it_says(distribution), "a whitelist of countries, or none behind a web ACL"),
            Need("responseHeadersPolicyId", _has_headers(graph, distribution), "a policy with security headers, on every behaviour"),
        )
    for policy in graph.of(HEADERS):
        yield ruled(
            policy,
            need(policy, f"{_CONFIG}.strictTransportSecurity.accessControlMaxAgeSec", lambda age: int(age) >= _YEAR, "a year, or longer"),
            Need(f"{_CONFIG}.contentTypeOptions", _is_there(policy, "contentTypeOptions"), "to be there"),
            Need(f"{_CONFIG}.frameOptions", _is_framed(policy), "to be there, or a content security policy"),
            Need(f"{_CONFIG}.referrerPolicy", _is_there(policy, "referrerPolicy"), "to be there"),
        )
    for source in graph.of(SOURCE):
        yield ruled(source, Need("", _is_delivered(graph, source), "a LogDelivery that takes it"))


def _is_logged(graph: Graph, distribution: Resource) -> Answer:
    inline = asks(distribution.properties, "loggingConfig.bucket", bool, absent=False)
    sources = graph.attached(distribution, SOURCE, "resourceArn")
    delivered = [_is_delivered(graph, source) for source in sources.resources]
    return any_of([inline, *delivered, False if sources.certain else None])


def _is_delivered(graph: Graph, source: Resource) -> Answer:
    taken = graph.attached(source, DELIVERY, "deliverySourceName")
    return bool(taken.resources) or (False if taken.certain else None)


def _serves_whom_it_says(distribution: Resource) -> Answer:
    path = "restrictions.geoRestriction"
    listed = all_of(
        [
            asks(distribution.properties, f"{path}.restrictionType", lambda kind: kind == "whitelist", absent=False),
            asks(distribution.properties, f"{path}.locations", bool, absent=False),
        ]
    )
    world = all_of(
        [
            asks(distribution.properties, f"{path}.restrictionType", lambda kind: kind == "none", absent=False),
            True if distribution.look("webAclId") is UNKNOWN else asks(distribution.properties, "webAclId", bool, absent=False),
        ]
    )
    return any_of([listed, world])


def _has_headers(graph: Graph, distribution: Resource) -> Answer:
    behaviors = [*each(distribution.properties, "defaultCacheBehavior"), *each(distribution.properties, "orderedCacheBehaviors")]
    return all_of([_is_safe(graph, distribution, behavior) for behavior in behaviors])


def _is_safe(graph: Graph, distribution: Resource, behavior: Any) -> Answer:
    found = look(behavior, "responseHeadersPolicyId")
    if found is not UNKNOWN:
        # A policy of another stack cannot be told from one of AWS's without any of these headers.
        names = {policy.look("id") for policy in graph.of(HEADERS)}
        return found is not ABSENT and (found in MANAGED or found in names or (None if UNKNOWN in names else False))
    paths = ("defaultCacheBehavior", "orderedCacheBehaviors")
    made_of = {urn for path in paths for urn in distribution.property_dependencies.get(path, ())}
    return True if any(policy.urn in made_of for policy in graph.of(HEADERS)) else None


def _is_there(policy: Resource, header: str) -> Answer:
    return asks(policy.properties, f"{_CONFIG}.{header}", lambda _: True, absent=False)


def _is_framed(policy: Resource) -> Answer:
    return any_of([_is_there(policy, "frameOptions"), _is_there(policy, "contentSecurityPolicy")])


CONTROL = Control(
    id="EDGE-09",
    title="Distributions keep access logs, say whom they serve, and send security headers",
    severity=Severity.MEDIUM,
    why="An attack on the web client is seen in the CDN's logs or nowhere, and headers are what keeps it out of other pages' frames.",
    fix="add a LogDelivery of the distribution, geo_restriction, and response_headers_policy_id on every behaviour",
    clauses=clauses(gdpr="25*", lgpd="37", soc2="A1.2 PI1.2", iso27001="8.15 8.16", pci="10.2.1"),
    governs=(DISTRIBUTION, HEADERS, SOURCE),
    check=check,
)
