"""CodeDeploy: configurations of traffic, changes and ends of groups, their alarms, and deployments that can be stopped."""

from __future__ import annotations

import uuid
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept, now, refused

_GIVEN_BY_AWS = "CodeDeployDefault."
_CHANGING = {
    "alarmConfiguration": "alarm_configuration",
    "autoRollbackConfiguration": "auto_rollback_configuration",
    "autoScalingGroups": "auto_scaling_groups",
    "blueGreenDeploymentConfiguration": "blue_green_deployment_configuration",
    "deploymentConfigName": "deployment_config_name",
    "deploymentStyle": "deployment_style",
    "ec2TagFilters": "ec2_tag_filters",
    "loadBalancerInfo": "load_balancer_info",
    "onPremisesInstanceTagFilters": "on_premises_instance_tag_filters",
    "outdatedInstancesStrategy": "outdated_instances_strategy",
    "serviceRoleArn": "service_role_arn",
    "terminationHookEnabled": "termination_hook_enabled",
    "triggerConfigurations": "trigger_configurations",
}
_LAMBDA_STYLE = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
_ENDED = ("Failed", "Stopped", "Succeeded")


def install() -> None:
    """Adds it to moto."""
    from moto.codedeploy import responses

    kind = responses.CodeDeployResponse
    responses._deployment_group_info = _with_alarms(responses._deployment_group_info)
    kind.create_deployment_group = _checked(kind.create_deployment_group)
    kind.create_deployment_config = _create_config
    kind.get_deployment_config = _get_config
    kind.delete_deployment_config = _delete_config
    kind.update_deployment_group = _update_group
    kind.delete_deployment_group = _delete_group
    kind.delete_application = _delete_application
    kind.stop_deployment = _stop


def _with_alarms(original: Any) -> Any:
    @wraps(original)
    def info(group: Any) -> Any:
        return original(group) | {"alarmConfiguration": group.alarm_configuration or {}}

    return info


def _checked(original: Any) -> Any:
    @wraps(original)
    def create_deployment_group(self: Any) -> Any:
        application = self.codedeploy_backend.get_application(self._get_param("applicationName"))
        _check_config(self, application.compute_platform, self._get_param("deploymentConfigName"))
        if application.compute_platform == "Lambda" and self._get_param("deploymentStyle") != _LAMBDA_STYLE:
            wanted = "deployment type BLUE_GREEN with option WITH_TRAFFIC_CONTROL"
            raise refused("InvalidDeploymentStyleException", f"A deployment group of the Lambda platform needs {wanted}")
        return original(self)

    return create_deployment_group


def _configs(response: Any) -> dict[str, Any]:
    return kept(response.codedeploy_backend, "deployment_configs")


def _check_config(response: Any, platform: str, name: str | None) -> None:
    if not name or name.startswith(_GIVEN_BY_AWS):
        return
    found = _named_config(response, name)
    if found["computePlatform"] != platform:
        message = f"Deployment config {name} is of the platform {found['computePlatform']}, the application of {platform}"
        raise refused("InvalidComputePlatformException", message)


def _named_config(response: Any, name: str) -> dict[str, Any]:
    if name not in _configs(response):
        raise refused("DeploymentConfigDoesNotExistException", f"No deployment configuration found with the name {name}")
    found: dict[str, Any] = _configs(response)[name]
    return found


def _create_config(self: Any) -> Any:
    from moto.core.responses import ActionResult

    name = self._get_param("deploymentConfigName")
    if name in _configs(self) or name.startswith(_GIVEN_BY_AWS):
        raise refused("DeploymentConfigAlreadyExistsException", f"Deployment configuration {name} already exists")
    made = {"deploymentConfigId": str(uuid.uuid4()), "deploymentConfigName": name, "createTime": now()}
    for key in ("minimumHealthyHosts", "trafficRoutingConfig", "zonalConfig"):
        if self._get_param(key):
            made[key] = self._get_param(key)
    made["computePlatform"] = self._get_param("computePlatform") or "Server"
    _configs(self)[name] = made
    return ActionResult({"deploymentConfigId": made["deploymentConfigId"]})


def _get_config(self: Any) -> Any:
    from moto.core.responses import ActionResult

    return ActionResult({"deploymentConfigInfo": _named_config(self, self._get_param("deploymentConfigName"))})


def _delete_config(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    name = self._get_param("deploymentConfigName")
    _named_config(self, name)
    groups = self.codedeploy_backend.deployment_groups.values()
    if any(group.deployment_config_name == name for each in groups for group in each.values()):
        raise refused("DeploymentConfigInUseException", f"The deployment configuration {name} is in use")
    del _configs(self)[name]
    return EmptyResult()


def _update_group(self: Any) -> Any:
    from moto.core.responses import ActionResult

    group = _group(self, self._get_param("currentDeploymentGroupName"))
    _check_config(self, group.application.compute_platform, self._get_param("deploymentConfigName"))
    for key, attribute in _CHANGING.items():
        if self._get_param(key) is not None:
            setattr(group, attribute, self._get_param(key))
    return ActionResult({"hooksNotCleanedUp": []})


def _delete_group(self: Any) -> Any:
    from moto.core.responses import ActionResult

    name = self._get_param("deploymentGroupName")
    _group(self, name)
    del self.codedeploy_backend.deployment_groups[self._get_param("applicationName")][name]
    return ActionResult({"hooksNotCleanedUp": []})


def _delete_application(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    name, backend = self._get_param("applicationName"), self.codedeploy_backend
    backend.get_application(name)
    del backend.applications[name]
    backend.deployment_groups.pop(name, None)
    return EmptyResult()


def _stop(self: Any) -> Any:
    from moto.core.responses import ActionResult

    deployment = self.codedeploy_backend.get_deployment(self._get_param("deploymentId"))
    if deployment.status in _ENDED:
        raise refused("DeploymentAlreadyCompletedException", f"The deployment {deployment.deployment_id} has ended")
    deployment.status, deployment.complete_time = "Stopped", now()
    return ActionResult({"status": "Succeeded", "statusMessage": ""})


def _group(response: Any, name: str) -> Any:
    return response.codedeploy_backend.get_deployment_group(response._get_param("applicationName"), name)
