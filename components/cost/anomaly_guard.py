"""Spending that is not as usual is noticed within a day."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.costexplorer._inputs import (
    AnomalySubscriptionSubscriberArgs,
    AnomalySubscriptionThresholdExpressionArgs,
    AnomalySubscriptionThresholdExpressionDimensionArgs,
)
from pulumi_aws.costexplorer.anomaly_monitor import AnomalyMonitor
from pulumi_aws.costexplorer.anomaly_subscription import AnomalySubscription

from components._base import Component, Context
from config.vocabulary import DataClass, TagKey


@dataclass(frozen=True, kw_only=True, slots=True)
class AnomalyGuardArgs:
    """What is watched, and who is told from which size.

    Raises ValueError for a threshold below one USD and a cost centre named twice.
    """

    alert_topic_arn: pulumi.Input[str]
    """SNS topic that lets costalerts.amazonaws.com publish; told at once."""
    threshold_usd: int = 50
    """What an anomaly costs above the usual before anyone is told."""
    cost_centres: Sequence[str] = ()
    """Values of the tag cost-centre, each with a monitor of its own."""
    services_monitor_arn: str | None = None
    """The account's monitor over all services, of which AWS allows one; None makes it."""
    emails: Sequence[str] = ()
    """Told once a day."""

    def __post_init__(self) -> None:
        if self.threshold_usd < 1:
            raise ValueError(f"threshold_usd must be at least 1 (got {self.threshold_usd})")
        if len(set(self.cost_centres)) != len(self.cost_centres):
            raise ValueError(f"cost_centres must differ (got {', '.join(self.cost_centres)})")


class AnomalyGuard(Component, token="cost:AnomalyGuard"):
    """Monitors over each service and each cost centre, whose anomalies the alert topic hears of at once (CST-3)."""

    monitor_arns: pulumi.Output[list[str]]

    def __init__(self, name: str, context: Context, args: AnomalyGuardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        services: pulumi.Input[str] = args.services_monitor_arn or self._services_monitor(f"{name}-services").arn
        monitors = [services, *(self._centre_monitor(f"{name}-{centre}", centre).arn for centre in args.cost_centres)]
        self._subscription(f"{name}-alerts", "IMMEDIATE", monitors, [("SNS", args.alert_topic_arn)])
        if args.emails:
            self._subscription(f"{name}-mails", "DAILY", monitors, [("EMAIL", address) for address in args.emails])
        self.monitor_arns = pulumi.Output.all(*monitors)
        self.publish()

    def _services_monitor(self, name: str) -> AnomalyMonitor:
        return AnomalyMonitor(
            name,
            name=self.context.physical(name, limit=255),
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )

    def _centre_monitor(self, name: str, centre: str) -> AnomalyMonitor:
        return AnomalyMonitor(
            name,
            name=self.context.physical(name, limit=255),
            monitor_type="CUSTOM",
            monitor_specification=json.dumps({"Tags": {"Key": TagKey.COST_CENTRE.value, "Values": [centre]}}),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )

    def _subscription(
        self, name: str, frequency: str, monitors: Sequence[pulumi.Input[str]], told: Sequence[tuple[str, pulumi.Input[str]]]
    ) -> None:
        AnomalySubscription(
            name,
            name=self.context.physical(name, limit=255),
            frequency=frequency,
            monitor_arn_lists=monitors,
            subscribers=[AnomalySubscriptionSubscriberArgs(type=kind, address=address) for kind, address in told],
            threshold_expression=AnomalySubscriptionThresholdExpressionArgs(
                dimension=AnomalySubscriptionThresholdExpressionDimensionArgs(
                    key="ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                    match_options=["GREATER_THAN_OR_EQUAL"],
                    values=[str(self._args.threshold_usd)],
                )
            ),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
