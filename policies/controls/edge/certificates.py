"""EDGE-11: certificates renew themselves, are long enough, and somebody hears in time when they do not."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, Answer, all_of, any_of, asks
from policies.verdict import Ruling

CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_STRONG = frozenset({"RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"})
"""Source: https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html"""
_BELOW = ("LessThanThreshold", "LessThanOrEqualToThreshold")
_EARLY, _LATE = 45, 7
"""Days before the end at which an alarm is of use: ACM renews sixty days before, and people need some.

Source: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
"""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each certificate: ACM renews what it issued and can still prove; one that was imported it does not."""
    for certificate in graph.of(CERTIFICATE):
        private = certificate.look("certificateAuthorityArn") is not ABSENT
        proven = asks(certificate.properties, "validationMethod", lambda method: method == "DNS", absent=private)
        imported = certificate.look("privateKey") is not ABSENT
        yield ruled(
            certificate,
            Need("privateKey", not imported, "none: a certificate that ACM issues and renews"),
            Need("validationMethod", proven, "DNS"),
            need(certificate, "keyAlgorithm", lambda kind: kind in _STRONG, f"one of {', '.join(sorted(_STRONG))}", absent=True),
            Need("", _is_watched(graph, certificate), f"an alarm on DaysToExpiry at {_LATE} to {_EARLY} days, that tells somebody"),
        )
    for validation in graph.of(VALIDATION):
        yield ruled(validation, need(validation, "validationRecordFqdns", bool, "the names of the records that prove it"))


def _is_watched(graph: Graph, certificate: Resource) -> Answer:
    alarms = graph.attached(certificate, ALARM, "dimensions.CertificateArn")
    return any_of([*map(_tells, alarms.resources), False if alarms.certain else None])


def _tells(alarm: Resource) -> Answer:
    return all_of(
        [
            asks(alarm.properties, "namespace", lambda name: name == "AWS/CertificateManager", absent=False),
            asks(alarm.properties, "metricName", lambda name: name == "DaysToExpiry", absent=False),
            asks(alarm.properties, "comparisonOperator", lambda operator: operator in _BELOW, absent=False),
            asks(alarm.properties, "threshold", lambda days: _LATE <= float(days) <= _EARLY, absent=False),
            asks(alarm.properties, "alarmActions", bool, absent=False),
            asks(alarm.properties, "actionsEnabled", lambda on: on is not False, absent=True),
        ]
    )


CONTROL = Control(
    id="EDGE-11",
    title="Certificates are issued by ACM and proven by DNS, with strong keys and an alarm before they end",
    severity=Severity.MEDIUM,
    why="A certificate that ends unnoticed stops everything behind it, and a record that was deleted stops its renewal.",
    fix="use validation_method='DNS' with records that stay, and an alarm on DaysToExpiry; see components/edge/certificate.py",
    clauses=clauses(gdpr="32", lgpd="46", soc2="CC6.7", iso27001="8.24*", pci="3.6.1"),
    governs=(CERTIFICATE, VALIDATION),
    check=check,
)
