"""Alarms, the filters that make metrics of logs, and rules of events with their targets."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, given, one, text
from scripts.evidence.running.reader import Reader

_ALARM = {"actionsEnabled": "ActionsEnabled", "namespace": "Namespace", "metricName": "MetricName", "threshold": "Threshold"}
_GONE = ("ResourceNotFoundException",)


def alarm(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read what an alarm watches, and whom it tells."""
    name = text(resource, "name", "id")
    every = place.ask("cloudwatch", "describe_alarms", AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    found = one(each for each in every if each["AlarmName"] == name)
    return found and {**given(found, **_ALARM), "alarmActions": found.get("AlarmActions") or None}


def metric_filter(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read what a filter looks for, and the metric that it makes of it."""
    name, group = text(resource, "name", "id"), text(resource, "logGroupName")
    every = place.ask("logs", "describe_metric_filters")["metricFilters"]
    found = one(each for each in every if (each["filterName"], each["logGroupName"]) == (name, group))
    if found is None:
        return None
    made = found["metricTransformations"][0]
    metric = given(made, name="metricName", namespace="metricNamespace", value="metricValue")
    default = {"defaultValue": f"{made['defaultValue']:g}"} if "defaultValue" in made else {}
    return {"pattern": found["filterPattern"], "metricTransformation": {**metric, **default}}


def rule(place: Place, resource: Resource) -> dict[str, Any]:
    """Read which events a rule takes, and whether it is on."""
    bus, _, name = text(resource, "id").rpartition("/")
    found = place.ask("events", "describe_rule", Name=name, EventBusName=bus or "default")
    return given(found, state="State", eventPattern="EventPattern", scheduleExpression="ScheduleExpression")


def target(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read whom a rule tells."""
    bus = resource.look("eventBusName")
    answer = place.ask(
        "events", "list_targets_by_rule", Rule=text(resource, "rule"), EventBusName=bus if isinstance(bus, str) and bus else "default"
    )
    found = one(each for each in answer["Targets"] if each["Id"] == resource.look("targetId"))
    if found is None:
        return None
    dead = found.get("DeadLetterConfig")
    return {"arn": found["Arn"], "roleArn": found.get("RoleArn"), "deadLetterConfig": camel(dead) if dead else None}


READERS = (
    Reader(type="aws:cloudwatch/metricAlarm:MetricAlarm", covers=(*_ALARM, "alarmActions"), read=alarm),
    Reader(type="aws:cloudwatch/logMetricFilter:LogMetricFilter", covers=("pattern", "metricTransformation"), read=metric_filter),
    Reader(
        type="aws:cloudwatch/eventRule:EventRule",
        covers=("state", "eventPattern", "scheduleExpression"),
        read=rule,
        gone=_GONE,
    ),
    Reader(type="aws:cloudwatch/eventTarget:EventTarget", covers=("arn", "roleArn", "deadLetterConfig"), read=target, gone=_GONE),
)
