"""Rules of an event bus and their targets against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"
SEVERE = json.dumps({"source": ["aws.guardduty"], "detail": {"severity": [{"numeric": [">=", 7]}]}})


def test_a_rule_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(RULE)
    arn = "arn:aws:events:eu-west-1:123456789012:rule/severe"
    assert life.preview(name="severe", eventPattern=SEVERE)["arn"] == arn
    life.create(name="severe", eventPattern=SEVERE, description="Severe findings", tags={"owner": "platform"})
    events = life.boto("events")
    live = events.describe_rule(Name="severe")
    assert (json.loads(live["EventPattern"]), live["State"], live["Description"]) == (json.loads(SEVERE), "ENABLED", "Severe findings")
    assert life.refresh() == []
    other = json.dumps({"source": ["aws.health"]})
    life.update(name="severe", eventPattern=other, state="DISABLED", tags={"owner": "security"})
    live = events.describe_rule(Name="severe")
    assert (json.loads(live["EventPattern"]), live["State"]) == (json.loads(other), "DISABLED")
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "owner", "Value": "security"}]
    assert life.refresh() == []
    assert life.imported()[0]["name"] == "severe"
    assert life.replaced_by(name="other", eventPattern=other) == {"name"}
    events.enable_rule(Name="severe")
    assert [change.path for change in life.refresh()] == ["state"]
    life.delete()
    assert life.gone()


def test_a_schedule_is_a_rule_too(workbench: Workbench) -> None:
    life = workbench.made(RULE, name="nightly", scheduleExpression="cron(0 3 * * ? *)")
    assert life.boto("events").describe_rule(Name="nightly")["ScheduleExpression"] == "cron(0 3 * * ? *)"
    assert life.refresh() == []


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({}, "needs eventPattern"),
        ({"eventPattern": "{"}, "must be JSON"),
        ({"eventPattern": '{"source": "aws.health"}'}, "source must be an object or a list"),
        ({"eventPattern": '{"detail": {"severity": [{"above": 7}]}}'}, "detail.severity has an unknown condition 'above'"),
        ({"eventPattern": "{}"}, "at least one field"),
        ({"eventPattern": SEVERE, "state": "ON"}, "ENABLED"),
    ],
)
def test_a_rule_that_would_be_refused_is_refused(workbench: Workbench, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(RULE).check(name="severe", **inputs)


def test_a_target_lives_as_declared(workbench: Workbench) -> None:
    workbench.made(RULE, name="severe", eventPattern=SEVERE)
    transformer = {"inputPaths": {"title": "$.detail.title"}, "inputTemplate": '"<title>"'}
    life = workbench.made(
        TARGET,
        rule="severe",
        targetId="notify",
        arn=TOPIC,
        inputTransformer=transformer,
        retryPolicy={"maximumRetryAttempts": 5, "maximumEventAgeInSeconds": 3600},
        deadLetterConfig={"arn": "arn:aws:sqs:eu-west-1:123456789012:lost"},
    )
    events = life.boto("events")
    [live] = events.list_targets_by_rule(Rule="severe")["Targets"]
    assert (live["Id"], live["Arn"], live["RetryPolicy"]["MaximumRetryAttempts"]) == ("notify", TOPIC, 5)
    assert live["InputTransformer"] == {"InputPathsMap": {"title": "$.detail.title"}, "InputTemplate": '"<title>"'}
    assert life.refresh() == []
    life.update(rule="severe", targetId="notify", arn=f"{TOPIC}-2", input='{"plain": true}')
    [live] = events.list_targets_by_rule(Rule="severe")["Targets"]
    assert (live["Arn"], live["Input"], "RetryPolicy" in live) == (f"{TOPIC}-2", '{"plain": true}', False)
    assert life.refresh() == []
    life.id = "severe/notify"
    assert life.imported()[0]["arn"] == f"{TOPIC}-2"
    assert life.replaced_by(rule="severe", targetId="other", arn=TOPIC) == {"targetId"}
    life.delete()
    assert life.gone()


def test_a_rule_with_targets_goes_only_by_force(workbench: Workbench) -> None:
    rule = workbench.made(RULE, name="severe", eventPattern=SEVERE)
    workbench.made(TARGET, rule="severe", targetId="notify", arn=TOPIC)
    with pytest.raises(Exception, match="target"):
        rule.delete()
    rule.update(name="severe", eventPattern=SEVERE, forceDestroy=True)
    rule.delete()
    assert rule.gone()


def test_a_target_is_told_its_input_in_one_way(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="in one way"):
        workbench.life(TARGET).check(rule="severe", targetId="notify", arn=TOPIC, input="{}", inputPath="$.detail")
