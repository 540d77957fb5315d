"""One tenant's page: its automations, its figures and its quota, and nobody else's (OBS-1, TEN-1)."""

from components.platform.monitoring.dashboard import Dashboard, Panel, Query, Row


def tenant_dashboard(tenant: str, namespace: str) -> Dashboard:
    """Return the page of a tenant whose pods stand in `namespace`.

    Raises ValueError when its name is too long for Grafana.
    """
    its, stands = f'tenant="{tenant}"', f'namespace="{namespace}"'
    return Dashboard(
        uid=f"tenant-{tenant}",
        title=f"Tenant {tenant}",
        folder="Tenants",
        rows=[
            Row(
                title="Automations",
                panels=[
                    _drawn("Executions a second", "ops", f"sum(automation:executions:rate5m{{{its}}})"),
                    _drawn("Failed", "percent", f"max(automation:failures:percent{{{its}}})"),
                    _drawn("95th percentile", "s", f"max(automation:execution_seconds:p95{{{its}}})"),
                    _drawn("Jobs that wait", "short", f"max(automation:queue_waiting:max{{{its}}})"),
                ],
            ),
            Row(
                title="Business",
                panels=[
                    _drawn("Leads an hour", "short", f"sum(business:leads_per_hour:sum{{{its}}})"),
                    _drawn("Conversion", "percent", f"avg(business:conversion:percent{{{its}}})"),
                    _drawn("Satisfaction, of 5", "short", f"avg(business:csat:mean{{{its}}})"),
                    _drawn("Revenue a customer, 30 days", "short", f"avg(business:revenue_per_customer:mean{{{its}}})"),
                ],
            ),
            Row(
                title="Quota",
                panels=[
                    Panel(
                        title="Used",
                        kind="bargauge",
                        unit="percentunit",
                        width=24,
                        queries=[
                            Query(
                                expr=(
                                    f'kube_resourcequota{{type="used", {stands}}}'
                                    f' / ignoring (type) (kube_resourcequota{{type="hard", {stands}}} > 0)'
                                ),
                                legend="{{resource}}",
                            )
                        ],
                        limits=((0.9, "orange"), (1, "red")),
                    )
                ],
            ),
        ],
    )


def _drawn(title: str, unit: str, expr: str) -> Panel:
    return Panel(title=title, kind="timeseries", unit=unit, queries=[Query(expr=expr, legend=title)])
