"""The page shows everything the service is made of, side by side."""

import json
from itertools import combinations

from components.products.scheduling.page import Watched, page
from tests.kit.contexts import a_context

WATCHED = Watched(
    api_name="api", stage="live", functions=("bookings", "messages"), table="items", queue="jobs", dead_letter_queue="jobs-dead"
)
WIDGETS = json.loads(page(a_context(), WATCHED, p95_ms=200))["widgets"]


def test_every_part_of_the_service_is_shown_by_its_own_dimension() -> None:
    metrics = [metric for widget in WIDGETS for metric in widget["properties"]["metrics"]]
    shown = {(metric[0], metric[index + 1]) for metric in metrics for index in range(2, len(metric) - 1, 2)}
    assert {
        *(("AWS/ApiGateway", each) for each in ("api", "live")),
        *(("AWS/Lambda", each) for each in WATCHED.functions),
        *(("AWS/SQS", each) for each in ("jobs", "jobs-dead")),
        ("AWS/DynamoDB", "items"),
    } == shown
    assert {widget["properties"]["region"] for widget in WIDGETS} == {"us-east-1"}


def test_the_objective_is_drawn_into_the_graph_of_latency() -> None:
    (latency,) = [each for each in WIDGETS if each["properties"]["title"] == "Latency (ms)"]
    assert latency["properties"]["annotations"]["horizontal"] == [{"label": "objective", "value": 200}]
    assert {metric[-1]["stat"] for metric in latency["properties"]["metrics"]} == {"p50", "p95", "p99"}


def test_no_graph_covers_another_and_none_leaves_the_page() -> None:
    for one, other in combinations(WIDGETS, 2):
        apart = any(abs(one[axis] - other[axis]) >= size for axis, size in (("x", one["width"]), ("y", one["height"])))
        assert apart, (one["properties"]["title"], other["properties"]["title"])
    assert all(each["x"] + each["width"] <= 24 for each in WIDGETS)
