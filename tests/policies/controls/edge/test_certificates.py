"""Certificates that do not renew, are weak, or end unnoticed."""

from typing import Any

import pytest

from policies.controls.edge.certificates import CONTROL
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

CERTIFICATE, ALARM = "aws:acm/certificate:Certificate", "aws:cloudwatch/metricAlarm:MetricAlarm"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
NAME, EXPIRES = "entry-certificate-certificate", "entry-certificate-expires"


def certificate(path: str, value: Any) -> Mutation:
    return Mutation(f"a certificate's {path} is {value}", lambda draft: draft.one(CERTIFICATE, NAME).set(path, value))


def alarm(path: str, value: Any) -> Mutation:
    return Mutation(f"the alarm's {path} is {value}", lambda draft: draft.one(ALARM, EXPIRES).set(path, value))


def private(draft: Draft) -> None:
    own = draft.one(CERTIFICATE, NAME)
    own.set("certificateAuthorityArn", "arn:aws:acm-pca:eu-west-1:1:certificate-authority/1")
    own.drop("validationMethod")


CAUGHT = [
    certificate("validationMethod", "EMAIL"),
    Mutation("nothing is said of a proof", lambda draft: draft.one(CERTIFICATE, NAME).drop("validationMethod")),
    certificate("privateKey", "a key that was imported"),
    certificate("keyAlgorithm", "RSA_1024"),
    Mutation("nobody is told", lambda draft: draft.remove(ALARM, EXPIRES)),
    alarm("alarmActions", []),
    alarm("threshold", 3),
    alarm("threshold", 90),
    alarm("comparisonOperator", "GreaterThanThreshold"),
    alarm("metricName", "Another"),
    alarm("namespace", "AWS/ApplicationELB"),
    alarm("actionsEnabled", False),
    alarm("dimensions.CertificateArn", "arn:another"),
    *(
        Mutation(f"nothing is said of the alarm's {path}", lambda draft, path=path: draft.one(ALARM, EXPIRES).drop(path))  # type: ignore[misc]
        for path in ("namespace", "metricName", "comparisonOperator", "threshold", "alarmActions")
    ),
    Mutation("nothing proves it", lambda draft: draft.one(VALIDATION, "entry-certificate-validation").set("validationRecordFqdns", [])),
]
SPARED = [
    certificate("keyAlgorithm", "RSA_2048"),
    Mutation("the algorithm is left to ACM", lambda draft: draft.one(CERTIFICATE, NAME).drop("keyAlgorithm")),
    Mutation("an authority of our own issues it", private),
    alarm("threshold", 14),
    alarm("comparisonOperator", "LessThanOrEqualToThreshold"),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-11", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-11", mutation)


def test_an_alarm_of_a_certificate_that_is_not_known_yet_leaves_it_open() -> None:
    own = resource(CERTIFICATE, "own", id=UNKNOWN, validationMethod="DNS")
    alarm = resource(ALARM, "alarm", dimensions=UNKNOWN)
    assert [finding.verdict for finding in CONTROL.evaluate(lone(own, alarm))] == [Verdict.UNDECIDED]
