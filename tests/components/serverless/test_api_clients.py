"""Each client has a key, a limit, and metrics of its own."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.serverless.api_clients import METRICS, NAMESPACE, ApiClients, ApiClientsArgs, rate
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.filter_pattern import matches
from tests.kit.recorder import Graph, record

ARGS = ApiClientsArgs(
    api_id="a1b2c3",
    stage="live",
    clients=("web", "mobile"),
    requests_per_minute=1_000,
    log_group_name="/aws/apigateway/morefocus-prod-euw1-api",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: ApiClients("clients", a_context(Region.EU_WEST_1), ARGS))


def test_a_client_may_ask_a_thousand_times_a_minute_and_its_day_never_ends(graph: Graph) -> None:
    plan = graph.one("aws:apigateway/usagePlan:UsagePlan").inputs
    assert plan["throttleSettings"] == {"rateLimit": 16.66, "burstLimit": 83}
    assert plan["apiStages"] == [{"apiId": "a1b2c3", "stage": "live"}]
    assert "quotaSettings" not in plan


@given(st.integers(60, 1_000_000))
def test_a_minute_never_has_more_than_was_promised_nor_much_less(requests: int) -> None:
    a_minute = round(rate(requests) * 60, 2)
    assert requests - 0.6 <= a_minute <= requests


def test_each_client_has_a_key_of_the_plan(graph: Graph) -> None:
    keys = {key.inputs["name"] for key in graph.of_type("aws:apigateway/apiKey:ApiKey")}
    assert keys == {"morefocus-prod-euw1-clients-web", "morefocus-prod-euw1-clients-mobile"}
    members = graph.of_type("aws:apigateway/usagePlanKey:UsagePlanKey")
    assert sorted(member.inputs["keyId"] for member in members) == ["clients-key-mobile-id", "clients-key-web-id"]
    assert {member.inputs["keyType"] for member in members} == {"API_KEY"}


def test_what_each_client_asks_for_is_counted_of_the_access_log(graph: Graph) -> None:
    filters = {
        each.inputs["metricTransformation"]["name"]: each.inputs for each in graph.of_type("aws:cloudwatch/logMetricFilter:LogMetricFilter")
    }
    assert set(filters) == set(METRICS)
    for each in filters.values():
        assert each["metricTransformation"]["namespace"] == NAMESPACE
        assert each["metricTransformation"]["dimensions"] == {"Client": "$.client"}
        assert each["logGroupName"] == ARGS.log_group_name
    served, throttled = {"client": "k1", "status": "200"}, {"client": "k1", "status": "429"}
    failed, nobody = {"client": "k1", "status": "503"}, {"client": "-", "status": "429"}
    counted = {name: [matches(each["pattern"], event) for event in (served, throttled, failed, nobody)] for name, each in filters.items()}
    assert counted == {
        "Requests": [True, True, True, False],
        "Throttled": [False, True, False, False],
        "Errors": [False, False, True, False],
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, clients=()), r"at least one name, each once \(got none\)"),
        (lambda args: replace(args, clients=("web", "web")), "each once"),
        (lambda args: replace(args, clients=("Web",)), r"lower-case words joined by hyphens \(got 'Web'\)"),
        (lambda args: replace(args, requests_per_minute=59), r"at least 60 \(got 59\)"),
    ],
)
def test_what_cannot_be_is_refused(change: Callable[[ApiClientsArgs], ApiClientsArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)
