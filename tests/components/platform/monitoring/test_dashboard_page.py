"""A dashboard in a cluster."""

import json

import pytest

from components.platform.monitoring.dashboard import Dashboard, Panel, Query, Row
from components.platform.monitoring.dashboard_page import DashboardPage, DashboardPageArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record

ROW = Row(title="A", panels=[Panel(title="Load", kind="stat", queries=[Query(expr="load")])])
PAGE = Dashboard(uid="tenant-acme", title="Acme", folder="Tenants", rows=[ROW])


def test_grafana_finds_the_page_by_its_label_and_puts_it_into_its_folder() -> None:
    args = DashboardPageArgs(dashboard=PAGE, tenant="acme")
    inputs = record(lambda: DashboardPage("page", a_context(), args)).one("kubernetes:core/v1:ConfigMap").inputs
    labels = inputs["metadata"]["labels"]
    assert labels["grafana_dashboard"] == "1" and labels["morefocus.com/tenant"] == "acme"
    assert inputs["metadata"]["annotations"] == {"grafana_folder": "Tenants"}
    assert inputs["metadata"]["namespace"] == "monitoring"
    assert json.loads(inputs["data"]["tenant-acme.json"])["uid"] == "tenant-acme"


def test_a_page_that_no_configmap_can_hold_is_refused() -> None:
    large = Dashboard(uid="large", title="Large", folder="All", rows=[Row(title="x" * 1_100_000, panels=[])])
    with pytest.raises(ValueError, match="divide it"):
        DashboardPageArgs(dashboard=large)
