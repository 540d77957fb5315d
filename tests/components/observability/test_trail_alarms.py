"""An alarm for each pattern, which counts what its filter counts and reaches the topic."""

from components.observability.trail_alarms import TrailAlarms, TrailAlarmsArgs
from components.observability.trail_patterns import PATTERNS
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
FILTER, ALARM = "aws:cloudwatch/logMetricFilter:LogMetricFilter", "aws:cloudwatch/metricAlarm:MetricAlarm"


def _graph(global_events: bool = True) -> Graph:
    args = TrailAlarmsArgs(log_group_name="trail", alert_topic_arn=TOPIC, global_events=global_events)
    return record(lambda: TrailAlarms("audit", a_context(), args))


def test_each_pattern_has_a_filter_and_an_alarm_on_the_same_metric() -> None:
    graph = _graph()
    counted = {
        (each.inputs["metricTransformation"]["namespace"], each.inputs["metricTransformation"]["name"]): each.inputs["pattern"]
        for each in graph.of_type(FILTER)
    }
    watched = {(each.inputs["namespace"], each.inputs["metricName"]): each.inputs for each in graph.of_type(ALARM)}
    assert counted.keys() == watched.keys()
    assert set(counted.values()) == {each.pattern for each in PATTERNS}
    for pattern in PATTERNS:
        assert watched["morefocus-prod-use1/audit", pattern.name]["threshold"] == pattern.threshold


def test_every_alarm_reaches_the_topic_and_silence_is_no_alarm() -> None:
    for alarm in _graph().of_type(ALARM):
        assert alarm.inputs["alarmActions"] == [TOPIC]
        assert alarm.inputs["treatMissingData"] == "notBreaching"
        assert alarm.inputs.get("actionsEnabled", True)


def test_where_the_trail_has_no_global_events_nothing_waits_for_them() -> None:
    regional = {each.inputs["metricName"] for each in _graph(global_events=False).of_type(ALARM)}
    assert regional == {each.name for each in PATTERNS if not each.where_global}
    assert "identity-changes" not in regional
