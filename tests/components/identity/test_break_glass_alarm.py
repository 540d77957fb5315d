import json

from components.identity.break_glass_alarm import BreakGlassAlarm, BreakGlassAlarmArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

ROLE = "arn:aws:iam::123456789012:role/platform-break-glass"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


def graph() -> Graph:
    return record(lambda: BreakGlassAlarm("alarm", a_context(), BreakGlassAlarmArgs(role_arn=ROLE, alert_topic_arn=TOPIC)))


def test_the_rule_waits_for_the_role_being_taken_on_and_for_nothing_else() -> None:
    detail = json.loads(graph().one("aws:cloudwatch/eventRule:EventRule").inputs["eventPattern"])["detail"]
    assert detail == {"eventName": ["AssumeRole"], "requestParameters": {"roleArn": [ROLE]}}


def test_the_rule_is_shown_events_that_only_read_since_cloudtrail_counts_this_one_among_them() -> None:
    assert graph().one("aws:cloudwatch/eventRule:EventRule").inputs["state"] == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


def test_the_alert_says_who_from_where_and_when() -> None:
    target = graph().one("aws:cloudwatch/eventTarget:EventTarget").inputs
    assert target["arn"] == TOPIC
    template, paths = target["inputTransformer"]["inputTemplate"], target["inputTransformer"]["inputPaths"]
    assert all(f"<{name}>" in template for name in paths) and {"who", "from", "when"} <= paths.keys()
    assert json.loads(template)
