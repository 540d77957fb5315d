"""What tells that a function is not well: calls that fail, are turned away, or come near their time limit (SCH-10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch._inputs import MetricAlarmMetricQueryArgsDict
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm

from components._base import Component
from config.vocabulary import DataClass

NAMESPACE = "AWS/Lambda"
MOST_ERRORS = 1
"""Percent of the calls in a minute."""
MOST_OF_TIMEOUT = 0.8
"""Share of the time limit that the slowest twentieth of the calls may take."""
_MINUTE = 60
_BAD_MINUTES, _OF_MINUTES = 2, 3
"""So many bad ones of so many ring: one alone is an accident."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Who hears of an alarm."""

    topic_arn: pulumi.Input[str]
    """Is told when it rings, and when it is over."""
    acting: Sequence[pulumi.Input[str]] = ()
    """What is called when it rings."""


def watch(owner: Component, name: str, function: str, *, qualifier: str, timeout_seconds: int, told: Told) -> list[MetricAlarm]:
    """Create under `owner` the alarms on what is called through the alias `qualifier` of a function, and return them.

    Errors are a share of the calls, so that the same limit holds by night and at noon.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    """
    called = {"FunctionName": function, "Resource": f"{function}:{qualifier}"}
    return [
        _errors(owner, name, function, called, told),
        _throttles(owner, name, function, told),
        _duration(owner, name, function, called, told, timeout_seconds=timeout_seconds),
    ]


def _errors(owner: Component, name: str, function: str, called: Mapping[str, str], told: Told) -> MetricAlarm:
    queries: list[MetricAlarmMetricQueryArgsDict] = [
        {
            "id": "share",
            "expression": "IF(calls > 0, 100 * errors / MAX([errors, calls]), 0)",
            "label": "errors in percent",
            "return_data": True,
        }
    ]
    for identity, metric in (("errors", "Errors"), ("calls", "Invocations")):
        queries.append(
            {
                "id": identity,
                "metric": {"namespace": NAMESPACE, "metric_name": metric, "dimensions": called, "period": _MINUTE, "stat": "Sum"},
            }
        )
    return MetricAlarm(
        f"{name}-errors",
        name=f"{function}-errors",
        alarm_description=f"More than {MOST_ERRORS} % of the calls of {name} fail: see its log, and go back if a version is new",
        metric_queries=queries,
        evaluation_periods=_OF_MINUTES,
        datapoints_to_alarm=_BAD_MINUTES,
        threshold=MOST_ERRORS,
        comparison_operator="GreaterThanThreshold",
        treat_missing_data="notBreaching",
        alarm_actions=[told.topic_arn, *told.acting],
        ok_actions=[told.topic_arn],
        tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-errors"),
        opts=owner.child(),
    )


def _throttles(owner: Component, name: str, function: str, told: Told) -> MetricAlarm:
    return MetricAlarm(
        f"{name}-throttles",
        name=f"{function}-throttles",
        alarm_description=f"Calls of {name} are turned away: raise its reserved concurrency, or the account's",
        namespace=NAMESPACE,
        metric_name="Throttles",
        dimensions={"FunctionName": function},
        statistic="Sum",
        period=_MINUTE,
        evaluation_periods=_OF_MINUTES,
        datapoints_to_alarm=_BAD_MINUTES,
        threshold=0,
        comparison_operator="GreaterThanThreshold",
        treat_missing_data="notBreaching",
        alarm_actions=[told.topic_arn, *told.acting],
        ok_actions=[told.topic_arn],
        tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-throttles"),
        opts=owner.child(),
    )


def _duration(owner: Component, name: str, function: str, called: Mapping[str, str], told: Told, *, timeout_seconds: int) -> MetricAlarm:
    return MetricAlarm(
        f"{name}-duration",
        name=f"{function}-duration",
        alarm_description=f"Calls of {name} come near the {timeout_seconds} seconds after which Lambda ends them",
        namespace=NAMESPACE,
        metric_name="Duration",
        dimensions=called,
        extended_statistic="p95",
        period=_MINUTE,
        evaluation_periods=_OF_MINUTES,
        datapoints_to_alarm=_BAD_MINUTES,
        threshold=timeout_seconds * 1000 * MOST_OF_TIMEOUT,
        comparison_operator="GreaterThanThreshold",
        treat_missing_data="notBreaching",
        alarm_actions=[told.topic_arn, *told.acting],
        ok_actions=[told.topic_arn],
        tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-duration"),
        opts=owner.child(),
    )
