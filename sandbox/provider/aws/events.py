"""EventBridge: rules of an event bus, and what they set in motion."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sandbox.provider import naming, tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import UNKNOWN, Properties, known

_BUS = "default"
_CONDITIONS = {"anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"}
"""Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html"""


class EventRule(Handler):
    """Which events, or which times, a bus acts on."""

    token = "aws:cloudwatch/eventRule:EventRule"
    create_only = frozenset({"name", "namePrefix", "eventBusName"})
    documents = frozenset({"eventPattern"})
    defaults = {"eventBusName": _BUS, "forceDestroy": False}
    autoname = "name"
    autoname_limit = 64

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        if not {"eventPattern", "scheduleExpression"} & inputs.keys():
            return [Failure("eventPattern", "a rule needs eventPattern, scheduleExpression or both")]
        pattern = inputs.get("eventPattern")
        if pattern is not None and known(pattern) and (reason := next(_refused(pattern), None)):
            return [Failure("eventPattern", reason)]
        return refusals("events", "PutRule", self._request(inputs, naming.predicted(inputs)))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        bus = "" if inputs.get("eventBusName", _BUS) == _BUS else f"{inputs['eventBusName']}/"
        return {"arn": call.arn("events", f"rule/{bus}{naming.predicted(inputs)}"), "namePrefix": inputs.get("namePrefix", "")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        name = naming.chosen(call, inputs)
        call.client("events").put_rule(**self._request(inputs, name), **tagging.parameter(inputs["tagsAll"]))
        bus = inputs["eventBusName"]
        return name if bus == _BUS else f"{bus}/{name}", {**self.preview(call, {**inputs, "name": name}), "name": name}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        bus, _, name = resource_id.rpartition("/")
        events = call.client("events")
        live = events.describe_rule(Name=name, EventBusName=bus or _BUS)
        found = {
            **parameters(live, description="Description", eventPattern="EventPattern", roleArn="RoleArn"),
            **parameters(live, scheduleExpression="ScheduleExpression"),
        }
        switch = {"isEnabled": live["State"] == "ENABLED"} if "isEnabled" in state else {"state": live["State"]}
        return {
            "description": "",
            "forceDestroy": state.get("forceDestroy", False),
            **found,
            **switch,
            "arn": live["Arn"],
            "name": name,
            "namePrefix": state.get("namePrefix", ""),
            "eventBusName": bus or _BUS,
            "tags": tagging.mapping(events.list_tags_for_resource(ResourceARN=live["Arn"])["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        events, name = call.client("events"), old["name"]
        events.put_rule(**self._request(new, name))
        tagging.retag(events, old["arn"], old, new)
        return {**self.preview(call, {**new, "name": name}), "name": name}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        events, place = call.client("events"), {"Rule": state["name"], "EventBusName": state["eventBusName"]}
        if state.get("forceDestroy") or call.teardown:
            targets = [each["Id"] for each in events.list_targets_by_rule(**place)["Targets"]]
            if targets:
                events.remove_targets(Ids=targets, **place)
        events.delete_rule(Name=state["name"], EventBusName=state["eventBusName"])

    def _request(self, inputs: Properties, name: str) -> Properties:
        request = parameters(
            inputs,
            Description="description",
            EventBusName="eventBusName",
            EventPattern="eventPattern",
            RoleArn="roleArn",
            ScheduleExpression="scheduleExpression",
            State="state",
        )
        if "isEnabled" in inputs and inputs["isEnabled"] is False:
            request["State"] = "DISABLED"
        return {"Name": name, "State": "ENABLED", **request}


def _refused(pattern: str) -> Iterator[str]:
    try:
        parsed = json.loads(pattern)
    except ValueError as error:
        yield f"must be JSON ({error})"
        return
    if not isinstance(parsed, dict) or not parsed:
        yield "must be an object that names at least one field"
        return
    yield from _within(parsed, "")


def _within(pattern: Properties, path: str) -> Iterator[str]:
    for key, value in pattern.items():
        where = f"{path}{key}"
        if key == "$or" and isinstance(value, list):
            for each in value:
                yield from _within(each, path)
        elif isinstance(value, dict):
            yield from _within(value, f"{where}.")
        elif not isinstance(value, list) or not value:
            yield f"{where} must be an object or a list of what it may be (got {json.dumps(value)})"
        else:
            strange = [name for each in value if isinstance(each, dict) for name in each if name not in _CONDITIONS]
            if strange:
                yield f"{where} has an unknown condition {strange[0]!r}: known are {', '.join(sorted(_CONDITIONS))}"


_PLAIN = {"arn": "Arn", "input": "Input", "inputPath": "InputPath", "roleArn": "RoleArn"}
_GROUPS = {
    "deadLetterConfig": ("DeadLetterConfig", {"arn": "Arn"}),
    "inputTransformer": ("InputTransformer", {"inputTemplate": "InputTemplate", "inputPaths": "InputPathsMap"}),
    "retryPolicy": (
        "RetryPolicy",
        {"maximumEventAgeInSeconds": "MaximumEventAgeInSeconds", "maximumRetryAttempts": "MaximumRetryAttempts"},
    ),
    "sqsTarget": ("SqsParameters", {"messageGroupId": "MessageGroupId"}),
    "kinesisTarget": ("KinesisParameters", {"partitionKeyPath": "PartitionKeyPath"}),
    "httpTarget": (
        "HttpParameters",
        {
            "headerParameters": "HeaderParameters",
            "pathParameterValues": "PathParameterValues",
            "queryStringParameters": "QueryStringParameters",
        },
    ),
}
_ELSEWHERE = ("appsyncTarget", "batchTarget", "ecsTarget", "redshiftTarget", "runCommandTargets", "sagemakerPipelineTarget")


class EventTarget(Handler):
    """What a rule sets in motion: functions, topics, queues, streams, log groups, HTTP endpoints and other buses."""

    token = "aws:cloudwatch/eventTarget:EventTarget"
    create_only = frozenset({"rule", "eventBusName", "targetId"})
    documents = frozenset({"input"})
    defaults = {"eventBusName": _BUS, "forceDestroy": False}
    autoname = "targetId"
    autoname_limit = 64

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = [Failure(key, "the emulated cloud holds no such target: leave it out") for key in _ELSEWHERE if key in inputs]
        inputs_given = [key for key in ("input", "inputPath", "inputTransformer") if inputs.get(key) is not None]
        if len(inputs_given) > 1:
            found.append(Failure(inputs_given[1], f"a target is given its input in one way (got {', '.join(inputs_given)})"))
        return found or refusals("events", "PutTargets", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs)
        bus = "" if inputs["eventBusName"] == _BUS else f"{inputs['eventBusName']}-"
        return f"{bus}{inputs['rule']}-{inputs['targetId']}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        bus, rule, target = self._place(resource_id, state)
        pages = call.client("events").get_paginator("list_targets_by_rule").paginate(Rule=rule, EventBusName=bus)
        for live in (each for page in pages for each in page["Targets"]):
            if live["Id"] == target:
                groups = {key: _back(live[wire], names) for key, (wire, names) in _GROUPS.items() if wire in live}
                return {
                    **{key: live[wire] for key, wire in _PLAIN.items() if wire in live},
                    **{key: aligned(state.get(key, {}), value) for key, value in groups.items()},
                    "rule": rule,
                    "targetId": target,
                    "eventBusName": bus,
                    "forceDestroy": state.get("forceDestroy", False),
                }
        return None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, new)
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("events").remove_targets(Rule=state["rule"], EventBusName=state["eventBusName"], Ids=[state["targetId"]])

    def _put(self, call: Call, inputs: Properties) -> None:
        answer = call.client("events").put_targets(**self._request(inputs))
        if answer["FailedEntryCount"]:
            entry = answer["FailedEntries"][0]
            raise HandlerError(f"PutTargets refused {entry['TargetId']}: {entry.get('ErrorCode')}: {entry.get('ErrorMessage')}")

    def _request(self, inputs: Properties) -> Properties:
        target = {"Id": inputs["targetId"], **parameters(inputs, **{wire: key for key, wire in _PLAIN.items()})}
        for key, (wire, names) in _GROUPS.items():
            if inputs.get(key) is not None:
                target[wire] = _forth(inputs[key], names)
        return {"Rule": inputs["rule"], "EventBusName": inputs["eventBusName"], "Targets": [target]}

    def _place(self, resource_id: str, state: Properties) -> tuple[str, str, str]:
        """Bus, rule and target; an import is told as `<rule>/<target>` or `<bus>/<rule>/<target>`."""
        if state:
            return state.get("eventBusName", _BUS), state["rule"], state["targetId"]
        *bus, rule, target = resource_id.split("/")
        return "/".join(bus) or _BUS, rule, target


def _forth(group: Any, names: dict[str, str]) -> Any:
    if group is UNKNOWN:
        return UNKNOWN
    return {wire: group[key] for key, wire in names.items() if key in group}


def _back(live: Properties, names: dict[str, str]) -> Properties:
    return {key: live[wire] for key, wire in names.items() if wire in live}
