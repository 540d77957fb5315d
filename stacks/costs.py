"""The guard of spending: once in each account, in the stack that owns it (CST-1, CST-3)."""

from components._base import Context
from components.cost.allocation_tags import AllocationTags
from components.cost.anomaly_guard import AnomalyGuard, AnomalyGuardArgs
from components.cost.spending_budgets import ServiceGroup, SpendingBudgets, SpendingBudgetsArgs
from config.load import Settings
from stacks.foundation import Foundation


def build_costs(settings: Settings, context: Context, foundation: Foundation) -> None:
    """Build budgets, anomaly monitors and cost-allocation tags where this stack owns the account; elsewhere nothing."""
    if not settings.estate.owns_account(settings.stack):
        return
    cost = settings.estate.facts.cost
    SpendingBudgets(
        "spending",
        context,
        SpendingBudgetsArgs(
            monthly_usd=cost.monthly_usd,
            alert_topic_arn=foundation.alert_topic_arn,
            groups={name: ServiceGroup(usd=group.usd, services=group.services) for name, group in cost.groups.items() if group.services},
            percents=cost.alert_percents,
            emails=cost.emails,
        ),
    )
    AnomalyGuard(
        "spending-anomalies",
        context,
        AnomalyGuardArgs(
            alert_topic_arn=foundation.alert_topic_arn,
            threshold_usd=cost.anomaly_usd,
            cost_centres=cost_centres(settings),
            services_monitor_arn=cost.services_monitor_arn,
            emails=cost.emails,
        ),
    )
    if cost.activate_tags:
        AllocationTags("allocation-tags", context)


def cost_centres(settings: Settings) -> tuple[str, ...]:
    """Return the cost centres of all stacks in this stack's account."""
    plans = settings.estate.plans.values()
    return tuple(sorted({plan.cost_centre for plan in plans if plan.account_id == settings.plan.account_id}))
