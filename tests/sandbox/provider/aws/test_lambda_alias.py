"""Aliases against the emulated cloud: one version, two with shares, and changes by somebody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

ALIAS = "aws:lambda/alias:Alias"
FUNCTION = "aws:lambda/function:Function"
PERMISSION = "aws:lambda/permission:Permission"
RUNTIME = "aws:lambda/runtimeManagementConfig:RuntimeManagementConfig"
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:bookings"
LAYER = "arn:aws:lambda:eu-west-1:015030872274:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:101"
_SIGNATURE = "4dabf18193072939515e22adb298388d"


def given(text: str = "1", **more: Any) -> dict[str, Any]:
    asset = {_SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": f"export const handle = () => {text};"}
    code = {_SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7", "assets": {"index.mjs": asset}}
    role = "arn:aws:iam::123456789012:role/bookings"
    base = {"name": "bookings", "role": role, "runtime": "nodejs24.x", "handler": "index.handle", "architectures": ["arm64"]}
    return {**base, "publish": True, "code": code, **more}


@pytest.fixture
def function(workbench: Workbench) -> Life:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    workbench.life(FUNCTION).boto("iam").create_role(RoleName="bookings", AssumeRolePolicyDocument=document)
    life = workbench.made(FUNCTION, **given())
    life.update(**given("2"))
    return life


def live(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("lambda").get_alias(FunctionName="bookings", Name="live")
    return found


def test_an_alias_lives_as_declared(workbench: Workbench, function: Life) -> None:
    alias = {"name": "live", "functionName": "bookings", "functionVersion": "1"}
    life = workbench.life(ALIAS)
    assert life.preview(**alias)["arn"] == f"{ARN}:live"
    life.create(**alias, description="In service")
    assert (live(life)["FunctionVersion"], live(life)["AliasArn"]) == ("1", f"{ARN}:live")
    assert life.outputs["invokeArn"].endswith(f"functions/{ARN}:live/invocations")
    assert life.refresh() == []
    life.update(**alias, routingConfig={"additionalVersionWeights": {"2": 0.05}})
    assert live(life)["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.05}}
    assert (live(life)["Description"], life.refresh()) == ("", [])
    life.update(**alias | {"functionVersion": "2"})
    assert live(life)["FunctionVersion"] == "2"
    assert not (live(life).get("RoutingConfig") or {}).get("AdditionalVersionWeights")
    assert life.refresh() == []
    assert life.imported()[0]["functionVersion"] == "2"
    assert life.replaced_by(**alias | {"name": "next"}) == {"name"}
    assert life.diff(**alias | {"functionName": ARN, "functionVersion": "2"}) == [], "the same function by its ARN"
    life.delete()
    assert life.gone()


def test_what_a_rollout_moves_shows_as_drift_until_the_program_ignores_it(workbench: Workbench, function: Life) -> None:
    life = workbench.made(ALIAS, name="live", functionName="bookings", functionVersion="1")
    life.boto("lambda").update_alias(FunctionName="bookings", Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 0.25}})
    changes = life.refresh()
    assert not changes or {change.path.split(".")[0] for change in changes} == {"routingConfig"}
    life.boto("lambda").update_alias(FunctionName="bookings", Name="live", FunctionVersion="2", RoutingConfig={})
    assert {change.path for change in life.refresh()} == {"functionVersion"}


def test_a_change_of_an_alias_that_somebody_moved_meanwhile_is_refused(workbench: Workbench, function: Life) -> None:
    life = workbench.made(ALIAS, name="live", functionName="bookings", functionVersion="1")
    functions, before = life.boto("lambda"), live(life)["RevisionId"]
    functions.update_alias(FunctionName="bookings", Name="live", FunctionVersion="2", RevisionId=before)
    assert live(life)["RevisionId"] != before
    with pytest.raises(functions.exceptions.PreconditionFailedException):
        functions.update_alias(FunctionName="bookings", Name="live", FunctionVersion="1", RevisionId=before)
    assert live(life)["FunctionVersion"] == "2"
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.update_alias(FunctionName="bookings", Name="live", RoutingConfig={"AdditionalVersionWeights": {"9": 0.1}})


def test_a_permission_of_an_alias_outlives_the_version_behind_it(workbench: Workbench, function: Life) -> None:
    alias = workbench.made(ALIAS, name="live", functionName="bookings", functionVersion="1")
    source = "arn:aws:execute-api:eu-west-1:123456789012:api/*"
    life = workbench.made(
        PERMISSION,
        function="bookings",
        qualifier="live",
        action="lambda:InvokeFunction",
        principal="apigateway.amazonaws.com",
        statementId="Api",
        sourceArn=source,
        sourceAccount="123456789012",
    )
    alias.update(name="live", functionName="bookings", functionVersion="2")
    policy = json.loads(life.boto("lambda").get_policy(FunctionName="bookings", Qualifier="live")["Policy"])
    [statement] = policy["Statement"]
    assert statement["Resource"] == f"{ARN}:live"
    assert statement["Condition"]["ArnLike"] == {"AWS:SourceArn": source}
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_a_function_runs_a_bundle_of_a_bucket_with_a_layer_of_aws(workbench: Workbench, function: Life) -> None:
    s3 = workbench.life(FUNCTION).boto("s3")
    s3.create_bucket(Bucket="releases", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for number in (1, 2):
        s3.put_object(Bucket="releases", Key=f"{number}.zip", Body=f"bundle {number}".encode())
    inputs = {key: value for key, value in given(name="messages").items() if key != "code"}
    placed = {"s3Bucket": "releases", "s3Key": "1.zip", "sourceCodeHash": "first", "layers": [LAYER], "snapStart": {"applyOn": "None"}}
    life = workbench.life(FUNCTION, name="messages")
    life.create(**inputs, **placed)
    assert life.refresh() == []
    first = life.outputs["codeSha256"]
    life.update(**inputs, **placed | {"s3Key": "2.zip", "sourceCodeHash": "second"})
    configuration = life.boto("lambda").get_function_configuration(FunctionName="messages")
    assert [layer["Arn"] for layer in configuration["Layers"]] == [LAYER]
    assert (life.outputs["version"], life.outputs["codeSha256"] != first) == ("2", True)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"routingConfig": {"additionalVersionWeights": {"2": 0.1, "3": 0.1}}}, "routingConfig.additionalVersionWeights"),
        ({"functionVersion": "$LATEST", "routingConfig": {"additionalVersionWeights": {"2": 0.1}}}, "functionVersion"),
        ({"name": "1"}, "name"),
    ],
)
def test_an_alias_that_lambda_would_refuse_is_refused(workbench: Workbench, change: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as error:
        workbench.life(ALIAS).check(**{"name": "live", "functionName": "bookings", "functionVersion": "1", **change})
    assert path in {failure.path for failure in error.value.failures}


def test_when_a_runtime_is_renewed_is_kept_and_checked(workbench: Workbench) -> None:
    life = workbench.made(RUNTIME, functionName="bookings", updateRuntimeOn="FunctionUpdate")
    assert (life.id, life.outputs["functionArn"]) == ("bookings", ARN)
    with pytest.raises(InvalidInputs, match="runtimeVersionArn: goes with updateRuntimeOn Manual"):
        life.check(functionName="bookings", updateRuntimeOn="Manual")
    with pytest.raises(InvalidInputs, match="allowed are Auto, FunctionUpdate, Manual"):
        life.check(functionName="bookings", updateRuntimeOn="Never")
