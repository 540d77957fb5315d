"""Dashboards, and alarms on alarms, against the emulated cloud."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench
from tests.sandbox.provider.aws.test_cloudwatch import ALARM, SIMPLE, TOPIC

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
TEXT = {"type": "text", "x": 0, "y": 0, "width": 24, "height": 2, "properties": {"markdown": "# Bookings"}}


def test_a_dashboard_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(DASHBOARD, dashboardName="bookings", dashboardBody=json.dumps({"widgets": [TEXT]}, indent=1))
    assert life.outputs["dashboardArn"] == "arn:aws:cloudwatch::123456789012:dashboard/bookings"
    live = life.boto("cloudwatch").get_dashboard(DashboardName="bookings")["DashboardBody"]
    assert json.loads(live)["widgets"] == [TEXT]
    assert life.refresh() == []
    assert life.diff(dashboardName="bookings", dashboardBody=json.dumps({"widgets": [TEXT]})) == [], "the same document, spaced otherwise"
    life.update(dashboardName="bookings", dashboardBody=json.dumps({"widgets": []}))
    assert life.refresh() == []
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "must be JSON"),
        ("[]", "an object with widgets"),
        (json.dumps({"widgets": [{"type": "metric"}]}), r"widgets\[0\] must be an object with type and properties"),
        (json.dumps({"widgets": [{**TEXT, "x": 12}]}), r"widgets\[0\] reaches beyond the 24 columns"),
    ],
)
def test_a_dashboard_that_shows_nothing_is_refused(workbench: Workbench, body: str, said: str) -> None:
    with pytest.raises(InvalidInputs, match=said):
        workbench.life(DASHBOARD).check(dashboardName="bookings", dashboardBody=body)


def test_a_composite_alarm_lives_as_declared_and_follows_the_alarms_it_names(workbench: Workbench) -> None:
    for name in ("errors", "slow"):
        workbench.made(ALARM, logical=name, **SIMPLE | {"name": name})
    inputs: dict[str, Any] = {"alarmName": "unwell", "alarmRule": 'ALARM("errors") AND NOT OK(slow)', "alarmActions": [TOPIC]}
    life = workbench.made(COMPOSITE, **inputs, tags={"owner": "platform"})
    cloudwatch = life.boto("cloudwatch")

    def state() -> str:
        [alarm] = cloudwatch.describe_alarms(AlarmNames=["unwell"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
        return str(alarm["StateValue"])

    assert life.outputs["arn"] == "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:unwell"
    assert (state(), life.refresh()) == ("OK", [])
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    assert state() == "OK"
    cloudwatch.set_alarm_state(AlarmName="slow", StateValue="ALARM", StateReason="test")
    assert state() == "ALARM"
    life.update(**inputs | {"alarmRule": "ALARM(errors)"}, alarmDescription="Unwell")
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="OK", StateReason="test")
    assert (state(), life.refresh()) == ("OK", [])
    assert life.imported()[0]["alarmRule"] == "ALARM(errors)"
    life.delete()
    assert life.gone()


def test_a_composite_alarm_on_nothing_or_on_no_expression_is_refused(workbench: Workbench) -> None:
    with pytest.raises(Exception, match="names alarms that are not there: errors"):
        workbench.made(COMPOSITE, alarmName="unwell", alarmRule="ALARM(errors)")
    for rule in ("TRUE AND", "__import__('os')"):
        with pytest.raises(Exception, match="AlarmRule"):
            workbench.made(COMPOSITE, logical="other", alarmName="unwell", alarmRule=rule)


def test_an_alarm_on_an_anomaly_lives_as_declared(workbench: Workbench) -> None:
    inputs: dict[str, Any] = {
        "name": "unusual",
        "comparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
        "evaluationPeriods": 3,
        "thresholdMetricId": "band",
        "metricQueries": [
            {"id": "band", "expression": "ANOMALY_DETECTION_BAND(calls, 3)", "label": "usual", "returnData": True},
            {
                "id": "calls",
                "returnData": True,
                "metric": {"namespace": "AWS/Lambda", "metricName": "Invocations", "period": 300, "stat": "Sum"},
            },
        ],
    }
    life = workbench.made(ALARM, **inputs)
    [alarm] = life.boto("cloudwatch").describe_alarms(AlarmNames=["unusual"])["MetricAlarms"]
    assert alarm["ThresholdMetricId"] == "band"
    assert life.refresh() == []
