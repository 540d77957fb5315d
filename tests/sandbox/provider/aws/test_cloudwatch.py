"""Alarms and metric filters against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"
GROUP = "/estate/trail"
SIMPLE: dict[str, Any] = {
    "name": "root-use",
    "namespace": "Estate",
    "metricName": "root-use",
    "comparisonOperator": "GreaterThanOrEqualToThreshold",
    "evaluationPeriods": 1,
    "period": 300,
    "statistic": "Sum",
    "threshold": 1,
}
RATIO: dict[str, Any] = {
    "name": "errors",
    "comparisonOperator": "GreaterThanThreshold",
    "evaluationPeriods": 3,
    "datapointsToAlarm": 2,
    "threshold": 0.01,
    "metricQueries": [
        {"id": "ratio", "expression": "failed / 100", "label": "share", "returnData": True},
        {
            "id": "failed",
            "metric": {"namespace": "Estate", "metricName": "failed", "period": 60, "stat": "p99", "dimensions": {"queue": "jobs"}},
        },
    ],
}


def described(life: Life) -> dict[str, Any]:
    alarm: dict[str, Any] = life.boto("cloudwatch").describe_alarms(AlarmNames=[life.id])["MetricAlarms"][0]
    return alarm


def test_an_alarm_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(ALARM)
    assert life.preview(**SIMPLE)["arn"] == "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:root-use"
    life.create(
        **SIMPLE,
        alarmActions=[TOPIC],
        okActions=[TOPIC],
        alarmDescription="Somebody uses the root user",
        treatMissingData="notBreaching",
        dimensions={"account": "123456789012"},
        tags={"owner": "platform"},
    )
    alarm = described(life)
    assert (alarm["AlarmActions"], alarm["OKActions"], alarm["ActionsEnabled"]) == ([TOPIC], [TOPIC], True)
    assert (alarm["Threshold"], alarm["Statistic"], alarm["TreatMissingData"]) == (1, "Sum", "notBreaching")
    assert alarm["Dimensions"] == [{"Name": "account", "Value": "123456789012"}]
    assert life.refresh() == []
    life.update(**{**SIMPLE, "threshold": 2.5}, alarmActions=[TOPIC], actionsEnabled=False, tags={"owner": "security"})
    alarm = described(life)
    assert (alarm["Threshold"], alarm["OKActions"], alarm["ActionsEnabled"]) == (2.5, [], False)
    tags = life.boto("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    assert tags == [{"Key": "owner", "Value": "security"}]
    assert life.refresh() == []
    imported = life.imported()[0]
    assert (imported["metricName"], imported["alarmActions"], imported["threshold"]) == ("root-use", [TOPIC], 2.5)
    assert life.replaced_by(**{**SIMPLE, "name": "other"}) == {"name"}
    life.delete()
    assert life.gone()


def test_an_alarm_on_an_expression_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(ALARM, **RATIO)
    metrics = {each["Id"]: each for each in described(life)["Metrics"]}
    assert metrics["ratio"]["Expression"] == "failed / 100"
    stat = metrics["failed"]["MetricStat"]
    assert (stat["Stat"], stat["Period"], stat["Metric"]["Dimensions"]) == ("p99", 60, [{"Name": "queue", "Value": "jobs"}])
    assert life.refresh() == []


def test_drift_of_an_alarm_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(ALARM, **SIMPLE, alarmActions=[TOPIC])
    life.boto("cloudwatch").put_metric_alarm(
        AlarmName="root-use",
        Namespace="Estate",
        MetricName="root-use",
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        EvaluationPeriods=1,
        Period=300,
        Statistic="Sum",
        Threshold=1000,
    )
    assert {change.path for change in life.refresh()} == {"alarmActions", "threshold"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"metricName": None}, "give either metricName"),
        ({"statistic": None}, "needs statistic"),
        ({"period": None}, "needs a period"),
        ({"datapointsToAlarm": 2}, "must not exceed evaluationPeriods"),
        ({"alarmActions": [f"{TOPIC}-{number}" for number in range(6)]}, "at most 5"),
        ({"comparisonOperator": "Above"}, "GreaterThanThreshold"),
        ({"treatMissingData": "fine"}, "notBreaching|treatMissingData"),
    ],
)
def test_an_alarm_that_would_be_refused_is_refused(workbench: Workbench, changes: dict[str, Any], reason: str) -> None:
    inputs = {key: value for key, value in {**SIMPLE, **changes}.items() if value is not None}
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(ALARM).check(**inputs)


def counted(**more: Any) -> dict[str, Any]:
    return {"name": "root-use", "namespace": "Estate", "value": "1", **more}


def test_a_metric_filter_lives_as_declared(workbench: Workbench) -> None:
    workbench.made("aws:cloudwatch/logGroup:LogGroup", name=GROUP)
    pattern = '{ $.userIdentity.type = "Root" }'
    life = workbench.made(FILTER, name="root-use", logGroupName=GROUP, pattern=pattern, metricTransformation=counted(defaultValue="0"))
    logs = life.boto("logs")
    [live] = logs.describe_metric_filters(logGroupName=GROUP)["metricFilters"]
    assert live["filterPattern"] == pattern
    assert live["metricTransformations"] == [
        {"metricName": "root-use", "metricNamespace": "Estate", "metricValue": "1", "defaultValue": 0.0},
    ]
    assert life.refresh() == []
    life.update(name="root-use", logGroupName=GROUP, pattern='{ $.userIdentity.type = "Any" }', metricTransformation=counted(unit="Count"))
    [live] = logs.describe_metric_filters(logGroupName=GROUP)["metricFilters"]
    assert (live["filterPattern"], live["metricTransformations"][0]["unit"]) == ('{ $.userIdentity.type = "Any" }', "Count")
    assert life.refresh() == []
    life.id = f"{GROUP}:root-use"
    assert life.imported()[0]["logGroupName"] == GROUP
    life.id = "root-use"
    assert life.replaced_by(name="root-use", logGroupName="/other", pattern="ERROR", metricTransformation=counted()) == {"logGroupName"}
    life.delete()
    assert life.gone()


def test_a_metric_filter_of_no_log_group_fails(workbench: Workbench) -> None:
    with pytest.raises(Exception, match="ResourceNotFound"):
        workbench.made(FILTER, name="root-use", logGroupName=GROUP, pattern="ERROR", metricTransformation=counted())


def test_a_metric_with_dimensions_has_no_default(workbench: Workbench) -> None:
    transformation = counted(defaultValue="0", dimensions={"who": "$.userIdentity.arn"})
    with pytest.raises(InvalidInputs, match="leave out one of the two"):
        workbench.life(FILTER).check(name="x", logGroupName=GROUP, pattern="ERROR", metricTransformation=transformation)
