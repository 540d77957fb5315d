"""Alarms of a function look at what its callers call, and ring by the share of calls that fail."""

from typing import Any

import pulumi

from components._base import Component
from components.serverless.function_alarms import Told, watch
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import record

NAME = "morefocus-prod-use1-bookings"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"
GUARD = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:guard"


class Owner(Component, token="test:AlarmsOwner"):
    names: pulumi.Output[list[str]]

    def __init__(self) -> None:
        super().__init__("bookings", a_context())
        alarms = watch(self, "bookings", NAME, qualifier="live", timeout_seconds=10, told=Told(topic_arn=TOPIC, acting=[GUARD]))
        self.names = pulumi.Output.all(*(alarm.name for alarm in alarms))
        self.publish()


def _alarms() -> dict[str, dict[str, Any]]:
    return {each.name: each.inputs for each in record(Owner).of_type("aws:cloudwatch/metricAlarm:MetricAlarm")}


def test_failures_throttles_and_slowness_ring_at_the_topic_and_tell_when_they_are_over() -> None:
    alarms = _alarms()
    assert alarms.keys() == {"bookings-errors", "bookings-throttles", "bookings-duration"}
    for alarm in alarms.values():
        assert (alarm["alarmActions"], alarm["okActions"]) == ([TOPIC, GUARD], [TOPIC]), "nothing acts on what is over"
        assert (alarm["evaluationPeriods"], alarm["datapointsToAlarm"], alarm["treatMissingData"]) == (3, 2, "notBreaching")


def test_failures_are_a_share_of_the_calls_of_the_alias() -> None:
    alarm = _alarms()["bookings-errors"]
    queries = {each["id"]: each for each in alarm["metricQueries"]}
    assert [each for each in queries.values() if each.get("returnData")] == [queries["share"]]
    assert "IF(calls > 0" in queries["share"]["expression"], "no calls are no failures"
    called = {"FunctionName": NAME, "Resource": f"{NAME}:live"}
    assert {name: queries[name]["metric"]["metricName"] for name in ("errors", "calls")} == {"errors": "Errors", "calls": "Invocations"}
    assert queries["errors"]["metric"]["dimensions"] == queries["calls"]["metric"]["dimensions"] == called
    assert (alarm["threshold"], alarm["comparisonOperator"]) == (1, "GreaterThanThreshold")


def test_a_call_is_slow_when_it_comes_near_the_time_limit() -> None:
    alarm = _alarms()["bookings-duration"]
    assert (alarm["extendedStatistic"], alarm["threshold"]) == ("p95", 8000)
