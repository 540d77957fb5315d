"""What tells that a function is not well: calls that fail, are turned away, or come near their time limit (SCH-10)."""

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
_OF_MINUTES = 3
"""Minutes that are looked at; two bad ones ring."""


def watch(
    owner: Component, name: str, function: str, *, qualifier: str, timeout_seconds: int, alert_topic_arn: pulumi.Input[str]
) -> list[MetricAlarm]:
    """Create under `owner` the alarms on what is called through the alias `qualifier` of a function, and return them.

    Errors are a share of the calls, so that the same limit holds by night and at noon.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    """
    called = {"FunctionName": function, "Resource": f"{function}:{qualifier}"}
    share = "100 * errors / MAX([errors, calls])"
    errors: list[MetricAlarmMetricQueryArgsDict] = [
        {"id": "share", "expression": f"IF(calls > 0, {share}, 0)", "label": "errors in percent", "return_data": True},
        {
            "id": "errors",
            "metric": {"namespace": NAMESPACE, "metric_name": "Errors", "dimensions": called, "period": _MINUTE, "stat": "Sum"},
        },
        {
            "id": "calls",
            "metric": {"namespace": NAMESPACE, "metric_name": "Invocations", "dimensions": called, "period": _MINUTE, "stat": "Sum"},
        },
    ]
    slow = timeout_seconds * 1000 * MOST_OF_TIMEOUT
    return [
        MetricAlarm(
            f"{name}-errors",
            name=f"{function}-errors",
            alarm_description=f"More than {MOST_ERRORS} % of the calls of {name} fail: see its log, and go back if a version is new",
            metric_queries=errors,
            evaluation_periods=_OF_MINUTES,
            datapoints_to_alarm=2,
            threshold=MOST_ERRORS,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=[alert_topic_arn],
            ok_actions=[alert_topic_arn],
            tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-errors"),
            opts=owner.child(),
        ),
        MetricAlarm(
            f"{name}-throttles",
            name=f"{function}-throttles",
            alarm_description=f"Calls of {name} are turned away: raise its reserved concurrency, or the account's",
            namespace=NAMESPACE,
            metric_name="Throttles",
            dimensions={"FunctionName": function},
            statistic="Sum",
            period=_MINUTE,
            evaluation_periods=_OF_MINUTES,
            datapoints_to_alarm=2,
            threshold=0,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=[alert_topic_arn],
            ok_actions=[alert_topic_arn],
            tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-throttles"),
            opts=owner.child(),
        ),
        MetricAlarm(
            f"{name}-duration",
            name=f"{function}-duration",
            alarm_description=f"Calls of {name} come near the {timeout_seconds} seconds after which Lambda ends them",
            namespace=NAMESPACE,
            metric_name="Duration",
            dimensions=called,
            extended_statistic="p95",
            period=_MINUTE,
            evaluation_periods=_OF_MINUTES,
            datapoints_to_alarm=2,
            threshold=slow,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=[alert_topic_arn],
            ok_actions=[alert_topic_arn],
            tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-duration"),
            opts=owner.child(),
        ),
    ]
