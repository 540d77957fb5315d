import json

from components.recovery.failure_notice import FailureNotice, FailureNoticeArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


def test_every_kind_of_failed_job_reaches_the_topic() -> None:
    graph = record(lambda: FailureNotice("failures", a_context(), FailureNoticeArgs(topic_arn=TOPIC)))
    patterns = [json.loads(rule.inputs["eventPattern"]) for rule in graph.of_type("aws:cloudwatch/eventRule:EventRule")]
    assert {pattern["detail-type"][0] for pattern in patterns} == {
        "Backup Job State Change",
        "Copy Job State Change",
        "Restore Job State Change",
    }
    for pattern in patterns:
        assert pattern["source"] == ["aws.backup"]
        assert all("FAILED" in states for option in pattern["detail"]["$or"] for states in option.values())
        assert "COMPLETED" not in json.dumps(pattern)
    targets = graph.of_type("aws:cloudwatch/eventTarget:EventTarget")
    assert [target.inputs["arn"] for target in targets] == [TOPIC] * 3
