"""EDGE-05: viewers speak TLS 1.2 or newer to a distribution, nothing else, and see a certificate of our own."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.values import UNKNOWN, Answer, all_of, any_of, asks, each, is_no
from policies.verdict import Ruling

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FOR_TENANTS = "aws:cloudfront/multitenantDistribution:MultitenantDistribution"
CERTIFICATES = (
    "aws:acm/certificate:Certificate",
    "aws:acm/certificateValidation:CertificateValidation",
    "aws:iam/serverCertificate:ServerCertificate",
)
PROTOCOLS = ("TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025")
"""Security policies of TLS 1.2 and newer whose ciphers all have forward secrecy.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
"""
BEHAVIORS = ("defaultCacheBehavior", "orderedCacheBehaviors", "cacheBehaviors")
_CERTIFICATE = "viewerCertificate"
_POLICY = "viewerProtocolPolicy"
_SECURE = ("https-only", "redirect-to-https")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each distribution by its certificate and by each of its behaviours."""
    for distribution in graph.of(DISTRIBUTION, FOR_TENANTS):
        own = any_of([_is_given(graph, distribution, f"{_CERTIFICATE}.{path}") for path in ("acmCertificateArn", "iamCertificateId")])
        default = asks(distribution.properties, f"{_CERTIFICATE}.cloudfrontDefaultCertificate", is_no, absent=True)
        policies = [
            asks(one, _POLICY, _SECURE.__contains__, absent=False) for path in BEHAVIORS for one in each(distribution.properties, path)
        ]
        yield ruled(
            distribution,
            need(distribution, f"{_CERTIFICATE}.minimumProtocolVersion", PROTOCOLS.__contains__, " or ".join(PROTOCOLS)),
            Need(f"{_CERTIFICATE}.acmCertificateArn", all_of([own, default]), "a certificate of our own"),
            Need(f"defaultCacheBehavior.{_POLICY}", all_of(policies), f"{' or '.join(_SECURE)}, as of every other behaviour"),
        )


def _is_given(graph: Graph, distribution: Resource, path: str) -> Answer:
    """Tell whether a certificate is named: known yet, or one that the graph makes."""
    made = graph.target(distribution, path, *CERTIFICATES).resources
    return True if made else asks(distribution.properties, path, bool, absent=False)


def remedy(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raise the protocol where a certificate allows it, and send viewers without TLS to HTTPS.

    CloudFront's own certificate fixes the protocol, and a certificate cannot be made up: without one the rest is all there is to do.
    """
    changes: dict[str, Any] = {}
    certificate = inputs.get(_CERTIFICATE)
    if (
        isinstance(certificate, Mapping)
        and _has_own(certificate)
        and certificate.get("minimumProtocolVersion") not in (*PROTOCOLS, UNKNOWN)
    ):
        changes[_CERTIFICATE] = {**certificate, "minimumProtocolVersion": PROTOCOLS[0]}
    for path in BEHAVIORS:
        given = inputs.get(path)
        mended = [_redirected(one) for one in given] if isinstance(given, list) else _redirected(given)
        if mended != given:
            changes[path] = mended
    return changes


def _has_own(certificate: Mapping[str, Any]) -> bool:
    return bool(certificate.get("acmCertificateArn") or certificate.get("iamCertificateId"))


def _redirected(behavior: Any) -> Any:
    if not isinstance(behavior, Mapping) or behavior.get(_POLICY) in (*_SECURE, UNKNOWN):
        return behavior
    return {**behavior, _POLICY: "redirect-to-https"}


CONTROL = Control(
    id="EDGE-05",
    title="Distributions answer by TLS 1.2 or newer only, with a certificate of our own",
    severity=Severity.HIGH,
    why="What a viewer sends in clear, or by a protocol that can be broken, is everybody's on the way: tokens first.",
    fix="set acm_certificate_arn and minimum_protocol_version TLSv1.2_2021 in viewer_certificate; viewer_protocol_policy https-only",
    clauses=clauses(gdpr="32", lgpd="46", soc2="CC6.7*", iso27001="5.14 8.24", pci="2.2.7 4.2.1"),
    governs=(DISTRIBUTION, FOR_TENANTS),
    check=check,
    remedies={DISTRIBUTION: remedy, FOR_TENANTS: remedy},
)
