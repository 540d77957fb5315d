"""CloudWatch: alarms, and the metrics that are counted out of logs."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.translation import Translation
from sandbox.provider.values import UNKNOWN, Properties, known

_PROMQL = frozenset({"evaluationCriteria", "evaluationInterval", "evaluationWindow", "warmUpConfiguration"})
_ALARM = Translation(
    "cloudwatch",
    "PutMetricAlarm",
    names={"name": "AlarmName", "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile", "metricQueries": "Metrics"},
    apart=frozenset({"dimensions", "metricQueries"}) | _PROMQL,
)
_MISSING = ("breaching", "ignore", "missing", "notBreaching")
_SETS = ("alarmActions", "okActions", "insufficientDataActions")


class MetricAlarm(Handler):
    """An alarm on a metric or on an expression over metrics."""

    token = "aws:cloudwatch/metricAlarm:MetricAlarm"
    create_only = frozenset({"name"})
    unordered = frozenset({*_SETS, "metricQueries"})
    defaults = {"actionsEnabled": True, "treatMissingData": "missing"}
    autoname = "name"
    autoname_limit = 255

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = [Failure(key, "the emulated cloud holds no alarm on PromQL: leave it out") for key in sorted(_PROMQL & inputs.keys())]
        one, several = inputs.get("metricName") is not None, bool(inputs.get("metricQueries"))
        if one == several and not found:
            found.append(Failure("metricName", "give either metricName, or metricQueries"))
        if one and not {"statistic", "extendedStatistic"} & inputs.keys():
            found.append(Failure("statistic", "an alarm on a metric needs statistic or extendedStatistic"))
        if one and "period" not in inputs:
            found.append(Failure("period", "an alarm on a metric needs a period in seconds"))
        points, periods = inputs.get("datapointsToAlarm", 1), inputs.get("evaluationPeriods", 1)
        if known(points, periods) and points > periods:
            found.append(Failure("datapointsToAlarm", f"must not exceed evaluationPeriods, which is {periods} (got {points})"))
        if inputs["treatMissingData"] not in (*_MISSING, UNKNOWN):
            found.append(Failure("treatMissingData", f"allowed are {', '.join(_MISSING)} (got {inputs['treatMissingData']!r})"))
        for key in _SETS:
            actions = inputs.get(key, [])
            if actions is not UNKNOWN and len(actions) > 5:
                found.append(Failure(key, f"at most 5 actions are allowed (got {len(actions)})"))
        return found or refusals("cloudwatch", "PutMetricAlarm", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "arn": call.arn("cloudwatch", f"alarm:{inputs['name']}"),
            "evaluateLowSampleCountPercentiles": inputs.get("evaluateLowSampleCountPercentiles", ""),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("cloudwatch").put_metric_alarm(**self._request(inputs), **tagging.parameter(inputs["tagsAll"]))
        return inputs["name"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        cloudwatch = call.client("cloudwatch")
        alarms = cloudwatch.describe_alarms(AlarmNames=[resource_id], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
        if not alarms:
            return None
        [live] = alarms
        found = _ALARM.properties(self.token, live)
        queries = [_query(each) for each in live.get("Metrics", [])]
        return {
            **{key: [] for key in _SETS},
            "alarmDescription": "",
            **self.defaults,
            **found,
            **self.preview(call, {"name": resource_id, **found}),
            "name": resource_id,
            "dimensions": tagging.mapping(live.get("Dimensions"), "Name"),
            "metricQueries": aligned(state.get("metricQueries", []), queries, lost=frozenset({"accountId"}), defaults={"returnData": True}),
            "tags": tagging.mapping(cloudwatch.list_tags_for_resource(ResourceARN=live["AlarmArn"])["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cloudwatch = call.client("cloudwatch")
        cloudwatch.put_metric_alarm(**self._request(new))
        tagging.retag(cloudwatch, old["arn"], old, new)
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("cloudwatch").delete_alarms(AlarmNames=[resource_id])

    def _request(self, inputs: Properties) -> Properties:
        request = _ALARM.request({key: value for key, value in inputs.items() if value != "" and key not in _PROMQL})
        queries = inputs.get("metricQueries")
        if queries:
            request["Metrics"] = queries if queries is UNKNOWN else [_metric(each) for each in queries]
        return request | _dimensions(inputs.get("dimensions"))


def _dimensions(dimensions: Any) -> Properties:
    if dimensions is UNKNOWN:
        return {"Dimensions": UNKNOWN}
    return {"Dimensions": tagging.pairs(dimensions, "Name")} if dimensions else {}


def _metric(query: Any) -> Any:
    """One of the request's metrics."""
    if query is UNKNOWN:
        return UNKNOWN
    request = parameters(query, Id="id", Expression="expression", Label="label", Period="period", AccountId="accountId")
    if "returnData" in query:
        request["ReturnData"] = query["returnData"]
    metric = query.get("metric")
    if metric is UNKNOWN:
        return request | {"MetricStat": UNKNOWN}
    if metric:
        named = parameters(metric, Namespace="namespace", MetricName="metricName") | _dimensions(metric.get("dimensions"))
        request["MetricStat"] = {"Metric": named, **parameters(metric, Period="period", Stat="stat", Unit="unit")}
    return request


