import json
from typing import Any

import pytest

from components.security.rotation_function import HANDLER, RotationFunction, RotationFunctionArgs
from components.security.secret_row import SecretRow
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"
SOURCES = {"services/secret_rotation/handler.py": "def handle(event, context): ..."}
ROWS = {"morefocus-prod-euw1-sessions": SecretRow(days=30, generated=True, rotates=True, holds=("secret",))}
NAME = "morefocus-prod-euw1-rotation"


def args(**changes: Any) -> RotationFunctionArgs:
    basic: dict[str, Any] = {"sources": SOURCES, "rows": ROWS, "key_arn": "arn:key", "log_key_arn": "arn:log-key", "alert_topic_arn": TOPIC}
    return RotationFunctionArgs(**(basic | changes))


def graph(**changes: Any) -> Graph:
    return record(lambda: RotationFunction("rotation", a_context(Region.EU_WEST_1), args(**changes)))


def test_the_function_is_called_by_secrets_manager_and_by_its_own_schedule_alone() -> None:
    permissions = {each.inputs["principal"]: each.inputs for each in graph().of_type("aws:lambda/permission:Permission")}
    assert set(permissions) == {"secretsmanager.amazonaws.com", "events.amazonaws.com"}
    assert permissions["secretsmanager.amazonaws.com"]["sourceAccount"] == "123456789012"
    assert permissions["events.amazonaws.com"]["sourceArn"] == f"arn:aws:events:eu-west-1:123456789012:rule/{NAME}"


def test_the_schedule_is_the_rule_that_may_call_and_reaches_the_function() -> None:
    made = graph()
    rule, target = made.one("aws:cloudwatch/eventRule:EventRule"), made.one("aws:cloudwatch/eventTarget:EventTarget")
    assert (rule.inputs["name"], rule.inputs["scheduleExpression"]) == (NAME, "rate(1 hour)")
    assert target.inputs["arn"] == made.one("aws:lambda/function:Function").answered["arn"]


def test_a_failed_rotation_and_an_old_secret_ring_and_so_does_silence() -> None:
    alarms = {each.name: each.inputs for each in graph().of_type("aws:cloudwatch/metricAlarm:MetricAlarm")}
    assert {name: (each["namespace"], each["metricName"], each["treatMissingData"]) for name, each in alarms.items()} == {
        "rotation-failed": ("AWS/Lambda", "Errors", "notBreaching"),
        "rotation-overdue": ("MoreFocus/Secrets", "Overdue", "breaching"),
    }
    for each in alarms.values():
        assert each["alarmActions"] == each["okActions"] == [TOPIC]
        assert each["dimensions"] == {"FunctionName": NAME}


def test_its_log_is_encrypted_kept_for_a_time_and_made_before_lambda_would() -> None:
    made = graph(log_retention_days=90)
    group, function = made.one("aws:cloudwatch/logGroup:LogGroup"), made.one("aws:lambda/function:Function")
    assert (group.inputs["name"], group.inputs["retentionInDays"], group.inputs["kmsKeyId"]) == (f"/aws/lambda/{NAME}", 90, "arn:log-key")
    assert function.inputs["loggingConfig"]["logGroup"] == group.inputs["name"]
    assert function.inputs["handler"] == HANDLER


def test_the_package_holds_the_sources_and_the_rows_without_any_value() -> None:
    archive = graph().one("aws:lambda/function:Function").inputs["code"]
    texts = {path: asset.text for path, asset in archive.assets.items()}
    assert texts.keys() == {*SOURCES, "rows.json"}
    assert json.loads(texts["rows.json"]) == {
        "morefocus-prod-euw1-sessions": {"days": 30, "generated": True, "rotates": True, "holds": ["secret"], "kind": "plain"}
    }


def test_a_package_without_the_file_that_lambda_calls_is_refused() -> None:
    with pytest.raises(ValueError, match=r"services/secret_rotation/handler\.py, which Lambda calls \(got a\.py\)"):
        args(sources={"a.py": ""})
    with pytest.raises(ValueError, match="log_retention_days"):
        args(log_retention_days=2)
