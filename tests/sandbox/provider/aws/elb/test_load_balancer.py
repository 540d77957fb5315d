"""Load balancers against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def given(life: Life, **more: Any) -> dict[str, Any]:
    subnets = [subnet["SubnetId"] for subnet in life.boto("ec2").describe_subnets()["Subnets"]]
    return {"name": "front", "subnets": subnets[:2], "idleTimeout": 120, "dropInvalidHeaderFields": True} | more


def kept(life: Life) -> dict[str, str]:
    found = life.boto("elbv2").describe_load_balancer_attributes(LoadBalancerArn=life.id)["Attributes"]
    return {item["Key"]: item["Value"] for item in found}


def live(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("elbv2").describe_load_balancers(LoadBalancerArns=[life.id])["LoadBalancers"][0]
    return found


def test_a_load_balancer_lives_as_declared(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = workbench.life(BALANCER)
    logs = {"bucket": "logs", "prefix": "front", "enabled": True}
    made = life.create(**given(life), enableDeletionProtection=True, accessLogs=logs, tags={"owner": "edge"})
    attributes = kept(life)
    assert (attributes["idle_timeout.timeout_seconds"], attributes["routing.http.drop_invalid_header_fields.enabled"]) == ("120", "true")
    assert (attributes["access_logs.s3.bucket"], attributes["deletion_protection.enabled"]) == ("logs", "true")
    assert made["arnSuffix"] == made["arn"].split(":loadbalancer/")[1]
    assert (made["zoneId"], made["dnsName"]) == ("Z32O12XQLNTSW2", live(life)["DNSName"])
    assert life.refresh() == []

    with pytest.raises(Exception, match="deletion protection"):
        life.delete()
    subnets = [subnet["SubnetId"] for subnet in life.boto("ec2").describe_subnets()["Subnets"]]
    life.update(**given(life, subnets=subnets[:3], idleTimeout=60), tags={"owner": "platform"})
    attributes = kept(life)
    assert (attributes["idle_timeout.timeout_seconds"], attributes["access_logs.s3.enabled"]) == ("60", "false")
    assert {zone["SubnetId"] for zone in live(life)["AvailabilityZones"]} == set(subnets[:3])
    found = life.boto("elbv2").describe_tags(ResourceArns=[life.id])["TagDescriptions"][0]["Tags"]
    assert found == [{"Key": "owner", "Value": "platform"}]
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_the_teardown_lifts_the_protection(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = workbench.life(BALANCER)
    life.create(**given(life), enableDeletionProtection=True)
    monkeypatch.setenv("SANDBOX_TEARDOWN", "1")
    life.delete()
    assert life.gone()


def test_the_hosted_zone_is_that_of_region_and_type(workbench: Workbench) -> None:
    life = workbench.life(BALANCER, region="sa-east-1")
    life.create(**given(life))
    assert life.outputs["zoneId"] == "Z2P70J7HTTTPLU"
    network = workbench.life(BALANCER, region="us-east-1", name="network")
    subnets = given(network)["subnets"]
    network.create(name="inside", loadBalancerType="network", internal=True, subnets=subnets)
    assert network.outputs["zoneId"] == "Z26RNL4JYFTOTI"
    assert live(network)["Scheme"] == "internal"
    assert network.refresh() == []


def test_switched_off_logs_show_on_refresh(workbench: Workbench) -> None:
    life = workbench.life(BALANCER)
    life.create(**given(life), accessLogs={"bucket": "logs", "enabled": True})
    off = [
        {"Key": "access_logs.s3.enabled", "Value": "false"},
        {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "false"},
    ]
    life.boto("elbv2").modify_load_balancer_attributes(LoadBalancerArn=life.id, Attributes=off)
    assert {change.path for change in life.refresh()} == {"accessLogs.enabled", "dropInvalidHeaderFields"}


def test_a_load_balancer_can_be_imported(workbench: Workbench) -> None:
    life = workbench.life(BALANCER)
    life.create(**given(life), tags={"owner": "edge"})
    inputs, outputs = life.imported()
    assert (inputs["idleTimeout"], inputs["loadBalancerType"], inputs["tags"]) == (120, "application", {"owner": "edge"})
    assert outputs["dnsName"] == life.outputs["dnsName"]


@pytest.mark.parametrize(("path", "value"), [("name", "other"), ("internal", True), ("loadBalancerType", "network")])
def test_what_cannot_change_replaces(workbench: Workbench, path: str, value: Any) -> None:
    life = workbench.life(BALANCER)
    life.create(**given(life))
    assert life.replaced_by(**given(life, **{path: value})) == {path}


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"name": "internal-front"}, "name"),
        ({"name": "a" * 33}, "name"),
        ({"subnets": None}, "subnets"),
        ({"subnets": ["subnet-1"]}, "subnets"),
        ({"loadBalancerType": "classic"}, "loadBalancerType"),
        ({"ipAddressType": "ipv5"}, "ipAddressType"),
    ],
)
def test_what_load_balancing_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    life = workbench.life(BALANCER)
    with pytest.raises(InvalidInputs) as refused:
        life.check(**given(life) | wrong)
    assert path in {failure.path for failure in refused.value.failures}
