"""Every kind of finding has a rule whose one target is the alert topic."""

import json

from components.observability.finding_events import EVENTS
from components.observability.finding_notices import FindingNotices, FindingNoticesArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


def test_each_kind_of_finding_reaches_the_topic_in_one_readable_line() -> None:
    graph = record(lambda: FindingNotices("findings", a_context(), FindingNoticesArgs(alert_topic_arn=TOPIC)))
    rules = {each.inputs["name"]: json.loads(each.inputs["eventPattern"]) for each in graph.of_type("aws:cloudwatch/eventRule:EventRule")}
    targets = {each.inputs["rule"]: each.inputs for each in graph.of_type("aws:cloudwatch/eventTarget:EventTarget")}
    assert len(rules) == len(EVENTS) and all(dict(each.pattern) in rules.values() for each in EVENTS)
    assert rules.keys() == targets.keys()
    for inputs in targets.values():
        assert inputs["arn"] == TOPIC
        template, paths = inputs["inputTransformer"]["inputTemplate"], inputs["inputTransformer"]["inputPaths"]
        assert isinstance(json.loads(template), str), "SNS takes one JSON string"
        assert all(f"<{name}>" in template for name in paths)
