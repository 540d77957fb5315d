"""What a function is made of, what it may do, and what waits before it is in service."""

import json
from typing import Any

import pytest

from components._base import allow
from components.serverless.function_network import Egress, FunctionNetwork
from components.serverless.node_function import ALIAS, RUNTIME, CanaryPlan, NodeFunction, NodeFunctionArgs, as_released
from config.secrets_extension import layer_arn
from config.support import versions
from config.vocabulary import Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

NAME = "morefocus-prod-use1-bookings"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/bookings"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:failures"
SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:stripe-AbCdEf"
LAYER = layer_arn(Region.US_EAST_1)
HASH = "A" * 43 + "="
FUNCTION = "aws:lambda/function:Function"
ALIAS_TYPE = "aws:lambda/alias:Alias"
GUARD = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:guard"
CANARY = CanaryPlan(application="scheduling-canary", config="5-percent", role_arn="arn:role", guard_arn=GUARD)


def _args(**more: Any) -> NodeFunctionArgs:
    given: dict[str, Any] = {
        "release_bucket": "releases",
        "release_key": "scheduling/1.zip",
        "release_hash": HASH,
        "handler": "bookings/handler.handle",
        "description": "Bookings",
        "timeout_seconds": 10,
        "credentials_key_arn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/credentials",
        "key_arn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/operational",
        "log_key_arn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/logs",
        "alert_topic_arn": f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts",
    }
    return NodeFunctionArgs(**{**given, **more})


