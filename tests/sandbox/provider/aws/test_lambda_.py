"""Functions and their permissions against the emulated cloud."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.provider import archives
from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

FUNCTION = "aws:lambda/function:Function"
PERMISSION = "aws:lambda/permission:Permission"
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:failed"
_SIGNATURE = "4dabf18193072939515e22adb298388d"


def code(text: str = "def handler(event, context): ...") -> dict[str, Any]:
    asset = {_SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": text}
    return {_SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7", "assets": {"index.py": asset}}


@pytest.fixture
def basic(workbench: Workbench) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = workbench.life(FUNCTION).boto("iam").create_role(RoleName="rotate", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    return {"name": "rotate", "role": role, "runtime": "python3.13", "handler": "index.handler", "code": code()}


def _live(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("lambda").get_function_configuration(FunctionName="rotate")
    return found


def test_a_function_lives_as_declared(workbench: Workbench, basic: dict[str, Any]) -> None:
    settings = {
        "description": "Rotates",
        "timeout": 60,
        "memorySize": 256,
        "architectures": ["arm64"],
        "environment": {"variables": {"LEVEL": "info"}},
        "deadLetterConfig": {"targetArn": QUEUE},
        "loggingConfig": {"logFormat": "JSON", "logGroup": "/estate/rotate"},
        "tracingConfig": {"mode": "Active"},
        "ephemeralStorage": {"size": 1024},
        "kmsKeyArn": KEY,
        "reservedConcurrentExecutions": 2,
    }
    life = workbench.life(FUNCTION)
    assert life.preview(**basic)["arn"] == ARN
    life.create(**basic, **settings, tags={"owner": "platform"})
    live = _live(life)
    assert life.outputs["codeSha256"] == live["CodeSha256"] == archives.sha256(archives.zipped(code()))
    assert (live["Timeout"], live["MemorySize"], live["Architectures"]) == (60, 256, ["arm64"])
    assert live["Environment"] == {"Variables": {"LEVEL": "info"}}
    assert (live["DeadLetterConfig"], live["KMSKeyArn"], live["TracingConfig"]) == ({"TargetArn": QUEUE}, KEY, {"Mode": "Active"})
    assert live["LoggingConfig"] == {
        "LogFormat": "JSON",
        "ApplicationLogLevel": "INFO",
        "SystemLogLevel": "INFO",
        "LogGroup": "/estate/rotate",
    }
    functions = life.boto("lambda")
    assert functions.get_function_concurrency(FunctionName="rotate")["ReservedConcurrentExecutions"] == 2
    assert functions.list_tags(Resource=ARN)["Tags"] == {"owner": "platform"}
    assert life.refresh() == []
    assert life.diff(**basic, **settings, tags={"owner": "platform"}) == []

    life.update(**basic | {"code": code("changed")}, timeout=30, tags={"environment": "staging"})
    live = _live(life)
    assert live["CodeSha256"] == archives.sha256(archives.zipped(code("changed")))
    assert (live["Timeout"], live["MemorySize"], live.get("KMSKeyArn") or "") == (30, 128, "")
    assert "DeadLetterConfig" not in live
    assert "Environment" not in live
    assert live["TracingConfig"] == {"Mode": "PassThrough"}
    assert "ReservedConcurrentExecutions" not in functions.get_function_concurrency(FunctionName="rotate")
    assert functions.list_tags(Resource=ARN)["Tags"] == {"environment": "staging"}
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_a_function_in_a_network_says_which(workbench: Workbench, basic: dict[str, Any]) -> None:
    ec2 = workbench.life(FUNCTION).boto("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]
    groups = [group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]][:1]
    place = {"subnetIds": [subnet["SubnetId"]], "securityGroupIds": groups}
    life = workbench.made(FUNCTION, **basic, vpcConfig=place)
    assert life.outputs["vpcConfig"]["vpcId"] == subnet["VpcId"] == _live(life)["VpcConfig"]["VpcId"]
    assert life.refresh() == []
    life.update(**basic)
    assert "VpcConfig" not in _live(life)
    assert life.refresh() == []


def test_publishing_makes_a_version_of_every_change(workbench: Workbench, basic: dict[str, Any]) -> None:
    life = workbench.made(FUNCTION, **basic, publish=True)
    assert (life.outputs["version"], life.outputs["qualifiedArn"]) == ("1", f"{ARN}:1")
    life.update(**basic | {"code": code("changed")}, publish=True)
    assert life.outputs["version"] == "2"
    versions = life.boto("lambda").list_versions_by_function(FunctionName="rotate")["Versions"]
    assert [item["Version"] for item in versions] == ["$LATEST", "1", "2"]


def test_code_that_was_only_moved_is_no_change(workbench: Workbench, basic: dict[str, Any]) -> None:
    life = workbench.made(FUNCTION, **basic)
    moved = code()
    moved["assets"]["index.py"]["hash"] = "of the engine"
    assert life.diff(**basic | {"code": moved}) == []
    assert [change.path for change in life.diff(**basic | {"code": code("changed")})] == ["code.assets.index.py.text"]


def test_another_name_is_another_function(workbench: Workbench, basic: dict[str, Any]) -> None:
    life = workbench.made(FUNCTION, **basic)
    assert life.replaced_by(**basic | {"name": "other"}) == {"name"}


def test_drift_of_a_function_shows_on_refresh(workbench: Workbench, basic: dict[str, Any]) -> None:
    life = workbench.made(FUNCTION, **basic, environment={"variables": {"LEVEL": "1"}}, timeout=60)
    life.boto("lambda").update_function_configuration(FunctionName="rotate", Timeout=10, Environment={"Variables": {"LEVEL": "2"}})
    assert {change.path.split(".")[0] for change in life.refresh()} == {"environment", "timeout"}


def test_a_function_can_be_imported(workbench: Workbench, basic: dict[str, Any]) -> None:
    life = workbench.made(FUNCTION, **basic, tags={"owner": "platform"})
    inputs, outputs = life.imported()
    wanted = {key: value for key, value in basic.items() if key != "code"} | {"tags": {"owner": "platform"}}
    assert {key: inputs[key] for key in wanted} == wanted
    assert outputs["arn"] == ARN


@pytest.mark.parametrize(
    "change, path",
    [
        ({"code": None}, "code"),
        ({"imageUri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"}, "code"),
        ({"handler": None}, "handler"),
        ({"runtime": "python2.6"}, "runtime"),
        ({"timeout": 0}, "timeout"),
        ({"memorySize": 64}, "memorySize"),
    ],
)
def test_a_function_that_lambda_would_refuse_is_refused(
    workbench: Workbench, basic: dict[str, Any], change: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(FUNCTION).check(**{key: value for key, value in (basic | change).items() if value is not None})
    assert path in {failure.path for failure in refused.value.failures}


def test_a_permission_lives_as_declared(workbench: Workbench, basic: dict[str, Any]) -> None:
    workbench.made(FUNCTION, logical="function", **basic)
    asked = {
        "function": "rotate",
        "action": "lambda:InvokeFunction",
        "principal": "secretsmanager.amazonaws.com",
        "sourceAccount": "123456789012",
    }
    life = workbench.made(PERMISSION, statementId="SecretsManager", **asked)
    functions = life.boto("lambda")
    (statement,) = json.loads(functions.get_policy(FunctionName="rotate")["Policy"])["Statement"]
    assert (statement["Sid"], statement["Principal"]) == ("SecretsManager", {"Service": "secretsmanager.amazonaws.com"})
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceAccount": "123456789012"}}
    assert life.refresh() == []
    assert life.replaced_by(statementId="SecretsManager", **asked | {"sourceAccount": "210987654321"}) == {"sourceAccount"}

    other = workbench.made(PERMISSION, logical="other", **asked | {"sourceArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a"})
    assert other.outputs["statementId"].startswith("other-")
    assert other.refresh() == []
    life.delete()
    assert life.gone()
    other.delete()
    assert other.gone()
