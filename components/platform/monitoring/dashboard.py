"""Dashboards as values: rows of panels, each with its queries, and what Grafana takes for them (OBS-1)."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["stat", "timeseries", "gauge", "bargauge", "table"]
COLUMNS = 24
"""Into which Grafana divides a dashboard's width."""
SCHEMA = 39
"""Version of the dashboard's format; Grafana brings older ones up to date by itself.

Source: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
"""
_UID = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
_SOURCE = {"type": "prometheus", "uid": "prometheus"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """PromQL, and how its series are called."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """One figure or drawing.

    Raises ValueError when it asks nothing, or is wider than a dashboard.
    """

    title: str
    kind: Kind
    queries: Sequence[Query]
    unit: str = "short"
    """As Grafana names units: `percent`, `s`, `reqps`, `bytes`."""
    description: str = ""
    limits: Sequence[tuple[float, str]] = ()
    """From which value which colour; below the first it is green."""
    width: int = 6
    height: int = 6

    def __post_init__(self) -> None:
        if not self.queries:
            raise ValueError(f"panel {self.title!r} asks nothing: give it a query")
        if not 1 <= self.width <= COLUMNS:
            raise ValueError(f"panel {self.title!r}: width must be 1 to {COLUMNS} (got {self.width})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """Panels under one heading."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dashboard:
    """One page.

    Raises ValueError when its identity is no word of at most 40 letters, as Grafana asks.
    """

    uid: str
    title: str
    folder: str
    rows: Sequence[Row]
    refresh: str = "1m"
    since: str = "now-6h"

    def __post_init__(self) -> None:
        if not _UID.fullmatch(self.uid):
            raise ValueError(f"uid must be 2 to 40 lower-case letters, digits and hyphens (got {self.uid!r})")

    @property
    def queries(self) -> list[str]:
        """All that it asks."""
        return [query.expr for row in self.rows for panel in row.panels for query in panel.queries]


def dashboard_json(dashboard: Dashboard) -> str:
    """Return the page as Grafana takes it, the same each time."""
    panels: list[dict[str, Any]] = []
    top = 0
    for row in dashboard.rows:
        panels.append(_heading(row.title, top, len(panels) + 1))
        top += 1
        left, tallest = 0, 0
        for panel in row.panels:
            if left + panel.width > COLUMNS:
                left, top, tallest = 0, top + tallest, 0
            panels.append(_panel(panel, left, top, len(panels) + 1))
            left += panel.width
            tallest = max(tallest, panel.height)
        top += tallest
    page = {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "tags": ["morefocus"],
        "timezone": "utc",
        "editable": False,
        "schemaVersion": SCHEMA,
        "refresh": dashboard.refresh,
        "time": {"from": dashboard.since, "to": "now"},
        "templating": {"list": []},
        "annotations": {"list": []},
        "panels": panels,
    }
    return json.dumps(page, sort_keys=True, separators=(",", ":"))


def _heading(title: str, top: int, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "type": "row",
        "title": title,
        "collapsed": False,
        "gridPos": {"x": 0, "y": top, "w": COLUMNS, "h": 1},
        "panels": [],
    }


def _panel(panel: Panel, left: int, top: int, number: int) -> dict[str, Any]:
    steps = [{"color": "green", "value": None}, *({"color": colour, "value": value} for value, colour in panel.limits)]
    instant = panel.kind != "timeseries"
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": _SOURCE,
        "gridPos": {"x": left, "y": top, "w": panel.width, "h": panel.height},
        "fieldConfig": {"defaults": {"unit": panel.unit, "thresholds": {"mode": "absolute", "steps": steps}}, "overrides": []},
        "options": {"reduceOptions": {"calcs": ["lastNotNull"]}} if instant else {"tooltip": {"mode": "multi"}},
        "targets": [
            {
                "refId": chr(ord("A") + order),
                "datasource": _SOURCE,
                "expr": query.expr,
                "legendFormat": query.legend,
                "instant": instant,
                "range": not instant,
                **({"format": "table"} if panel.kind == "table" else {}),
            }
            for order, query in enumerate(panel.queries)
        ],
    }
