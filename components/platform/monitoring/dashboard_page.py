"""A dashboard in a cluster, where Grafana takes it up."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1.ConfigMap import ConfigMap
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.platform.monitoring.dashboard import Dashboard, dashboard_json
from components.platform.monitoring.scrape import NAMESPACE
from components.platform.monitoring.stack_values import DASHBOARD

MOST_BYTES = 1024 * 1024
"""A ConfigMap's limit. Source: https://kubernetes.io/docs/concepts/configuration/configmap/"""


@dataclass(frozen=True, kw_only=True, slots=True)
class DashboardPageArgs:
    """Which page, and whose.

    Raises ValueError when it is too large for a ConfigMap.
    """

    dashboard: Dashboard
    tenant: str | None = None

    def __post_init__(self) -> None:
        size = len(dashboard_json(self.dashboard))
        if size > MOST_BYTES:
            raise ValueError(f"dashboard {self.dashboard.uid} is of {size} bytes, and {MOST_BYTES} are allowed: divide it")


class DashboardPage(Component, token="platform:DashboardPage"):
    """A ConfigMap that Grafana shows as a page, and that nobody changes there (OBS-1).

    Source: https://github.com/grafana-community/helm-charts/tree/grafana-12.11.1/charts/grafana#sidecar-for-dashboards
    """

    uid: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: DashboardPageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        page = args.dashboard
        ConfigMap(
            f"{name}-page",
            metadata=ObjectMetaArgs(
                name=f"dashboard-{page.uid}",
                namespace=NAMESPACE,
                labels={**labels(context, name, tenant=args.tenant), **DASHBOARD},
                annotations={"grafana_folder": page.folder},
            ),
            data={f"{page.uid}.json": dashboard_json(page)},
            opts=self.child(),
        )
        self.uid = pulumi.Output.from_input(page.uid)
        self.publish()
