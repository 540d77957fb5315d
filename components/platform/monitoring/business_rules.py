"""What the platform is there for: leads, conversion, satisfaction and revenue (OBS-3)."""

from components.platform.monitoring.rule import Alert, Group, Record

OF = "by (tenant, market)"


def business_rules(*, least_satisfaction: float) -> Group:
    """Return the business's figures, and alerts when they break off.

    They are gauges that `platform.business_metrics()` works out from the tenants' metrics (DAT-3), read by the SQL exporter.
    `least_satisfaction` is the mean answer, 1 to 5, below which somebody should call the customer.
    """
    return Group(
        name="business",
        interval="5m",
        rules=[
            Record(name="business:leads_per_hour:sum", expr=f"sum {OF} (business_leads_hour)"),
            Record(
                name="business:conversion:percent", expr=f"100 * sum {OF} (business_conversions_day) / (sum {OF} (business_leads_day) > 0)"
            ),
            Record(name="business:csat:mean", expr=f"avg {OF} (business_csat_week)"),
            Record(
                name="business:revenue_per_customer:mean", expr=f"sum {OF} (business_revenue_month) / (sum {OF} (business_customers) > 0)"
            ),
            Alert(
                name="LeadFlowStopped",
                expr=f"sum {OF} (business_leads_hour) == 0 and sum {OF} (business_leads_day) > 24",
                hold="3h",
                severity="warning",
                summary="A tenant's leads stopped coming",
                description="{{ $labels.tenant }} had leads today and has had none for hours: a form, a webhook or a credential broke.",
            ),
            Alert(
                name="ConversionDropped",
                expr="business:conversion:percent < 0.5 * avg_over_time(business:conversion:percent[7d] offset 1d)",
                hold="6h",
                severity="warning",
                summary="Half as many leads become customers as last week",
                description="{{ $labels.tenant }} converts {{ $value | humanize }} % of its leads, less than half of last week's mean.",
            ),
            Alert(
                name="SatisfactionLow",
                expr=f"business:csat:mean < {least_satisfaction}",
                hold="1d",
                severity="warning",
                summary="A tenant's customers are not content",
                description="The week's mean answer at {{ $labels.tenant }} is {{ $value | humanize }} of 5.",
            ),
        ],
    )
