"""Domains of APIs, what they map, and the account's settings, against the emulated cloud."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.provider.errors import InvalidInputs
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Workbench
from tests.sandbox.provider.aws.apigateway.ground import ACCOUNT, ROLE, a_stage, an_api

DOMAIN = "aws:apigateway/domainName:DomainName"
MAPPING = "aws:apigateway/basePathMapping:BasePathMapping"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
HOST = "api.morefocus.example"


def given(**more: Any) -> dict[str, Any]:
    return {
        "domainName": HOST,
        "regionalCertificateArn": CERTIFICATE,
        "endpointConfiguration": {"types": "REGIONAL"},
        "securityPolicy": "TLS_1_2",
        "tags": {"component": "scheduling"},
        **more,
    }


def test_a_domain_maps_a_stage_and_a_record_points_at_it(workbench: Workbench) -> None:
    api = an_api(workbench)
    a_stage(workbench, api)
    domain = workbench.made(DOMAIN, **given())
    gateway = domain.boto("apigateway")
    live = gateway.get_domain_name(domainName=HOST)
    assert live["regionalHostedZoneId"] == domain.outputs["regionalZoneId"] == "ZLY8HYME6SFDD"
    assert live["regionalDomainName"].endswith(".execute-api.eu-west-1.amazonaws.com")
    assert (live["securityPolicy"], live["regionalCertificateArn"]) == ("TLS_1_2", CERTIFICATE)
    assert gateway.get_tags(resourceArn=domain.outputs["arn"])["tags"] == {"component": "scheduling"}
    assert domain.refresh() == []

    mapping = workbench.made(MAPPING, domainName=HOST, restApi=api.id, stageName="live")
    assert gateway.get_base_path_mapping(domainName=HOST, basePath="(none)")["stage"] == "live"
    below = workbench.made(MAPPING, logical="below", domainName=HOST, restApi=api.id, stageName="live", basePath="bookings")
    assert below.id == f"{HOST}/bookings"
    assert mapping.refresh() == below.refresh() == []
    assert below.replaced_by(domainName=HOST, restApi=api.id, stageName="live", basePath="other") == {"basePath"}
    with pytest.raises(ClientError, match="base path mappings"):
        api.delete()

    zone = workbench.made("aws:route53/zone:Zone", logical="zone", name="morefocus.example").id
    target = {"name": domain.outputs["regionalDomainName"], "zoneId": domain.outputs["regionalZoneId"], "evaluateTargetHealth": True}
    record = workbench.made("aws:route53/record:Record", zoneId=zone, name=HOST, type="A", aliases=[target])
    assert record.refresh() == []

    renewed = CERTIFICATE.replace("1111", "9999")
    domain.update(**given(regionalCertificateArn=renewed, tags={}))
    assert gateway.get_domain_name(domainName=HOST)["regionalCertificateArn"] == renewed
    assert domain.outputs["regionalDomainName"] == live["regionalDomainName"]
    assert domain.refresh() == []
    assert domain.replaced_by(**given(domainName="other.morefocus.example")) == {"domainName"}
    for life in (mapping, below, domain):
        life.delete()
        assert life.gone()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"regionalCertificateArn": CERTIFICATE.replace("eu-west-1", "us-east-1")}, "certificate of eu-west-1"),
        ({"certificateArn": CERTIFICATE.replace("eu-west-1", "us-east-1")}, "one certificate"),
        ({"securityPolicy": "TLS_1_3"}, "TLS_1_2"),
        ({"endpointAccessMode": "STRICT"}, "SecurityPolicy_"),
    ],
)
def test_a_domain_that_cannot_be_is_refused_before(emulated_cloud: EmulatedCloud, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputs, match=message):
        Workbench(emulated_cloud.endpoint).life(DOMAIN).check(**given(**change))


def test_the_account_writes_logs_with_its_role_until_that_is_taken_back(workbench: Workbench) -> None:
    life = workbench.made(ACCOUNT, cloudwatchRoleArn=ROLE)
    gateway = life.boto("apigateway")
    assert gateway.get_account()["cloudwatchRoleArn"] == ROLE
    assert life.refresh() == []
    other = ROLE.replace("api-logs", "logs")
    life.update(cloudwatchRoleArn=other)
    assert gateway.get_account()["cloudwatchRoleArn"] == other
    life.delete()
    assert "cloudwatchRoleArn" not in gateway.get_account()
