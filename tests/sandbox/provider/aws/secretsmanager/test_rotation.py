"""Rotation schedules against the emulated cloud."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"


@pytest.fixture
def secret(workbench: Workbench) -> str:
    """The ARN of a secret with a value; the function that would rotate it is there."""
    life = workbench.made(SECRET, logical="secret", name="bookings")
    workbench.made(VERSION, logical="version", secretId=life.id, secretString="first")
    _function(life)
    return life.id


def _function(life: Life) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = life.boto("iam").create_role(RoleName="rotate", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): ...")
    life.boto("lambda").create_function(
        FunctionName="rotate", Runtime="python3.12", Role=role, Handler="index.handler", Code={"ZipFile": code.getvalue()}
    )


def test_a_rotation_lives_as_declared(workbench: Workbench, secret: str) -> None:
    life = workbench.made(ROTATION, secretId=secret, rotationLambdaArn=FUNCTION, rotationRules={"automaticallyAfterDays": 30})
    assert life.id == secret
    live = life.boto("secretsmanager").describe_secret(SecretId=secret)
    assert (live["RotationEnabled"], live["RotationLambdaARN"]) == (True, FUNCTION)
    assert live["RotationRules"] == {"AutomaticallyAfterDays": 30}
    assert life.refresh() == []

    schedule = {"scheduleExpression": "rate(10 days)", "duration": "2h"}
    life.update(secretId=secret, rotationLambdaArn=FUNCTION, rotationRules=schedule)
    live = life.boto("secretsmanager").describe_secret(SecretId=secret)
    assert live["RotationRules"] == {"ScheduleExpression": "rate(10 days)", "Duration": "2h"}
    assert life.refresh() == []
    assert life.imported()[0]["rotationRules"] == schedule

    life.delete()
    live = life.boto("secretsmanager").describe_secret(SecretId=secret)
    assert live["RotationEnabled"] is False
    assert life.boto("secretsmanager").get_secret_value(SecretId=secret)["SecretString"] == "first"


def test_a_rotation_stopped_elsewhere_shows_on_refresh(workbench: Workbench, secret: str) -> None:
    life = workbench.made(ROTATION, secretId=secret, rotationLambdaArn=FUNCTION, rotationRules={"automaticallyAfterDays": 30})
    life.boto("secretsmanager").cancel_rotate_secret(SecretId=secret)
    assert {change.path.split(".")[0] for change in life.refresh()} == {"rotationLambdaArn", "rotationRules"}


def test_a_rotation_by_a_function_that_is_not_there_is_refused(workbench: Workbench, secret: str) -> None:
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        workbench.made(
            ROTATION, secretId=secret, rotationLambdaArn=FUNCTION.replace("rotate", "other"), rotationRules={"automaticallyAfterDays": 1}
        )


def test_the_rotation_of_another_secret_is_another_rotation(workbench: Workbench, secret: str) -> None:
    life = workbench.made(ROTATION, secretId=secret, rotationLambdaArn=FUNCTION, rotationRules={"automaticallyAfterDays": 30})
    wanted = {"rotationLambdaArn": FUNCTION, "rotationRules": {"automaticallyAfterDays": 30}}
    assert life.replaced_by(secretId="another", **wanted) == {"secretId"}


@pytest.mark.parametrize(
    "inputs",
    [
        {"rotationLambdaArn": FUNCTION},
        {"rotationEnabled": False, "rotationRules": {"automaticallyAfterDays": 30}},
        {"rotationLambdaArn": FUNCTION, "rotationRules": {"duration": "2h"}},
        {"rotationLambdaArn": FUNCTION, "rotationRules": {"automaticallyAfterDays": 30, "scheduleExpression": "rate(1 day)"}},
    ],
)
def test_a_rotation_says_when_or_that_it_is_off(workbench: Workbench, inputs: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputs, match="rotationRules"):
        workbench.life(ROTATION).check(secretId="bookings", **inputs)
