"""The technical page: it asks for what there is."""

from components.platform.monitoring.objective_rules import Objectives
from components.platform.monitoring.technical_dashboard import technical_dashboard
from tests.components.platform.monitoring.known import exported, recorded
from tests.kit.promql import metrics_of

PAGE = technical_dashboard(Objectives())


def test_every_query_names_only_metrics_that_exist() -> None:
    asked = {name for query in PAGE.queries for name in metrics_of(query)}
    assert asked and not asked - exported() - recorded()


def test_what_the_sources_ask_to_be_watched_is_shown() -> None:
    asked = {name for query in PAGE.queries for name in metrics_of(query)}
    assert {"node:cpu_usage:percent", "node:memory_usage:percent", "database:connections:sum"} <= asked
    assert {"automation:execution_seconds:p95", "automation:failures:percent", "automation:queue_waiting:max"} <= asked
    assert "external_api:latency_seconds:mean5m" in asked
