"""AWS Config: the recorder of a region, where it delivers, whether it runs, and the rules."""

from __future__ import annotations

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties

_RECORDER = Translation("config", "PutConfigurationRecorder", below="ConfigurationRecorder")
_CHANNEL = Translation(
    "config",
    "PutDeliveryChannel",
    below="DeliveryChannel",
    names={"snapshotDeliveryProperties": "configSnapshotDeliveryProperties"},
)
_RULE = Translation("config", "PutConfigRule", below="ConfigRule", names={"name": "ConfigRuleName"})
_RECORDED = {
    "recordingFrequency": "CONTINUOUS",
    "allSupported": True,
    "recordingStrategies": [{"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"}],
    "exclusionByResourceTypes": [{"resourceTypes": []}],
}
"""What Config fills in for a recorder."""


class Recorder(Handler):
    """What is recorded of a region, and as whom."""

    token = "aws:cfg/recorder:Recorder"
    create_only = frozenset({"name"})
    defaults = {"name": "default"}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _RECORDER.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "recordingGroup": inputs.get("recordingGroup", {"allSupported": True}),
            "recordingMode": inputs.get("recordingMode", {"recordingFrequency": "CONTINUOUS"}),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs)
        return inputs["name"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("config").describe_configuration_recorders(ConfigurationRecorderNames=[resource_id])
        live = _RECORDER.properties(self.token, found["ConfigurationRecorders"][0])
        if not state:
            return live
        return {name: aligned(state.get(name, {}), value, defaults=_RECORDED) if name != "name" else value for name, value in live.items()}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, new)
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("config").delete_configuration_recorder(ConfigurationRecorderName=resource_id)

    def _put(self, call: Call, inputs: Properties) -> None:
        call.client("config").put_configuration_recorder(ConfigurationRecorder=_RECORDER.request(inputs))


class RecorderStatus(Handler):
    """Whether a recorder runs."""

    token = "aws:cfg/recorderStatus:RecorderStatus"
    create_only = frozenset({"name"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._set(call, inputs["name"], inputs["isEnabled"])
        return inputs["name"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("config").describe_configuration_recorder_status(ConfigurationRecorderNames=[resource_id])
        return {"name": resource_id, "isEnabled": found["ConfigurationRecordersStatus"][0]["recording"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._set(call, resource_id, new["isEnabled"])
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        self._set(call, resource_id, False)

    def _set(self, call: Call, name: str, enabled: bool) -> None:
        config = call.client("config")
        if enabled:
            config.start_configuration_recorder(ConfigurationRecorderName=name)
        else:
            config.stop_configuration_recorder(ConfigurationRecorderName=name)


class DeliveryChannel(Handler):
    """The bucket that gets what is recorded."""

    token = "aws:cfg/deliveryChannel:DeliveryChannel"
    create_only = frozenset({"name"})
    defaults = {"name": "default"}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _CHANNEL.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs)
        return inputs["name"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("config").describe_delivery_channels(DeliveryChannelNames=[resource_id])["DeliveryChannels"][0]
        return _CHANNEL.properties(self.token, found)

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, new)
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("config").delete_delivery_channel(DeliveryChannelName=resource_id)

    def _put(self, call: Call, inputs: Properties) -> None:
        call.client("config").put_delivery_channel(DeliveryChannel=_CHANNEL.request(inputs))


class Rule(Handler):
    """A rule that resources are evaluated by."""

    token = "aws:cfg/rule:Rule"
    create_only = frozenset({"name"})
    documents = frozenset({"inputParameters"})
    autoname = "name"
    autoname_limit = 128

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _RULE.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"evaluationModes": inputs.get("evaluationModes", [{"mode": "DETECTIVE"}])}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        config = call.client("config")
        config.put_config_rule(ConfigRule=_RULE.request(inputs), **tagging.parameter(inputs.get("tagsAll") or {}))
        return inputs["name"], {**self.preview(call, inputs), **self._outputs(self._describe(call, inputs["name"]) or {})}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = self._describe(call, resource_id)
        if found is None:
            return None
        live = _RULE.properties(self.token, found)
        tags = call.client("config").list_tags_for_resource(ResourceArn=found["ConfigRuleArn"])["Tags"]
        aligning = {name: aligned(state[name], value) if name in state else value for name, value in live.items()}
        return {**aligning, **self._outputs(found), "tags": tagging.mapping(tags)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        config = call.client("config")
        config.put_config_rule(ConfigRule=_RULE.request(new))
        tagging.retag(config, old["arn"], old, new)
        return {**self.preview(call, new), "arn": old["arn"], "ruleId": old["ruleId"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("config").delete_config_rule(ConfigRuleName=resource_id)

    def _describe(self, call: Call, name: str) -> Properties | None:
        found: list[Properties] = call.client("config").describe_config_rules(ConfigRuleNames=[name])["ConfigRules"]
        return found[0] if found else None

    def _outputs(self, rule: Properties) -> Properties:
        return {"arn": rule["ConfigRuleArn"], "ruleId": rule["ConfigRuleId"]}
