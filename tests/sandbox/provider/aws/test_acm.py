"""Certificates against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from tests.kit.provider import Life, Workbench

CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
GIVEN: dict[str, Any] = {
    "domainName": "example.com",
    "subjectAlternativeNames": ["*.example.com", "api.example.com"],
    "validationMethod": "DNS",
}


def live(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("acm").describe_certificate(CertificateArn=life.id)["Certificate"]
    return found


def test_a_certificate_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(CERTIFICATE)
    made = life.create(**GIVEN, tags={"owner": "edge"})
    assert set(live(life)["SubjectAlternativeNames"]) == {"example.com", "*.example.com", "api.example.com"}
    assert made["arn"] == life.id
    assert life.id.startswith("arn:aws:acm:eu-west-1:123456789012:certificate/")
    options = {item["domainName"]: item for item in made["domainValidationOptions"]}
    assert set(options) == {"example.com", "*.example.com", "api.example.com"}
    # A wildcard is proven by the same record as the name above it.
    assert options["*.example.com"]["resourceRecordName"] == options["example.com"]["resourceRecordName"]
    assert options["api.example.com"]["resourceRecordType"] == "CNAME"
    assert life.refresh() == []

    life.update(**GIVEN, tags={"environment": "production"})
    tags = life.boto("acm").list_tags_for_certificate(CertificateArn=life.id)["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"environment": "production"}
    inputs, outputs = life.imported()
    assert (inputs["domainName"], inputs["tags"]) == ("example.com", {"environment": "production"})
    assert outputs["arn"] == life.id
    life.delete()
    assert life.gone()


def test_the_same_request_gives_the_same_certificate(workbench: Workbench) -> None:
    life = workbench.made(CERTIFICATE, **GIVEN)
    life.create(**GIVEN)
    assert len(life.boto("acm").list_certificates()["CertificateSummaryList"]) == 2


@pytest.mark.parametrize(
    ("path", "value"), [("domainName", "example.org"), ("validationMethod", "EMAIL"), ("keyAlgorithm", "EC_prime256v1")]
)
def test_what_cannot_change_replaces(workbench: Workbench, path: str, value: str) -> None:
    life = workbench.made(CERTIFICATE, **GIVEN)
    assert life.replaced_by(**GIVEN | {path: value}) == {path}


def test_the_order_of_names_is_no_difference(workbench: Workbench) -> None:
    life = workbench.made(CERTIFICATE, **GIVEN)
    assert life.diff(**GIVEN | {"subjectAlternativeNames": ["api.example.com", "*.example.com"]}) == []


def test_a_certificate_by_e_mail_names_the_mailboxes(workbench: Workbench) -> None:
    life = workbench.made(CERTIFICATE, domainName="example.com", validationMethod="EMAIL")
    assert "admin@example.com" in life.outputs["validationEmails"]
    assert life.outputs["domainValidationOptions"] == []


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"domainName": None}, "domainName"),
        ({"privateKey": "key"}, "domainName"),
        ({"validationMethod": "PIGEON"}, "validationMethod"),
        ({"keyAlgorithm": "RSA_512"}, "keyAlgorithm"),
    ],
)
def test_what_acm_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(CERTIFICATE).check(**GIVEN | wrong)
    assert path in {failure.path for failure in refused.value.failures}


def test_a_validation_asks_for_every_record(workbench: Workbench) -> None:
    certificate = workbench.made(CERTIFICATE, logical="certificate", **GIVEN)
    names = [item["resourceRecordName"].rstrip(".") for item in certificate.outputs["domainValidationOptions"]]
    life = workbench.made(VALIDATION, certificateArn=certificate.id, validationRecordFqdns=names)
    assert life.id.endswith(" +0000 UTC")
    assert life.refresh() == []
    assert life.replaced_by(certificateArn=certificate.id, validationRecordFqdns=names[:1]) == {"validationRecordFqdns"}
    life.delete()
    with pytest.raises(HandlerError, match=r"lacks .*api\.example\.com"):
        workbench.made(VALIDATION, logical="other", certificateArn=certificate.id, validationRecordFqdns=names[:1])
    certificate.delete()
    assert life.gone()


def test_a_certificate_told_to_have_no_other_names_shows_no_drift(workbench: Workbench) -> None:
    life = workbench.made(CERTIFICATE, domainName="example.com", subjectAlternativeNames=[], validationMethod="DNS")
    assert life.refresh() == []
