"""The executive page: it asks for what there is."""

from components.platform.monitoring.executive_dashboard import executive_dashboard
from components.platform.monitoring.objective_rules import Objectives
from tests.components.platform.monitoring.known import exported, recorded
from tests.kit.promql import metrics_of

PAGE = executive_dashboard(Objectives())


def test_every_query_names_only_metrics_that_exist() -> None:
    asked = {name for query in PAGE.queries for name in metrics_of(query)}
    assert asked and not asked - exported() - recorded()


def test_the_business_and_its_promises_are_shown() -> None:
    asked = {name for query in PAGE.queries for name in metrics_of(query)}
    assert {
        "business:leads_per_hour:sum",
        "business:conversion:percent",
        "business:csat:mean",
        "business:revenue_per_customer:mean",
    } <= asked
    assert {"slo:availability:budget_left", "slo:down_unplanned:hours30d", "slo:latency:met_ratio30d"} <= asked


def test_no_figure_of_the_page_names_a_person() -> None:
    assert not [query for query in PAGE.queries if "email" in query or "customer_id" in query]
