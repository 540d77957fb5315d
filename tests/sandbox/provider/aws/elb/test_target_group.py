"""Target groups against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

GROUP = "aws:lb/targetGroup:TargetGroup"
HEALTH = {"path": "/healthz", "interval": 15, "timeout": 5, "healthyThreshold": 2, "unhealthyThreshold": 3, "matcher": "200-299"}


def given(life: Life, **more: Any) -> dict[str, Any]:
    vpc = life.boto("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    shared = {"name": "hooks", "port": 5678, "protocol": "HTTP", "targetType": "ip", "vpcId": vpc, "healthCheck": HEALTH}
    return shared | more


def live(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("elbv2").describe_target_groups(TargetGroupArns=[life.id])["TargetGroups"][0]
    return found


def kept(life: Life) -> dict[str, str]:
    found = life.boto("elbv2").describe_target_group_attributes(TargetGroupArn=life.id)["Attributes"]
    return {item["Key"]: item["Value"] for item in found}


def test_a_target_group_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(GROUP)
    sticky = {"type": "lb_cookie", "cookieDuration": 3600, "enabled": True}
    made = life.create(**given(life), deregistrationDelay=30, stickiness=sticky, tags={"owner": "edge"})
    found = live(life)
    assert (found["HealthCheckPath"], found["HealthCheckIntervalSeconds"], found["Matcher"]) == ("/healthz", 15, {"HttpCode": "200-299"})
    assert kept(life)["deregistration_delay.timeout_seconds"] == "30"
    assert kept(life)["stickiness.lb_cookie.duration_seconds"] == "3600"
    assert made["arnSuffix"].startswith("targetgroup/hooks/")
    assert life.refresh() == []

    life.update(
        **given(life, healthCheck=HEALTH | {"path": "/ready", "matcher": "200"}), deregistrationDelay=60, tags={"owner": "platform"}
    )
    found = live(life)
    assert (found["HealthCheckPath"], found["Matcher"]) == ("/ready", {"HttpCode": "200"})
    assert kept(life)["deregistration_delay.timeout_seconds"] == "60"
    tags = life.boto("elbv2").describe_tags(ResourceArns=[life.id])["TagDescriptions"][0]["Tags"]
    assert tags == [{"Key": "owner", "Value": "platform"}]
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_a_target_group_without_a_health_check_has_the_services_own(workbench: Workbench) -> None:
    life = workbench.life(GROUP)
    life.create(**{key: value for key, value in given(life).items() if key != "healthCheck"})
    assert life.outputs["healthCheck"]["path"] == "/"
    assert life.refresh() == []


def test_a_health_check_changed_by_hand_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.life(GROUP)
    life.create(**given(life))
    life.boto("elbv2").modify_target_group(TargetGroupArn=life.id, HealthCheckPath="/other")
    assert [change.path for change in life.refresh()] == ["healthCheck.path"]


def test_a_target_group_can_be_imported(workbench: Workbench) -> None:
    life = workbench.life(GROUP)
    life.create(**given(life))
    inputs, outputs = life.imported()
    assert (inputs["port"], inputs["protocol"], inputs["targetType"]) == (5678, "HTTP", "ip")
    assert outputs["arn"] == life.outputs["arn"]


def test_lambda_targets_need_neither_port_nor_network(workbench: Workbench) -> None:
    life = workbench.made(GROUP, name="function", targetType="lambda")
    assert live(life)["TargetType"] == "lambda"
    assert life.refresh() == []


@pytest.mark.parametrize(("path", "value"), [("port", 80), ("protocol", "HTTPS"), ("targetType", "instance"), ("name", "other")])
def test_what_cannot_change_replaces(workbench: Workbench, path: str, value: Any) -> None:
    life = workbench.life(GROUP)
    life.create(**given(life))
    assert life.replaced_by(**given(life, **{path: value})) == {path}


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"port": None}, "port"),
        ({"protocol": "GOPHER"}, "protocol"),
        ({"targetType": "pod"}, "targetType"),
        ({"healthCheck": {"interval": 1}}, "healthCheckIntervalSeconds"),
    ],
)
def test_what_load_balancing_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    life = workbench.life(GROUP)
    with pytest.raises(InvalidInputs) as refused:
        life.check(**given(life) | wrong)
    assert path in {failure.path for failure in refused.value.failures}
