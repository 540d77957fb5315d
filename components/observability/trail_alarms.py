"""Alarms on what the audit trail records."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.log_metric_filter import LogMetricFilter
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm

from components._base import Component, Context
from components.observability.trail_patterns import PATTERNS, TrailPattern
from config.vocabulary import DataClass

_PERIOD = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailAlarmsArgs:
    """Where the trail's events are and who is told."""

    log_group_name: pulumi.Input[str]
    alert_topic_arn: pulumi.Input[str]
    global_events: bool
    """Whether the trail records global services (IAM, Organizations)."""


class TrailAlarms(Component, token="observability:TrailAlarms"):
    """A metric filter and an alarm for each of `PATTERNS`, which reach the alert topic (SEC-8)."""

    def __init__(self, name: str, context: Context, args: TrailAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        for pattern in PATTERNS:
            if args.global_events or not pattern.where_global:
                self._alarm(pattern)
        self.publish()

    def _alarm(self, pattern: TrailPattern) -> None:
        name, space = f"{self._component}-{pattern.name}", f"{self.context.prefix}/audit"
        counted = LogMetricFilter(
            f"{name}-filter",
            name=self.context.physical(name, limit=512),
            log_group_name=self._args.log_group_name,
            pattern=pattern.pattern,
            metric_transformation={"name": pattern.name, "namespace": space, "value": "1", "default_value": "0"},
            opts=self.child(),
        )
        MetricAlarm(
            f"{name}-alarm",
            name=self.context.physical(name, limit=255),
            alarm_description=f"{pattern.says} (CIS AWS Foundations 1.4.0: {pattern.clause})",
            namespace=space,
            metric_name=pattern.name,
            statistic="Sum",
            period=_PERIOD,
            evaluation_periods=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=pattern.threshold,
            treat_missing_data="notBreaching",
            alarm_actions=[self._args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(depends_on=[counted]),
        )
