"""Auto Scaling of groups that something else owns, such as EKS: when, and by which policy, they grow and shrink."""

from __future__ import annotations

from typing import Any

from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN, Properties, known

_SCHEDULE = Translation("autoscaling", "PutScheduledUpdateGroupAction")
_POLICY = Translation("autoscaling", "PutScalingPolicy", names={"name": "PolicyName", "metricDimensions": "Dimensions"})
_SIZES = ("minSize", "maxSize", "desiredCapacity")
_UNCHANGED = -1
"""What the real provider takes for a size that the action leaves alone; one that is not given becomes 0."""


class Schedule(Handler):
    """A change of a group's sizes at a time, once or again and again."""

    token = "aws:autoscaling/schedule:Schedule"
    create_only = frozenset({"autoscalingGroupName", "scheduledActionName"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        sizes = {key: inputs[key] for key in _SIZES if inputs.get(key, UNKNOWN) is not UNKNOWN and inputs[key] != _UNCHANGED}
        least, most = sizes.get("minSize", 0), sizes.get("maxSize")
        if most is not None and least > most:
            return [Failure("minSize", f"must be at most maxSize ({most}; got {least})")]
        if all(inputs.get(key, UNKNOWN) == _UNCHANGED for key in _SIZES):
            return [Failure("minSize", "an action needs at least one of minSize, maxSize and desiredCapacity to change")]
        if "recurrence" not in inputs and "startTime" not in inputs:
            return [Failure("recurrence", "an action needs a recurrence or a startTime")]
        return _SCHEDULE.failures(_sent(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        return inputs["scheduledActionName"], self._put(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        group = state.get("autoscalingGroupName")
        live = self._live(call, group, state.get("scheduledActionName", resource_id))
        if live is None:
            return None
        found = _SCHEDULE.properties(self.token, live)
        return dict.fromkeys(_SIZES, _UNCHANGED) | found | {"arn": live["ScheduledActionARN"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        return self._put(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        group, name = state["autoscalingGroupName"], state["scheduledActionName"]
        if self._live(call, group, name):
            call.client("autoscaling").delete_scheduled_action(AutoScalingGroupName=group, ScheduledActionName=name)

    def _put(self, call: Call, inputs: Properties) -> Properties:
        call.client("autoscaling").put_scheduled_update_group_action(**_SCHEDULE.request(_sent(inputs)))
        live = self._live(call, inputs["autoscalingGroupName"], inputs["scheduledActionName"]) or {}
        sizes = {key: 0 for key in _SIZES if key not in inputs}
        return with_blanks(self.token, inputs, sizes | {"arn": live["ScheduledActionARN"]})

    def _live(self, call: Call, group: str | None, name: str) -> dict[str, Any] | None:
        of = {"AutoScalingGroupName": group} if group else {}
        found = call.client("autoscaling").describe_scheduled_actions(**of, ScheduledActionNames=[name])["ScheduledUpdateGroupActions"]
        return found[0] if found else None


class Policy(Handler):
    """How a group follows a metric, in steps, towards a target, or ahead of what is predicted."""

    token = "aws:autoscaling/policy:Policy"
    create_only = frozenset({"autoscalingGroupName", "name"})
    defaults = {"enabled": True, "policyType": "SimpleScaling"}
    unordered = frozenset({"stepAdjustments"})
    autoname = "name"
    autoname_limit = 255

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        own = {"PredictiveScaling": "predictiveScalingConfiguration", "TargetTrackingScaling": "targetTrackingConfiguration"}
        needed = own.get(inputs["policyType"]) if isinstance(inputs["policyType"], str) else None
        if needed and needed not in inputs:
            return [Failure(needed, f"a policy of type {inputs['policyType']} needs it")]
        return _POLICY.failures(inputs) if known(inputs) else []

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"metricAggregationType": inputs.get("metricAggregationType", "")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        return inputs["name"], self._put(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        of = {"AutoScalingGroupName": state["autoscalingGroupName"]} if "autoscalingGroupName" in state else {}
        found = call.client("autoscaling").describe_policies(**of, PolicyNames=[resource_id])["ScalingPolicies"]
        if not found:
            return None
        return _POLICY.properties(self.token, found[0]) | {"arn": found[0]["PolicyARN"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        return self._put(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        group = state["autoscalingGroupName"]
        call.client("autoscaling").delete_policy(AutoScalingGroupName=group, PolicyName=resource_id)

    def _put(self, call: Call, inputs: Properties) -> Properties:
        arn = call.client("autoscaling").put_scaling_policy(**_POLICY.request(inputs))["PolicyARN"]
        return with_blanks(self.token, inputs, {"arn": arn})


def _sent(inputs: Properties) -> Properties:
    """The sizes that the real provider sends: 0 for one that is not given, nothing for -1."""
    sizes = {key: inputs.get(key, 0) for key in _SIZES}
    changed = {key: size for key, size in sizes.items() if size != _UNCHANGED}
    return {key: value for key, value in inputs.items() if key not in _SIZES} | changed
