"""CodeDeploy: applications, how fast calls move to a new version, and which alarms stop that. No deployment is run here."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties, known

_APPLICATION = Translation("codedeploy", "CreateApplication", names={"name": "applicationName"})
_PARTS = {"TimeBasedCanary": "timeBasedCanary", "TimeBasedLinear": "timeBasedLinear"}


class Application(Handler):
    """What is deployed, as CodeDeploy names it."""

    token = "aws:codedeploy/application:Application"
    create_only = frozenset({"computePlatform", "name"})
    defaults = {"computePlatform": "Server"}
    autoname = "name"
    autoname_limit = 100

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _APPLICATION.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        arn = {"arn": call.arn("codedeploy", f"application:{inputs['name']}")} if known(inputs["name"]) else {}
        return arn | {"githubAccountName": "", "linkedToGithub": False}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("codedeploy").create_application(**_APPLICATION.request(inputs), **tagging.parameter(inputs["tagsAll"], "tags"))
        identity = made["applicationId"]
        return f"{identity}:{inputs['name']}", {**self.preview(call, inputs), "applicationId": identity}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        codedeploy, name = call.client("codedeploy"), resource_id.rpartition(":")[2]
        live = codedeploy.get_application(applicationName=name)["application"]
        computed = self.preview(call, {"name": name})
        return {
            **computed,
            "name": name,
            "applicationId": live["applicationId"],
            "computePlatform": live["computePlatform"],
            "tags": tagging.mapping(codedeploy.list_tags_for_resource(ResourceArn=computed["arn"])["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        tagging.retag(call.client("codedeploy"), old["arn"], old, new)
        return self.preview(call, new) | {"applicationId": old["applicationId"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("codedeploy").delete_application(applicationName=state["name"])


_CONFIG = Translation(
    "codedeploy",
    "CreateDeploymentConfig",
    names={
        "TimeBasedCanary.interval": "canaryInterval",
        "TimeBasedCanary.percentage": "canaryPercentage",
        "TimeBasedLinear.interval": "linearInterval",
        "TimeBasedLinear.percentage": "linearPercentage",
    },
)


class DeploymentConfig(Handler):
    """How calls move to a new version: in two steps, or in equal ones."""

    token = "aws:codedeploy/deploymentConfig:DeploymentConfig"
    create_only = frozenset({"computePlatform", "deploymentConfigName", "minimumHealthyHosts", "trafficRoutingConfig", "zonalConfig"})
    defaults = {"computePlatform": "Server"}
    autoname = "deploymentConfigName"
    autoname_limit = 100

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = _CONFIG.failures(inputs)
        platform, routing = inputs["computePlatform"], inputs.get("trafficRoutingConfig")
        if platform == "Lambda" and routing is None:
            found.append(Failure("trafficRoutingConfig", "needed by the platform Lambda, which has no hosts to keep healthy"))
        if isinstance(routing, dict) and known(routing):
            wanted = _PARTS.get(routing.get("type", ""))
            given = [part for part in _PARTS.values() if part in routing]
            if given != ([wanted] if wanted else []):
                reason = f"type {routing.get('type')} goes with {wanted or 'no part'} (got {', '.join(given) or 'none'})"
                found.append(Failure("trafficRoutingConfig.type", reason))
        return found

    def preview(self, call: Call, inputs: Properties) -> Properties:
        name = inputs["deploymentConfigName"]
        return {"arn": call.arn("codedeploy", f"deploymentconfig:{name}")} if known(name) else {}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("codedeploy").create_deployment_config(**_CONFIG.request(inputs))
        return inputs["deploymentConfigName"], {**self.preview(call, inputs), "deploymentConfigId": made["deploymentConfigId"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("codedeploy").get_deployment_config(deploymentConfigName=resource_id)["deploymentConfigInfo"]
        found = _CONFIG.properties(self.token, live)
        routing = aligned(state.get("trafficRoutingConfig", {}), found.pop("trafficRoutingConfig", {}))
        shown = {"trafficRoutingConfig": routing} if routing else {}
        return (
            found | shown | self.preview(call, {"deploymentConfigName": resource_id}) | {"deploymentConfigId": live["deploymentConfigId"]}
        )

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("codedeploy").delete_deployment_config(deploymentConfigName=resource_id)


_NAMES = {
    "appName": "applicationName",
    "blueGreenDeploymentConfig": "blueGreenDeploymentConfiguration",
}
_APART = frozenset({"ec2TagSets"})
_GROUP = Translation("codedeploy", "CreateDeploymentGroup", names=_NAMES, apart=_APART)
_CHANGED = Translation(
    "codedeploy", "UpdateDeploymentGroup", names=_NAMES | {"deploymentGroupName": "currentDeploymentGroupName"}, apart=_APART
)
_OBJECTS = ("alarmConfiguration", "autoRollbackConfiguration", "blueGreenDeploymentConfig", "deploymentStyle", "loadBalancerInfo")
_LISTS = ("autoscalingGroups", "ec2TagFilters", "onPremisesInstanceTagFilters", "triggerConfigurations")


class DeploymentGroup(Handler):
    """Where an application is deployed, which alarms stop a deployment, and when it is taken back."""

    token = "aws:codedeploy/deploymentGroup:DeploymentGroup"
    create_only = frozenset({"appName", "deploymentGroupName"})
    defaults = {"deploymentConfigName": "CodeDeployDefault.OneAtATime", "outdatedInstancesStrategy": "UPDATE"}
    unordered = frozenset({"autoscalingGroups", "triggerConfigurations"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = [Failure("ec2TagSets", "the emulated cloud holds no sets of tags: give ec2TagFilters")] if "ec2TagSets" in inputs else []
        rollback, alarms = inputs.get("autoRollbackConfiguration"), inputs.get("alarmConfiguration")
        if isinstance(rollback, dict) and rollback.get("enabled") is True and not rollback.get("events"):
            found.append(Failure("autoRollbackConfiguration.events", "a rollback that is enabled needs at least one event"))
        if isinstance(alarms, dict) and known(alarms) and len(alarms.get("alarms", [])) > 10:
            found.append(Failure("alarmConfiguration.alarms", f"CodeDeploy takes 10 (got {len(alarms['alarms'])})"))
        return found or _GROUP.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        if not known(inputs["appName"], inputs["deploymentGroupName"]):
            return {}
        return {"arn": call.arn("codedeploy", f"deploymentgroup:{inputs['appName']}/{inputs['deploymentGroupName']}")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        codedeploy = call.client("codedeploy")
        codedeploy.create_deployment_group(**_GROUP.request(inputs), **tagging.parameter(inputs["tagsAll"], "tags"))
        live = self._live(codedeploy, inputs["appName"], inputs["deploymentGroupName"])
        return live["deploymentGroupId"], self._outputs(call, inputs, live)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        # An import is told as application and group with a colon between them.
        application, _, group = resource_id.partition(":")
        application, group = state.get("appName", application), state.get("deploymentGroupName", group)
        codedeploy = call.client("codedeploy")
        live = self._live(codedeploy, application, group)
        found = _GROUP.properties(self.token, live)
        for key in _OBJECTS:
            found[key] = aligned(state.get(key, {}), found.get(key) or {})
            if not any((found[key] or {}).values()) and key not in state:
                del found[key]
        for key in _LISTS:
            if not found.get(key) and key not in state:
                found.pop(key, None)
        outputs = self._outputs(call, {**found, "appName": application, "deploymentGroupName": group}, live)
        tags = tagging.mapping(codedeploy.list_tags_for_resource(ResourceArn=outputs["arn"])["Tags"])
        return found | outputs | {"appName": application, "deploymentGroupName": group, "tags": tags}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        codedeploy = call.client("codedeploy")
        resets: Properties = {
            "alarmConfiguration": {"alarms": [], "enabled": False},
            "autoRollbackConfiguration": {"enabled": False, "events": []},
            "triggerConfigurations": [],
        }
        codedeploy.update_deployment_group(**resets | _CHANGED.request(new))
        tagging.retag(codedeploy, old["arn"], old, new)
        return self._outputs(call, new, self._live(codedeploy, new["appName"], new["deploymentGroupName"]))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        name = {"applicationName": state["appName"], "deploymentGroupName": state["deploymentGroupName"]}
        call.client("codedeploy").delete_deployment_group(**name)

    def _live(self, codedeploy: Any, application: str, group: str) -> Properties:
        found: Properties = codedeploy.get_deployment_group(applicationName=application, deploymentGroupName=group)["deploymentGroupInfo"]
        return found

    def _outputs(self, call: Call, inputs: Properties, live: Properties) -> Properties:
        ids = {"deploymentGroupId": live["deploymentGroupId"], "computePlatform": live["computePlatform"]}
        return with_blanks(self.token, inputs, self.preview(call, inputs) | ids)