def _query(live: Properties) -> Properties:
    """One of the alarm's metrics as a program writes it."""
    same = {"Id": "id", "Expression": "expression", "Label": "label", "Period": "period", "ReturnData": "returnData"}
    query: Properties = {key: live[member] for member, key in same.items() if live.get(member) is not None}
    stat = live.get("MetricStat")
    if stat:
        metric = stat["Metric"]
        query["metric"] = {
            "namespace": metric.get("Namespace", ""),
            "metricName": metric["MetricName"],
            "period": stat["Period"],
            "stat": stat["Stat"],
            "unit": stat.get("Unit") or "",
        }
        if metric.get("Dimensions"):
            query["metric"]["dimensions"] = tagging.mapping(metric["Dimensions"], "Name")
    return query


_TRANSFORMATION = {"name": "metricName", "namespace": "metricNamespace", "value": "metricValue", "dimensions": "dimensions", "unit": "unit"}


class LogMetricFilter(Handler):
    """Counts what a pattern finds in a log group."""

    token = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
    create_only = frozenset({"name", "logGroupName"})
    autoname = "name"
    autoname_limit = 512

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        transformation = inputs.get("metricTransformation")
        if isinstance(transformation, dict) and transformation.get("dimensions") and transformation.get("defaultValue"):
            return [Failure("metricTransformation.defaultValue", "a metric with dimensions has no default value: leave out one of the two")]
        return refusals("logs", "PutMetricFilter", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"applyOnTransformedLogs": inputs.get("applyOnTransformedLogs", False)}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("logs").put_metric_filter(**self._request(inputs))
        return inputs["name"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        # An import is told as log group and name with a colon between them, which no name holds.
        group, _, name = resource_id.rpartition(":")
        group = group or state.get("logGroupName", "")
        pages = (
            call.client("logs")
            .get_paginator("describe_metric_filters")
            .paginate(filterNamePrefix=name, **parameters({"g": group}, logGroupName="g"))
        )
        for live in (each for page in pages for each in page["metricFilters"]):
            if live["filterName"] == name:
                return {
                    "name": name,
                    "logGroupName": live["logGroupName"],
                    "pattern": live["filterPattern"],
                    "metricTransformation": self._transformation(state, live["metricTransformations"][0]),
                    "applyOnTransformedLogs": live.get("applyOnTransformedLogs", False),
                }
        return None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("logs").put_metric_filter(**self._request(new))
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("logs").delete_metric_filter(filterName=state["name"], logGroupName=state["logGroupName"])

    def _request(self, inputs: Properties) -> Properties:
        request = {"filterName": inputs["name"], "filterPattern": inputs["pattern"], "logGroupName": inputs["logGroupName"]}
        if "applyOnTransformedLogs" in inputs:
            request["applyOnTransformedLogs"] = inputs["applyOnTransformedLogs"]
        given = inputs["metricTransformation"]
        if given is UNKNOWN:
            return request | {"metricTransformations": UNKNOWN}
        made = {member: given[key] for key, member in _TRANSFORMATION.items() if given.get(key)}
        default = given.get("defaultValue")
        if default not in (None, ""):
            made["defaultValue"] = default if default is UNKNOWN else float(default)
        return request | {"metricTransformations": [made]}

    def _transformation(self, state: Properties, live: Properties) -> Properties:
        found = {key: live[member] for key, member in _TRANSFORMATION.items() if live.get(member)}
        if live.get("defaultValue") is not None:
            found["defaultValue"] = f"{live['defaultValue']:g}"
        shown: Properties = aligned(state.get("metricTransformation", {}), found, defaults={"unit": "None"})
        return shown
