"""Alarms may call the guard, and the guard may move the named aliases and nothing else."""

import pytest

from components.serverless.node_function import ALIAS
from components.serverless.rollout_guard import RolloutGuard, RolloutGuardArgs, guarding
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

FUNCTIONS = ("morefocus-prod-use1-bookings", "morefocus-prod-use1-privacy")
SOURCES = {"services/rollout_guard/handler.py": "def handle(event, context): ..."}


def _args(**more: object) -> RolloutGuardArgs:
    given = {"functions": FUNCTIONS, "sources": SOURCES, "alert_topic_arn": "topic", "log_key_arn": "logs", **more}
    return RolloutGuardArgs(**given)  # type: ignore[arg-type]


def _graph() -> Graph:
    return record(lambda: RolloutGuard("rollout-guard", a_context(), _args()))


def test_alarms_of_this_account_call_it_and_it_knows_all_functions_and_their_alias() -> None:
    graph = _graph()
    permission = graph.one("aws:lambda/permission:Permission").inputs
    assert (permission["principal"], permission["sourceAccount"]) == ("lambda.alarms.cloudwatch.amazonaws.com", ACCOUNT)
    variables = graph.one("aws:lambda/function:Function").inputs["environment"]["variables"]
    assert variables == {"FUNCTIONS": ",".join(FUNCTIONS), "ALIAS": ALIAS}


def test_a_guard_that_fails_is_told_of() -> None:
    alarm = _graph().one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert (alarm["metricName"], alarm["threshold"], alarm["alarmActions"]) == ("Errors", 0, ["topic"])


def test_it_moves_the_named_aliases_and_changes_no_code() -> None:
    policy = guarding(a_context(), "guard", FUNCTIONS)
    assert isinstance(policy, str)

    def may(action: str, function: str) -> bool:
        resource = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{function}"
        return allowed(policy, Request(action=action, resource=resource, principal="arn:role"))

    assert all(may("lambda:UpdateAlias", name) for name in FUNCTIONS)
    assert not may("lambda:UpdateAlias", "morefocus-prod-use1-other")
    assert not may("lambda:UpdateFunctionCode", FUNCTIONS[0])


def test_a_guard_of_nothing_or_without_what_lambda_calls_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one function"):
        _args(functions=())
    with pytest.raises(ValueError, match=r"sources must hold services/rollout_guard/handler\.py"):
        _args(sources={})
