"""CloudWatch's views over several things: dashboards, and alarms on alarms."""

from __future__ import annotations

import json

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties, known


class Dashboard(Handler):
    """A page of graphs."""

    token = "aws:cloudwatch/dashboard:Dashboard"
    create_only = frozenset({"dashboardName"})
    documents = frozenset({"dashboardBody"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        body = inputs["dashboardBody"]
        if known(body) and (reason := _refused(body)):
            return [Failure("dashboardBody", reason)]
        return refusals("cloudwatch", "PutDashboard", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        name = inputs["dashboardName"]
        return {"dashboardArn": call.arn("cloudwatch", f"dashboard/{name}", region="")} if known(name) else {}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("cloudwatch").put_dashboard(**self._request(inputs))
        return inputs["dashboardName"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("cloudwatch").get_dashboard(DashboardName=resource_id)
        return {"dashboardName": resource_id, "dashboardBody": live["DashboardBody"], **self.preview(call, {"dashboardName": resource_id})}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("cloudwatch").put_dashboard(**self._request(new))
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("cloudwatch").delete_dashboards(DashboardNames=[resource_id])

    def _request(self, inputs: Properties) -> Properties:
        return {"DashboardName": inputs["dashboardName"], "DashboardBody": inputs["dashboardBody"]}


def _refused(body: str) -> str:
    """Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"""
    try:
        parsed = json.loads(body)
    except ValueError as error:
        return f"must be JSON ({error})"
    widgets = parsed.get("widgets") if isinstance(parsed, dict) else None
    if not isinstance(widgets, list) or len(widgets) > 500:
        return "must be an object with widgets, a list of at most 500"
    for position, widget in enumerate(widgets):
        if not isinstance(widget, dict) or "type" not in widget or not isinstance(widget.get("properties"), dict):
            return f"widgets[{position}] must be an object with type and properties"
        if widget.get("x", 0) + widget.get("width", 6) > 24:
            return f"widgets[{position}] reaches beyond the 24 columns"
    return ""


_SETS = ("alarmActions", "okActions", "insufficientDataActions")
_COMPOSITE = Translation("cloudwatch", "PutCompositeAlarm", apart=frozenset({"actionsSuppressor"}))
_SUPPRESSOR = {
    "alarm": "ActionsSuppressor",
    "extensionPeriod": "ActionsSuppressorExtensionPeriod",
    "waitPeriod": "ActionsSuppressorWaitPeriod",
}


class CompositeAlarm(Handler):
    """An alarm that rings by the state of others."""

    token = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
    create_only = frozenset({"alarmName", "actionsEnabled"})
    unordered = frozenset(_SETS)
    defaults = {"actionsEnabled": True}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = [
            Failure(key, f"at most 5 actions are allowed (got {len(inputs[key])})")
            for key in _SETS
            if isinstance(inputs.get(key), list) and len(inputs[key]) > 5
        ]
        return found or refusals("cloudwatch", "PutCompositeAlarm", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        name = inputs["alarmName"]
        return {"arn": call.arn("cloudwatch", f"alarm:{name}")} if known(name) else {}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("cloudwatch").put_composite_alarm(**self._request(inputs), **tagging.parameter(inputs["tagsAll"]))
        return inputs["alarmName"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        cloudwatch = call.client("cloudwatch")
        alarms = cloudwatch.describe_alarms(AlarmNames=[resource_id], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
        if not alarms:
            return None
        [live] = alarms
        suppressor = {key: live[member] for key, member in _SUPPRESSOR.items() if live.get(member) is not None}
        return {
            **{key: [] for key in _SETS},
            "alarmDescription": "",
            **_COMPOSITE.properties(self.token, live),
            **({"actionsSuppressor": suppressor} if suppressor else {}),
            **self.preview(call, {"alarmName": resource_id}),
            "tags": tagging.mapping(cloudwatch.list_tags_for_resource(ResourceARN=live["AlarmArn"])["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cloudwatch = call.client("cloudwatch")
        cloudwatch.put_composite_alarm(**self._request(new))
        tagging.retag(cloudwatch, old["arn"], old, new)
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("cloudwatch").delete_alarms(AlarmNames=[resource_id])

    def _request(self, inputs: Properties) -> Properties:
        given = inputs.get("actionsSuppressor") or {}
        suppressor = {member: given[key] for key, member in _SUPPRESSOR.items() if key in given} if known(given) else {}
        return _COMPOSITE.request(inputs) | suppressor
