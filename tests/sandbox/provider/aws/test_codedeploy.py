"""CodeDeploy for functions, against the emulated cloud."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

APPLICATION = "aws:codedeploy/application:Application"
CONFIG = "aws:codedeploy/deploymentConfig:DeploymentConfig"
GROUP = "aws:codedeploy/deploymentGroup:DeploymentGroup"
ROLE = "arn:aws:iam::123456789012:role/rollout"
CANARY = {"type": "TimeBasedCanary", "timeBasedCanary": {"percentage": 5, "interval": 15}}
PLACE: dict[str, Any] = {
    "appName": "scheduling",
    "deploymentGroupName": "bookings",
    "deploymentConfigName": "five-percent",
    "serviceRoleArn": ROLE,
    "deploymentStyle": {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
}
GUARDED: dict[str, Any] = {
    "alarmConfiguration": {"enabled": True, "alarms": ["bookings-errors", "bookings-throttles"]},
    "autoRollbackConfiguration": {"enabled": True, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]},
}


@pytest.fixture
def config(workbench: Workbench) -> Life:
    workbench.made(APPLICATION, name="scheduling", computePlatform="Lambda")
    return workbench.made(CONFIG, deploymentConfigName="five-percent", computePlatform="Lambda", trafficRoutingConfig=CANARY)


def test_an_application_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(APPLICATION, name="scheduling", computePlatform="Lambda", tags={"owner": "platform"})
    live = life.boto("codedeploy").get_application(applicationName="scheduling")["application"]
    assert (live["computePlatform"], life.outputs["applicationId"]) == ("Lambda", live["applicationId"])
    assert life.outputs["arn"] == "arn:aws:codedeploy:eu-west-1:123456789012:application:scheduling"
    assert life.refresh() == []
    life.update(name="scheduling", computePlatform="Lambda", tags={"owner": "security"})
    tags = life.boto("codedeploy").list_tags_for_resource(ResourceArn=life.outputs["arn"])["Tags"]
    assert tags == [{"Key": "owner", "Value": "security"}]
    assert life.replaced_by(name="scheduling", computePlatform="Server") == {"computePlatform"}
    life.delete()
    assert life.gone()


def test_a_configuration_has_two_steps_and_is_never_changed(workbench: Workbench, config: Life) -> None:
    live = config.boto("codedeploy").get_deployment_config(deploymentConfigName="five-percent")["deploymentConfigInfo"]
    routing = {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 5, "canaryInterval": 15}}
    assert (live["computePlatform"], live["trafficRoutingConfig"]) == ("Lambda", routing)
    assert config.refresh() == []
    other = {"type": "TimeBasedLinear", "timeBasedLinear": {"percentage": 25, "interval": 5}}
    replaced = config.replaced_by(deploymentConfigName="five-percent", computePlatform="Lambda", trafficRoutingConfig=other)
    assert {path.split(".")[0] for path in replaced} == {"trafficRoutingConfig"}
    linear = workbench.life(CONFIG, name="linear")
    linear.create(deploymentConfigName="linear", computePlatform="Lambda", trafficRoutingConfig=other)
    assert linear.refresh() == []
    config.delete()
    assert config.gone()


def test_a_group_keeps_its_alarms_and_goes_back_by_itself(workbench: Workbench, config: Life) -> None:
    life = workbench.made(GROUP, **PLACE, **GUARDED, tags={"owner": "platform"})

    def live() -> dict[str, Any]:
        codedeploy = life.boto("codedeploy")
        found: dict[str, Any] = codedeploy.get_deployment_group(applicationName="scheduling", deploymentGroupName="bookings")
        info: dict[str, Any] = found["deploymentGroupInfo"]
        return info

    assert live()["alarmConfiguration"] == {"enabled": True, "alarms": [{"name": "bookings-errors"}, {"name": "bookings-throttles"}]}
    assert live()["autoRollbackConfiguration"] == GUARDED["autoRollbackConfiguration"]
    assert (live()["deploymentConfigName"], life.outputs["computePlatform"]) == ("five-percent", "Lambda")
    assert life.refresh() == []
    life.update(**PLACE, alarmConfiguration={"enabled": True, "alarms": ["bookings-errors"]}, tags={"owner": "security"})
    assert live()["alarmConfiguration"]["alarms"] == [{"name": "bookings-errors"}]
    assert live()["autoRollbackConfiguration"]["enabled"] is False
    assert life.refresh() == []
    life.boto("codedeploy").update_deployment_group(
        applicationName="scheduling", currentDeploymentGroupName="bookings", alarmConfiguration={"enabled": False, "alarms": []}
    )
    assert {change.path.split(".")[0] for change in life.refresh()} == {"alarmConfiguration"}
    life.delete()
    assert life.gone()


def test_what_codedeploy_refuses_of_functions_is_refused(workbench: Workbench, config: Life) -> None:
    with pytest.raises(Exception, match="needs deployment type BLUE_GREEN with option WITH_TRAFFIC_CONTROL"):
        workbench.made(GROUP, **{key: value for key, value in PLACE.items() if key != "deploymentStyle"})
    with pytest.raises(Exception, match="No deployment configuration found with the name ten-percent"):
        workbench.made(GROUP, **PLACE | {"deploymentConfigName": "ten-percent"}, logical="ten")
    life = workbench.life(CONFIG, name="wrong")
    with pytest.raises(InvalidInputs, match="type TimeBasedLinear goes with timeBasedLinear"):
        life.check(deploymentConfigName="a", computePlatform="Lambda", trafficRoutingConfig={**CANARY, "type": "TimeBasedLinear"})
    with pytest.raises(InvalidInputs, match="needed by the platform Lambda"):
        life.check(deploymentConfigName="a", computePlatform="Lambda")
    group = workbench.life(GROUP, name="group")
    with pytest.raises(InvalidInputs, match="at least one event"):
        group.check(**PLACE, autoRollbackConfiguration={"enabled": True})
    with pytest.raises(InvalidInputs, match=r"CodeDeploy takes 10 \(got 11\)"):
        group.check(**PLACE, alarmConfiguration={"enabled": True, "alarms": [f"alarm-{number}" for number in range(11)]})
