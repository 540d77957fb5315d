"""Dashboards as values, as Grafana takes them."""

import json
from typing import Any

import pytest

from components.platform.monitoring.dashboard import COLUMNS, Dashboard, Panel, Query, Row, dashboard_json
from tests.kit.promql import metrics_of


def a_panel(title: str = "Load", width: int = 10, **more: Any) -> Panel:
    return Panel(title=title, kind="timeseries", queries=[Query(expr="load", legend="{{pod}}")], width=width, **more)


def page(*rows: Row) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(dashboard_json(Dashboard(uid="one", title="One", folder="All", rows=rows)))
    return found


def test_panels_stand_side_by_side_and_wrap_and_none_covers_another() -> None:
    shown = page(Row(title="A", panels=[a_panel(), a_panel(height=8), a_panel(width=24)]), Row(title="B", panels=[a_panel()]))["panels"]
    taken: set[tuple[int, int]] = set()
    for panel in shown:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken and at["x"] + at["w"] <= COLUMNS
        taken |= cells
    assert [panel["type"] for panel in shown].count("row") == 2
    assert len({panel["id"] for panel in shown}) == len(shown)


def test_a_panel_asks_its_queries_of_prometheus_and_shows_its_limits() -> None:
    panel = page(Row(title="A", panels=[a_panel(unit="s", limits=((0.2, "red"),))]))["panels"][1]
    assert panel["targets"][0]["expr"] == "load" and panel["targets"][0]["legendFormat"] == "{{pod}}"
    assert panel["datasource"] == {"type": "prometheus", "uid": "prometheus"}
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults["unit"] == "s" and defaults["thresholds"]["steps"][-1] == {"color": "red", "value": 0.2}


def test_the_same_page_is_the_same_text_and_nobody_changes_it_in_grafana() -> None:
    one = Dashboard(uid="one", title="One", folder="All", rows=[Row(title="A", panels=[a_panel()])])
    assert dashboard_json(one) == dashboard_json(one)
    assert json.loads(dashboard_json(one))["editable"] is False


def test_a_panel_without_a_question_and_one_wider_than_the_page_are_refused() -> None:
    with pytest.raises(ValueError, match="asks nothing"):
        Panel(title="Nothing", kind="stat", queries=[])
    with pytest.raises(ValueError, match="width must be 1 to 24"):
        a_panel(width=25)


@pytest.mark.parametrize("uid", ["A", "with space", "x" * 41, ""])
def test_an_identity_that_grafana_would_refuse_is_refused(uid: str) -> None:
    with pytest.raises(ValueError, match="uid must be"):
        Dashboard(uid=uid, title="One", folder="All", rows=[])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('100 * (1 - avg by (instance, node) (rate(node_cpu_seconds_total{mode="idle"}[5m])))', {"node_cpu_seconds_total"}),
        ("a:b:c > on (x) group_left (y) d offset 1d and e unless f", {"a:b:c", "d", "e", "f"}),
        ('label_replace(up{job="a b"}, "to", "$1", "from", "(.*)")', {"up"}),
        ("sum(x) by (label) / count without (label) (y > bool 0.5e3)", {"x", "y"}),
        ("avg_over_time((p95 <= bool 0.2)[30d:5m])", {"p95"}),
        ("clamp_max((day_of_week() == bool 0) * hour(), 1) or vector(0)", set()),
        ("histogram_quantile(0.95, sum by (le) (rate(d_bucket[5m])))", {"d_bucket"}),
    ],
)
def test_the_names_of_metrics_are_read_out_of_queries(query: str, found: set[str]) -> None:
    assert metrics_of(query) == found
