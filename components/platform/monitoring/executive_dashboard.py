"""What the business looks at: leads, conversion, satisfaction, revenue, and whether promises are kept (OBS-1, OBS-3, OBS-7)."""

from components.platform.monitoring.dashboard import Dashboard, Panel, Query, Row
from components.platform.monitoring.objective_rules import Objectives


def executive_dashboard(objectives: Objectives) -> Dashboard:
    """Return the page for those who answer for the business, over a month."""
    return Dashboard(
        uid="executive",
        title="Executive",
        folder="Executive",
        since="now-30d",
        refresh="15m",
        rows=[_promises(objectives), _business(), _tenants()],
    )


def _promises(objectives: Objectives) -> Row:
    return Row(
        title="Promises",
        panels=[
            Panel(
                title="Availability, 30 days",
                kind="stat",
                unit="percentunit",
                queries=[Query(expr="1 - slo:availability:error_ratio30d")],
                description=f"{objectives.availability:.1%} of the requests are to be answered without an error of ours.",
            ),
            Panel(
                title="Errors that are left",
                kind="gauge",
                unit="percentunit",
                queries=[Query(expr="slo:availability:budget_left")],
                description="What is left of the month's budget; at 0 nothing goes out but what mends that.",
            ),
            Panel(
                title="Time within the promised latency, 30 days",
                kind="stat",
                unit="percentunit",
                queries=[Query(expr="slo:latency:met_ratio30d")],
                description=f"Share of the time in which 95 % of the requests took less than {objectives.p95_seconds} s.",
            ),
            Panel(
                title="Down, 30 days",
                kind="stat",
                unit="h",
                queries=[
                    Query(expr="slo:down_unplanned:hours30d", legend="unplanned"),
                    Query(expr="slo:down_planned:hours30d", legend="planned"),
                ],
                description=f"{objectives.unplanned_hours:g} h unplanned and {objectives.planned_hours:g} h planned are allowed.",
            ),
        ],
    )


def _business() -> Row:
    return Row(
        title="Business",
        panels=[
            Panel(
                title="Leads an hour",
                kind="timeseries",
                width=12,
                queries=[Query(expr="sum by (market) (business:leads_per_hour:sum)", legend="{{market}}")],
            ),
            Panel(
                title="Leads that become customers",
                kind="timeseries",
                unit="percent",
                width=12,
                queries=[Query(expr="avg by (market) (business:conversion:percent)", legend="{{market}}")],
            ),
            Panel(
                title="Satisfaction, of 5",
                kind="timeseries",
                width=12,
                queries=[Query(expr="avg by (market) (business:csat:mean)", legend="{{market}}")],
            ),
            Panel(
                title="Revenue a customer, 30 days",
                kind="timeseries",
                width=12,
                queries=[Query(expr="avg by (market) (business:revenue_per_customer:mean)", legend="{{market}}")],
                description="In each tenant's own currency, so that markets are not to be added.",
            ),
        ],
    )


def _tenants() -> Row:
    return Row(
        title="Tenants",
        panels=[
            Panel(
                title="Most leads today",
                kind="table",
                width=12,
                height=8,
                queries=[Query(expr="topk(20, sum by (tenant, tier) (business_leads_day))")],
            ),
            Panel(
                title="Executions that failed",
                kind="table",
                unit="percent",
                width=12,
                height=8,
                queries=[Query(expr="topk(20, automation:failures:percent)")],
            ),
        ],
    )
