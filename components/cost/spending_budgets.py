"""Limits of monthly spending, and who hears when they are near."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.budgets._inputs import BudgetCostFilterArgs, BudgetNotificationArgs
from pulumi_aws.budgets.budget import Budget

from components._base import Component, Context
from config.vocabulary import DataClass

_NAME = re.compile(r"[a-z]+(-[a-z]+)*")
_MOST_NOTIFICATIONS = 5
"""Of one budget. Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/management-limits.html"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceGroup:
    """Services of the bill that share a limit.

    Raises ValueError without a service, and for a limit below one USD.
    """

    usd: int
    services: Sequence[str]

    def __post_init__(self) -> None:
        if not self.services:
            raise ValueError("a group needs services: without any, its budget would watch the whole bill")
        if self.usd < 1:
            raise ValueError(f"usd must be at least 1 (got {self.usd})")


@dataclass(frozen=True, kw_only=True, slots=True)
class SpendingBudgetsArgs:
    """The limits, and who is told at which part of them.

    Raises ValueError for a malformed name of a group, and for more percentages than a budget can tell.
    """

    monthly_usd: int
    """Limit of the account's whole bill."""
    alert_topic_arn: pulumi.Input[str]
    """SNS topic that lets budgets.amazonaws.com publish."""
    groups: Mapping[str, ServiceGroup] = field(default_factory=dict)
    """Name to a part of the bill with a limit of its own."""
    percents: Sequence[int] = (80, 100)
    """Of each limit, that are told of when spent and when forecast."""
    emails: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.monthly_usd < 1:
            raise ValueError(f"monthly_usd must be at least 1 (got {self.monthly_usd})")
        for name in self.groups:
            if not _NAME.fullmatch(name):
                raise ValueError(f"groups: a name must be lower-case words joined by hyphens (got {name!r})")
        if not 1 <= len(self.percents) * 2 <= _MOST_NOTIFICATIONS or min(self.percents) < 1:
            most = _MOST_NOTIFICATIONS // 2
            raise ValueError(f"percents must be one to {most} numbers above 0: a budget takes {_MOST_NOTIFICATIONS} notifications")


class SpendingBudgets(Component, token="cost:SpendingBudgets"):
    """A monthly budget of the account and one of each group of services, told when spent and when forecast (CST-1, CST-3)."""

    budget_names: pulumi.Output[list[str]]

    def __init__(self, name: str, context: Context, args: SpendingBudgetsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        budgets = [self._budget(f"{name}-total", args.monthly_usd, ())]
        budgets += [self._budget(f"{name}-{group}", each.usd, each.services) for group, each in args.groups.items()]
        self.budget_names = pulumi.Output.all(*(budget.name for budget in budgets))
        self.publish()

    def _budget(self, name: str, usd: int, services: Sequence[str]) -> Budget:
        return Budget(
            name,
            name=self.context.physical(name, limit=100),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(usd),
            limit_unit="USD",
            cost_filters=[BudgetCostFilterArgs(name="Service", values=list(services))] if services else [],
            notifications=[self._notification(kind, percent) for kind in ("ACTUAL", "FORECASTED") for percent in self._args.percents],
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )

    def _notification(self, kind: str, percent: int) -> BudgetNotificationArgs:
        return BudgetNotificationArgs(
            notification_type=kind,
            comparison_operator="GREATER_THAN",
            threshold=percent,
            threshold_type="PERCENTAGE",
            subscriber_sns_topic_arns=[self._args.alert_topic_arn],
            subscriber_email_addresses=list(self._args.emails),
        )
