"""People are told of what callers see, with the page that says what to do, and of a month that costs more than was thought."""

import json
from dataclasses import replace

import pytest

from components.products.scheduling.watching import RULES, SERVICES, SchedulingWatch, SchedulingWatchArgs
from config.load import ROOT
from config.vocabulary import Environment, Region
from tests.components.products.scheduling.test_page import WATCHED
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
ARGS = SchedulingWatchArgs(
    watched=WATCHED, alert_topic_arn="alerts", cost_topic_arn="hub-alerts", runbooks="https://example.com/runbooks/", monthly_usd=75
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: SchedulingWatch("scheduling", a_context(Region.EU_WEST_1), ARGS))


def test_five_slow_answers_in_a_hundred_ring_at_the_objective(graph: Graph) -> None:
    slow = graph.named("scheduling-api-slow").inputs
    assert (slow["metricName"], slow["extendedStatistic"], slow["threshold"]) == ("Latency", "p95", 200)
    assert slow["dimensions"] == {"ApiName": "api", "Stage": "live"}


def test_errors_and_refusals_ring_by_their_share_of_requests(graph: Graph) -> None:
    errors, refusals = (graph.named(f"scheduling-api-{each}").inputs for each in ("errors", "refusals"))
    assert (errors["metricName"], errors["statistic"], errors["threshold"]) == ("5XXError", "Average", 0.01)
    assert (refusals["metricName"], refusals["threshold"]) == ("4XXError", 0.25)


def test_every_alarm_tells_somebody_and_leads_to_a_page_that_exists(graph: Graph) -> None:
    alarms = graph.of_type(ALARM)
    assert len(alarms) == len(RULES)
    for alarm in alarms:
        assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == ["alerts"]
        address = alarm.inputs["alarmDescription"].rpartition(" ")[2]
        assert address.startswith("https://example.com/runbooks/")
        assert (ROOT / "docs" / "runbooks" / "scheduling" / address.rpartition("/")[2]).is_file(), address


def test_a_month_is_budgeted_for_the_services_of_this_region_and_environment(graph: Graph) -> None:
    budget = graph.one("aws:budgets/budget:Budget").inputs
    assert (budget["limitAmount"], budget["name"]) == ("75", "morefocus-prod-euw1-scheduling-cost")
    filters = {each["name"]: each["values"] for each in budget["costFilters"]}
    assert filters == {"Service": list(SERVICES), "Region": ["eu-west-1"], "TagKeyValue": ["user:environment$production"]}
    assert {each["subscriberSnsTopicArns"][0] for each in budget["notifications"]} == {"hub-alerts"}
    staging = record(lambda: SchedulingWatch("scheduling", a_context(environment=Environment.STAGING), ARGS)).one(
        "aws:budgets/budget:Budget"
    )
    assert "user:environment$staging" in json.dumps(staging.inputs)


def test_the_page_is_named_after_the_stack(graph: Graph) -> None:
    assert graph.one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardName"] == "morefocus-prod-euw1-scheduling"


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="monthly_usd must be at least 1"):
        replace(ARGS, monthly_usd=0)
    with pytest.raises(ValueError, match="p95_ms must be at least 1"):
        replace(ARGS, p95_ms=0)