def _graph(**more: Any) -> Graph:
    def answers(type_: str, _name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        if type_ == FUNCTION:
            return {"version": "1", "codeSha256": inputs["sourceCodeHash"], "arn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{NAME}"}
        return {"arn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{NAME}:{ALIAS}"} if type_ == ALIAS_TYPE else {}

    return record(lambda: NodeFunction("bookings", a_context(), _args(**more)), computed=answers)


def test_the_function_runs_the_release_on_arm64_encrypted_traced_and_published() -> None:
    made = _graph(memory_mb=512, reserved_concurrency=20, variables={"TABLE": "bookings"}).one(FUNCTION).inputs
    assert (made["runtime"], made["architectures"], made["handler"]) == (RUNTIME, ["arm64"], "bookings/handler.handle")
    assert (made["s3Bucket"], made["s3Key"], made["sourceCodeHash"], made["publish"]) == ("releases", "scheduling/1.zip", HASH, True)
    assert (made["memorySize"], made["timeout"], made["reservedConcurrentExecutions"]) == (512, 10, 20)
    assert made["environment"] == {"variables": {"TABLE": "bookings"}}
    assert made["kmsKeyArn"].endswith("key/operational") and made["tracingConfig"] == {"mode": "Active"}
    assert made["loggingConfig"] == {"logFormat": "JSON", "logGroup": f"/aws/lambda/{NAME}"}
    assert "layers" not in made and "vpcConfig" not in made


def test_the_runtime_is_the_one_whose_end_of_support_is_on_record() -> None:
    assert [f"nodejs{version}.x" for version in versions("Node.js on Lambda")] == [RUNTIME]


def test_callers_get_the_alias_and_its_version_when_there_is_no_canary() -> None:
    graph = _graph()
    alias = graph.one(ALIAS_TYPE)
    assert (alias.inputs["name"], alias.inputs["functionVersion"], alias.ignore_changes) == (ALIAS, "1", ())
    outputs = graph.outputs_of(graph.one("morefocus:serverless:NodeFunction"))
    assert outputs["arn"].endswith(f":{NAME}:{ALIAS}") and outputs["function_arn"].endswith(f":{NAME}")
    assert (outputs["name"], outputs["alias"], outputs.get("security_group_id")) == (NAME, ALIAS, None)
    assert not graph.of_type("aws:codedeploy/deploymentGroup:DeploymentGroup")


def test_with_a_canary_the_alias_waits_and_every_alarm_of_the_function_ends_a_rollout() -> None:
    graph = _graph(canary=CANARY)
    assert set(graph.one(ALIAS_TYPE).ignore_changes) == {"functionVersion", "routingConfig"}
    group = graph.one("aws:codedeploy/deploymentGroup:DeploymentGroup").inputs
    assert (group["appName"], group["deploymentGroupName"], group["deploymentConfigName"]) == ("scheduling-canary", NAME, "5-percent")
    alarms = {alarm.inputs["name"] for alarm in graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")}
    assert set(group["alarmConfiguration"]["alarms"]) == alarms and len(alarms) == 3
    assert group["alarmConfiguration"]["enabled"] is True
    assert all(GUARD in alarm.inputs["alarmActions"] for alarm in graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm"))
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["autoRollbackConfiguration"]["events"]
    assert group["deploymentStyle"] == {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}


def test_secrets_come_through_the_extension_and_never_in_the_environment() -> None:
    graph = _graph(secrets={"STRIPE_SECRET": SECRET}, extension_layer_arn=LAYER)
    made = graph.one(FUNCTION).inputs
    assert made["layers"] == [LAYER]
    assert made["environment"]["variables"] == {"STRIPE_SECRET": SECRET}, "where the secret is, not what it is"
    policy = graph.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]
    assert allowed(policy, Request(action="secretsmanager:GetSecretValue", resource=SECRET, principal="arn:role"))


def test_secrets_without_a_layer_of_the_region_are_refused_with_the_command_that_finds_one() -> None:
    elsewhere = layer_arn(Region.EU_WEST_1)
    for layer in (None, elsewhere):
        with pytest.raises(ValueError, match=r"aws ssm get-parameter --name /aws/service/\S+/arm64/latest --region us-east-1"):
            _graph(secrets={"STRIPE_SECRET": SECRET}, extension_layer_arn=layer)


def test_a_function_may_do_what_it_is_given_and_nothing_of_its_neighbours() -> None:
    policy = _graph(statements=[allow("dynamodb:PutItem", on=[TABLE], sid="Write")]).one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]

    def may(action: str, resource: str) -> bool:
        return allowed(policy, Request(action=action, resource=resource, principal="arn:role"))

    assert may("dynamodb:PutItem", TABLE) and may("logs:PutLogEvents", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/lambda/{NAME}:x")
    assert not may("dynamodb:PutItem", f"{TABLE}-2")
    assert not may("dynamodb:Scan", TABLE)
    assert not may("ec2:CreateNetworkInterface", "*")
    sids = [each["Sid"] for each in json.loads(policy)["Statement"]]
    assert sids == ["WriteItsLog", "Trace", "ReadItsEnvironment", "Write"]


def test_in_a_network_the_function_has_a_group_of_its_own() -> None:
    network = FunctionNetwork(vpc_id="vpc-1", subnet_ids=["subnet-a", "subnet-b"], egress=[Egress(to="web", cidr="0.0.0.0/0")])
    graph = _graph(network=network)
    group = graph.one("aws:ec2/securityGroup:SecurityGroup").answered["id"]
    assert graph.one(FUNCTION).inputs["vpcConfig"] == {"subnetIds": ["subnet-a", "subnet-b"], "securityGroupIds": [group]}
    policy = graph.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]
    assert allowed(policy, Request(action="ec2:CreateNetworkInterface", resource="*", principal="arn:role"))


def test_calls_that_nobody_waits_for_are_parked_when_they_fail() -> None:
    config = _graph(on_failure_arn=QUEUE).one("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").inputs
    assert (config["functionName"], config["qualifier"], config["maximumRetryAttempts"]) == (NAME, ALIAS, 2)
    assert config["destinationConfig"] == {"onFailure": {"destination": QUEUE}}
    assert not _graph().of_type("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")


def test_code_that_is_not_the_release_is_not_taken_into_service() -> None:
    assert as_released("7", HASH, HASH) == "7"
    with pytest.raises(ValueError, match="version 7 has code other, the release is"):
        as_released("7", "other", HASH)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"handler": "bookings/handler"}, "a file without its ending, a dot and a function"),
        ({"timeout_seconds": 901}, r"timeout_seconds must be 1 to 900 \(got 901\)"),
        ({"memory_mb": 64}, r"memory_mb must be 128 to 10240 \(got 64\)"),
        ({"reserved_concurrency": 0}, r"0 stops the function \(got 0\)"),
        ({"variables": {"STRIPE_API_KEY": "sk_live"}}, "give STRIPE_API_KEY under secrets"),
        ({"variables": {"A": "1"}, "secrets": {"A": SECRET}}, "name the same: A"),
        ({"log_retention_days": 1000}, "log_retention_days must be one of"),
    ],
)
def test_what_lambda_would_refuse_or_show_to_all_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _args(**given)
