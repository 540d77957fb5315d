"""Distributions that answer in clear, by old protocols, or under CloudFront's name."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from policies.controls.edge.viewer_tls import remedy
from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass, shipped

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FOR_TENANTS = "aws:cloudfront/multitenantDistribution:MultitenantDistribution"
WEB = "web-distribution"
HUB = "us-east-1"
OURS = {"acmCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1", "minimumProtocolVersion": "TLSv1.2_2021"}
SECURE = {"viewerProtocolPolicy": "https-only"}


def web(path: str, value: Any) -> Callable[[Draft], None]:
    return lambda draft: draft.one(DISTRIBUTION, WEB).set(path, value)


def without(path: str) -> Callable[[Draft], None]:
    return lambda draft: draft.one(DISTRIBUTION, WEB).drop(path)


def for_tenants(behavior: dict[str, Any]) -> Callable[[Draft], object]:
    made = {"viewerCertificate": OURS, "defaultCacheBehavior": SECURE, "cacheBehaviors": [behavior]}
    return lambda draft: draft.add(FOR_TENANTS, "new", made)


def certificate_of(type_: str) -> Callable[[Draft], None]:
    """As in a first preview: the certificate is unknown, and only dependencies tell what it comes from."""

    def change(draft: Draft) -> None:
        made = draft.add(type_, "new", {}).resource.urn
        distribution = draft.one(DISTRIBUTION, WEB)
        distribution.set("viewerCertificate.acmCertificateArn", UNKNOWN)
        distribution.replace(property_dependencies={"viewerCertificate": (made,)})

    return change


CAUGHT = [
    Mutation("viewers speak TLS 1.1", web("viewerCertificate.minimumProtocolVersion", "TLSv1.1_2016"), HUB),
    Mutation("viewers speak TLS 1.2 with old ciphers", web("viewerCertificate.minimumProtocolVersion", "TLSv1.2_2019"), HUB),
    Mutation("nothing is said of the protocol", without("viewerCertificate.minimumProtocolVersion"), HUB),
    Mutation("the certificate is CloudFront's", web("viewerCertificate", {"cloudfrontDefaultCertificate": True}), HUB),
    Mutation("CloudFront's certificate stands beside ours", web("viewerCertificate.cloudfrontDefaultCertificate", True), HUB),
    Mutation("there is no certificate", without("viewerCertificate.acmCertificateArn"), HUB),
    Mutation("pages are served in clear", web("defaultCacheBehavior.viewerProtocolPolicy", "allow-all"), HUB),
    Mutation("an API is served in clear", web("orderedCacheBehaviors.1.viewerProtocolPolicy", "allow-all"), HUB),
    Mutation("nothing is said of HTTPS", without("orderedCacheBehaviors.0.viewerProtocolPolicy"), HUB),
    Mutation("tenants are served in clear", for_tenants({"viewerProtocolPolicy": "allow-all"}), HUB),
]
SPARED = [
    *(
        Mutation(f"the certificate is not known yet, and is made as {kind}", certificate_of(f"aws:{kind}"), HUB)
        for kind in (
            "acm/certificate:Certificate",
            "acm/certificateValidation:CertificateValidation",
            "iam/serverCertificate:ServerCertificate",
        )
    ),
    Mutation("viewers speak TLS 1.3 only", web("viewerCertificate.minimumProtocolVersion", "TLSv1.3_2025"), HUB),
    Mutation("who asks in clear is sent to HTTPS", web("orderedCacheBehaviors.0.viewerProtocolPolicy", "redirect-to-https"), HUB),
    Mutation("there is only one behaviour", without("orderedCacheBehaviors"), HUB),
    Mutation(
        "the certificate is one of IAM",
        web("viewerCertificate", {"iamCertificateId": "ASCA1", "minimumProtocolVersion": "TLSv1.2_2025"}),
        HUB,
    ),
    Mutation("it is said that the certificate is not CloudFront's", web("viewerCertificate.cloudfrontDefaultCertificate", False), HUB),
    Mutation("tenants are served by HTTPS", for_tenants(SECURE), HUB),
]
OPEN = [
    Mutation("nothing tells of a certificate that is not known yet", certificate_of("aws:ssm/parameter:Parameter"), HUB),
    Mutation("the protocol is not known yet", web("viewerCertificate.minimumProtocolVersion", UNKNOWN), HUB),
    Mutation("a behaviour is not known yet", web("orderedCacheBehaviors.0", UNKNOWN), HUB),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-05", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-05", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("EDGE-05", mutation)


def as_shipped() -> dict[str, Any]:
    return copy.deepcopy(dict(next(each for each in shipped(HUB).of(DISTRIBUTION) if each.name == WEB).properties))


def test_the_remedy_mends_what_it_safely_can_and_leaves_the_rest_alone() -> None:
    right = as_shipped()
    assert remedy(right) == {}
    wrong = as_shipped()
    wrong["viewerCertificate"]["minimumProtocolVersion"] = "TLSv1"
    del wrong["defaultCacheBehavior"]["viewerProtocolPolicy"]
    wrong["orderedCacheBehaviors"][1]["viewerProtocolPolicy"] = "allow-all"
    changes = remedy(wrong)
    assert set(changes) == {"viewerCertificate", "defaultCacheBehavior", "orderedCacheBehaviors"}
    assert changes["viewerCertificate"] == right["viewerCertificate"]
    assert changes["defaultCacheBehavior"] == right["defaultCacheBehavior"]
    assert [each["viewerProtocolPolicy"] for each in changes["orderedCacheBehaviors"]] == ["https-only", "redirect-to-https", "https-only"]
    assert remedy({**wrong, **changes}) == {}


@pytest.mark.parametrize(
    "inputs",
    [
        {"viewerCertificate": {"cloudfrontDefaultCertificate": True}},
        {"viewerCertificate": {"acmCertificateArn": UNKNOWN, "minimumProtocolVersion": UNKNOWN}},
        {"viewerCertificate": UNKNOWN, "defaultCacheBehavior": UNKNOWN, "orderedCacheBehaviors": [UNKNOWN]},
        {"defaultCacheBehavior": {"viewerProtocolPolicy": UNKNOWN}},
        {},
    ],
)
def test_the_remedy_makes_up_no_certificate_and_touches_nothing_unknown(inputs: dict[str, Any]) -> None:
    assert remedy(inputs) == {}
