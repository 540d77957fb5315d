"""The surroundings of a function: its name in all three places, and a log that only it may write."""

from typing import Any

import pulumi

from components._base import Component, document
from components._base.function import Duty, function_name, log_group_name, surroundings, writes_log
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

NAME = "morefocus-prod-use1-worker"


class Owner(Component, token="test:SurroundingsOwner"):
    name: pulumi.Output[str]

    def __init__(self) -> None:
        context = a_context()
        super().__init__("worker", context)
        policy = document(writes_log(context, function_name(context, "worker")))
        duty = Duty(name="work", description="Lets the worker work", policy=policy)
        around = surroundings(self, "worker", duty, log_key_arn="arn:key", log_retention_days=90)
        self.name = pulumi.Output.from_input(around.name)
        self.publish()


def _graph() -> Graph:
    return record(Owner)


def test_function_role_and_log_have_the_name_that_lambda_looks_for() -> None:
    graph = _graph()
    assert graph.one("aws:iam/role:Role").inputs["name"] == NAME
    group: dict[str, Any] = graph.one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert (group["name"], group["kmsKeyId"], group["retentionInDays"]) == (log_group_name(NAME), "arn:key", 90)
    assert log_group_name(NAME) == f"/aws/lambda/{NAME}"


def test_a_function_writes_to_its_own_log_and_to_no_other() -> None:
    policy = _graph().one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]

    def may(group: str) -> bool:
        resource = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}:log-stream:1"
        return allowed(policy, Request(action="logs:PutLogEvents", resource=resource, principal="arn:role"))

    assert may(log_group_name(NAME))
    assert not may(log_group_name(f"{NAME}-2"))
