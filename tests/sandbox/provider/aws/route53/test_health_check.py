"""Health checks against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

CHECK = "aws:route53/healthCheck:HealthCheck"
HTTPS: dict[str, Any] = {
    "type": "HTTPS",
    "fqdn": "api.example.com",
    "port": 443,
    "resourcePath": "/healthz",
    "requestInterval": 10,
    "failureThreshold": 2,
}


def tags(life: Life, kind: str) -> dict[str, str]:
    found = life.boto("route53").list_tags_for_resource(ResourceType=kind, ResourceId=life.id)["ResourceTagSet"]["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def test_a_health_check_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(CHECK)
    made = life.create(**HTTPS, tags={"owner": "edge"})
    config = life.boto("route53").get_health_check(HealthCheckId=life.id)["HealthCheck"]["HealthCheckConfig"]
    assert (config["FullyQualifiedDomainName"], config["RequestInterval"], config["EnableSNI"]) == ("api.example.com", 10, True)
    assert made["arn"] == f"arn:aws:route53:::healthcheck/{life.id}"
    assert life.refresh() == []

    life.update(**HTTPS | {"resourcePath": "/ready", "failureThreshold": 3}, invertHealthcheck=True, tags={"owner": "platform"})
    config = life.boto("route53").get_health_check(HealthCheckId=life.id)["HealthCheck"]["HealthCheckConfig"]
    assert (config["ResourcePath"], config["FailureThreshold"], config["Inverted"]) == ("/ready", 3, True)
    assert tags(life, "healthcheck") == {"owner": "platform"}
    assert life.replaced_by(**HTTPS | {"requestInterval": 30}) == {"requestInterval"}
    life.boto("route53").update_health_check(HealthCheckId=life.id, Disabled=True, ResourcePath="/x")
    assert "resourcePath" in {change.path for change in life.refresh()}
    inputs, _ = life.imported()
    assert inputs["fqdn"] == "api.example.com"
    life.delete()
    assert life.gone()


def test_checks_add_up(workbench: Workbench) -> None:
    child = workbench.made(CHECK, logical="child", **HTTPS)
    life = workbench.made(CHECK, type="CALCULATED", childHealthchecks=[child.id], childHealthThreshold=1)
    config = life.boto("route53").get_health_check(HealthCheckId=life.id)["HealthCheck"]["HealthCheckConfig"]
    assert (config["ChildHealthChecks"], config["HealthThreshold"]) == ([child.id], 1)
    assert life.refresh() == []


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"fqdn": None}, "fqdn"),
        ({"type": "CALCULATED"}, "childHealthchecks"),
        ({"type": "PING"}, "type"),
        ({"requestInterval": 5}, "requestInterval"),
        ({"failureThreshold": 11}, "failureThreshold"),
    ],
)
def test_what_route53_refuses_of_a_check_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(CHECK).check(**HTTPS | wrong)
    assert path in {failure.path for failure in refused.value.failures}


def test_a_check_of_an_alarm_lives_as_declared(workbench: Workbench) -> None:
    given: dict[str, Any] = {"type": "CLOUDWATCH_METRIC", "cloudwatchAlarmRegion": "eu-west-1", "insufficientDataHealthStatus": "Unhealthy"}
    life = workbench.made(CHECK, **given, cloudwatchAlarmName="errors")
    config = life.boto("route53").get_health_check(HealthCheckId=life.id)["HealthCheck"]["HealthCheckConfig"]
    assert config["AlarmIdentifier"] == {"Name": "errors", "Region": "eu-west-1"}
    assert config["InsufficientDataHealthStatus"] == "Unhealthy"
    assert life.refresh() == []
    life.update(**given, cloudwatchAlarmName="latency")
    config = life.boto("route53").get_health_check(HealthCheckId=life.id)["HealthCheck"]["HealthCheckConfig"]
    assert config["AlarmIdentifier"]["Name"] == "latency"
    assert life.refresh() == []


def test_what_a_check_no_longer_says_is_reset(workbench: Workbench) -> None:
    life = workbench.made(CHECK, **HTTPS, regions=["us-east-1", "eu-west-1", "sa-east-1"])
    life.update(**{key: value for key, value in HTTPS.items() if key != "resourcePath"})
    config = life.boto("route53").get_health_check(HealthCheckId=life.id)["HealthCheck"]["HealthCheckConfig"]
    assert "ResourcePath" not in config
    assert "Regions" not in config
    assert config["FullyQualifiedDomainName"] == "api.example.com"


def test_the_name_of_a_reference_is_in_the_callers_reference(workbench: Workbench) -> None:
    life = workbench.made(CHECK, **HTTPS, referenceName="api-healthz")
    check = life.boto("route53").get_health_check(HealthCheckId=life.id)["HealthCheck"]
    assert check["CallerReference"].startswith("api-healthz-")
    assert len(check["CallerReference"]) <= 64
