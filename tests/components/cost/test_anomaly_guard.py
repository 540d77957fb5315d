import json
from typing import Any

import pytest

from components.cost.anomaly_guard import AnomalyGuard, AnomalyGuardArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription"
DEFAULT = "arn:aws:ce::123456789012:anomalymonitor/5f0c1a5e-0000-4000-8000-000000000000"


def _guard(**more: Any) -> Graph:
    args = AnomalyGuardArgs(alert_topic_arn=TOPIC, **more)
    return record(lambda: AnomalyGuard("anomalies", a_context(), args))


def test_each_service_and_each_cost_centre_is_watched() -> None:
    graph = _guard(cost_centres=["platform", "research"])
    dimensional = [each.inputs for each in graph.of_type(MONITOR) if each.inputs["monitorType"] == "DIMENSIONAL"]
    assert [each["monitorDimension"] for each in dimensional] == ["SERVICE"]
    chosen = [json.loads(each.inputs["monitorSpecification"]) for each in graph.of_type(MONITOR) if "monitorSpecification" in each.inputs]
    assert sorted(each["Tags"]["Values"] for each in chosen) == [["platform"], ["research"]]
    assert {each["Tags"]["Key"] for each in chosen} == {"cost-centre"}


def test_the_alert_topic_hears_at_once_of_every_monitor_from_the_threshold() -> None:
    graph = _guard(cost_centres=["platform"], threshold_usd=75)
    subscription = graph.one(SUBSCRIPTION).inputs
    assert subscription["frequency"] == "IMMEDIATE"
    assert subscription["subscribers"] == [{"type": "SNS", "address": TOPIC}]
    assert len(subscription["monitorArnLists"]) == len(graph.of_type(MONITOR)) == 2
    assert subscription["thresholdExpression"]["dimension"]["values"] == ["75"]


def test_mails_come_daily() -> None:
    by_frequency = {each.inputs["frequency"]: each.inputs for each in _guard(emails=["costs@example.com"]).of_type(SUBSCRIPTION)}
    assert by_frequency["DAILY"]["subscribers"] == [{"type": "EMAIL", "address": "costs@example.com"}]
    assert set(by_frequency) == {"DAILY", "IMMEDIATE"}


def test_the_accounts_own_monitor_over_all_services_is_used_when_it_is_named() -> None:
    graph = _guard(services_monitor_arn=DEFAULT)
    assert graph.of_type(MONITOR) == []
    assert graph.one(SUBSCRIPTION).inputs["monitorArnLists"] == [DEFAULT]


@pytest.mark.parametrize("wrong", [{"threshold_usd": 0}, {"cost_centres": ["platform", "platform"]}])
def test_a_guard_that_would_tell_everything_or_twice_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        AnomalyGuardArgs(alert_topic_arn=TOPIC, **wrong)
