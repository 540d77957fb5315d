"""What tells people of the scheduling service: a page of metrics, alarms, and a limit of its cost (SCH-10, API-4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.budgets._inputs import BudgetCostFilterArgs, BudgetNotificationArgs
from pulumi_aws.budgets.budget import Budget
from pulumi_aws.cloudwatch.dashboard import Dashboard
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm

from components._base import Component, Context
from components.products.scheduling.page import Watched, page
from config.vocabulary import DataClass

SERVICES = (
    *("Amazon API Gateway", "Amazon Cognito", "Amazon DynamoDB", "Amazon Simple Email Service"),
    *("Amazon Simple Queue Service", "AWS Lambda"),
)
"""What the service is billed under, as the bill spells it; CloudFront and S3 serve others too (SCH-11)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """When people are told."""

    metric: str
    says: str
    threshold: float
    statistic: str = "Sum"
    """Sum, Average or Maximum; or a percentile such as p95."""
    minutes: int = 5
    """Of the last ones, in each of which it holds."""


RULES: Mapping[str, Rule] = {
    "slow": Rule(metric="Latency", statistic="p95", threshold=200, says="of 100 answers 5 take longer than 200 ms"),
    "errors": Rule(metric="5XXError", statistic="Average", threshold=0.01, says="more than 1 % of requests fail"),
    "refusals": Rule(
        metric="4XXError", statistic="Average", threshold=0.25, says="more than a quarter of requests are refused", minutes=15
    ),
}
"""Alarms on the API, by the role in their names.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class SchedulingWatchArgs:
    """What is watched, and who is told.

    Raises ValueError for a limit of cost or of latency below 1.
    """

    watched: Watched
    alert_topic_arn: pulumi.Input[str]
    cost_topic_arn: pulumi.Input[str]
    """Topic in us-east-1, where budgets are kept, whose policy lets budgets.amazonaws.com publish."""
    runbooks: str
    """Address under which `<alarm>.md` is found."""
    monthly_usd: int
    p95_ms: int = 200
    percents: tuple[int, ...] = field(default=(80, 100))
    """Of the limit, that are told of when spent and when forecast."""

    def __post_init__(self) -> None:
        for option in ("monthly_usd", "p95_ms"):
            if getattr(self, option) < 1:
                raise ValueError(f"{option} must be at least 1 (got {getattr(self, option)})")


class SchedulingWatch(Component, token="products:SchedulingWatch"):
    """A dashboard of everything that the service is made of, alarms on what its callers see, and a monthly budget (SCH-10, SCH-11, API-4).

    Table, queue and functions bring alarms of their own; whether the service answers at all is asked from outside, by `ApiFront`.
    """

    dashboard_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: SchedulingWatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        for role, rule in RULES.items():
            self._alarm(role, rule)
        self._budget()
        shown = Dashboard(
            f"{name}-page",
            dashboard_name=context.physical(name, limit=255),
            dashboard_body=page(context, args.watched, p95_ms=args.p95_ms),
            opts=self.child(),
        )
        self.dashboard_name = shown.dashboard_name
        self.publish()

    def _alarm(self, role: str, rule: Rule) -> None:
        args, logical = self._args, f"{self._component}-api-{role}"
        percentile = rule.statistic.startswith("p")
        MetricAlarm(
            logical,
            name=self.context.physical(logical, limit=255),
            alarm_description=f"Scheduling API: {rule.says}. {args.runbooks.rstrip('/')}/api-{role}.md",
            namespace="AWS/ApiGateway",
            metric_name=rule.metric,
            dimensions={"ApiName": args.watched.api_name, "Stage": args.watched.stage},
            statistic=None if percentile else rule.statistic,
            extended_statistic=rule.statistic if percentile else None,
            period=60,
            evaluation_periods=rule.minutes,
            datapoints_to_alarm=rule.minutes,
            comparison_operator="GreaterThanThreshold",
            threshold=args.p95_ms if rule.metric == "Latency" else rule.threshold,
            # Nobody asked.
            treat_missing_data="notBreaching",
            alarm_actions=[args.alert_topic_arn],
            ok_actions=[args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )

    def _budget(self) -> None:
        args, logical = self._args, f"{self._component}-cost"
        Budget(
            logical,
            name=self.context.physical(logical, limit=100),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.monthly_usd),
            limit_unit="USD",
            cost_filters=[
                BudgetCostFilterArgs(name="Service", values=list(SERVICES)),
                BudgetCostFilterArgs(name="Region", values=[self.context.region.value]),
                BudgetCostFilterArgs(name="TagKeyValue", values=[f"user:environment${self.context.environment}"]),
            ],
            notifications=[
                BudgetNotificationArgs(
                    notification_type=kind,
                    comparison_operator="GREATER_THAN",
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                    subscriber_sns_topic_arns=[args.cost_topic_arn],
                )
                for kind in ("ACTUAL", "FORECASTED")
                for percent in args.percents
            ],
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )
