import json
from typing import Any

import pulumi
import pytest

from components._base import Component, document
from components._base.function import function_name, writes_log
from components._base.python_function import Program, check_sources, function
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

NAME = "morefocus-prod-use1-worker"
FILES = {"services/worker.py": "def handle(event, context): ...", "rows.json": "{}"}


class Owner(Component, token="test:FunctionOwner"):
    arn: pulumi.Output[str]

    def __init__(self, **more: Any) -> None:
        context = a_context()
        super().__init__("worker", context)
        program = Program(
            handler="services.worker.handle",
            files=FILES,
            description="Works",
            timeout_seconds=30,
            duty="work",
            duty_description="Lets the worker work",
            **more,
        )
        policy = document(writes_log(context, function_name(context, "worker")))
        self.arn = function(self, "worker", program, policy, log_key_arn="arn:key", log_retention_days=90).arn
        self.publish()


def _graph(**more: Any) -> Graph:
    return record(lambda: Owner(**more))


def test_the_package_holds_every_file_and_runs_the_handler() -> None:
    made = _graph().one("aws:lambda/function:Function").inputs
    assert {path: asset.text for path, asset in made["code"].assets.items()} == FILES
    assert (made["name"], made["handler"], made["timeout"]) == (NAME, "services.worker.handle", 30)


def test_the_environment_is_what_the_program_names_and_absent_without() -> None:
    assert _graph(variables={"MODE": "dry"}).one("aws:lambda/function:Function").inputs["environment"] == {"variables": {"MODE": "dry"}}
    assert "environment" not in _graph().one("aws:lambda/function:Function").inputs


def test_the_role_is_for_lambda_and_may_write_to_the_functions_own_log_alone() -> None:
    graph = _graph()
    trust = json.loads(graph.one("aws:iam/role:Role").inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}
    policy = graph.one("aws:iam/rolePolicy:RolePolicy").inputs
    assert policy["name"] == "work"

    def may(group: str) -> bool:
        resource = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}:log-stream:1"
        return allowed(policy["policy"], Request(action="logs:PutLogEvents", resource=resource, principal="arn:role"))

    assert may(f"/aws/lambda/{NAME}")
    assert not may(f"/aws/lambda/{NAME}-2")


def test_its_log_is_the_group_that_it_writes_to_encrypted_and_kept_for_a_time() -> None:
    graph = _graph()
    group, made = graph.one("aws:cloudwatch/logGroup:LogGroup").inputs, graph.one("aws:lambda/function:Function").inputs
    assert (group["name"], group["kmsKeyId"], group["retentionInDays"]) == (f"/aws/lambda/{NAME}", "arn:key", 90)
    assert made["loggingConfig"]["logGroup"] == group["name"]


def test_sources_without_the_file_that_lambda_calls_are_refused() -> None:
    check_sources("services.worker.handle", FILES)
    with pytest.raises(ValueError, match=r"sources must hold services/worker\.py, which Lambda calls \(got none\)"):
        check_sources("services.worker.handle", {})
