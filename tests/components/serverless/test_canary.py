"""Two steps by CodeDeploy, in its own words, by a role that moves the named aliases and nothing else."""

import json

import pytest

from components.serverless.canary import Canary, CanaryArgs, moving
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

FUNCTION = "morefocus-prod-use1-scheduling-bookings"
ARN = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{FUNCTION}"


def _graph(bake_minutes: int = 5) -> Graph:
    return record(lambda: Canary("scheduling-canary", a_context(), CanaryArgs(functions=[FUNCTION], bake_minutes=bake_minutes)))


def test_codedeploy_gives_the_first_share_for_as_long_as_all_steps_take() -> None:
    graph = _graph(bake_minutes=5)
    config = graph.one("aws:codedeploy/deploymentConfig:DeploymentConfig").inputs
    assert config["computePlatform"] == graph.one("aws:codedeploy/application:Application").inputs["computePlatform"] == "Lambda"
    assert config["trafficRoutingConfig"] == {"type": "TimeBasedCanary", "timeBasedCanary": {"percentage": 5, "interval": 15}}


def test_another_pace_is_another_configuration_because_none_can_be_changed() -> None:
    names = {
        _graph(bake_minutes=minutes).one("aws:codedeploy/deploymentConfig:DeploymentConfig").inputs["deploymentConfigName"]
        for minutes in (5, 10)
    }
    assert names == {f"morefocus-prod-use1-scheduling-canary-5-percent-{minutes}-minutes" for minutes in (15, 30)}


def test_the_role_is_codedeploys_and_moves_the_named_functions_alone() -> None:
    trust = json.loads(_graph().one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"][0]
    assert trust["Principal"] == {"Service": "codedeploy.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    policy = moving(a_context(), [FUNCTION])
    assert isinstance(policy, str)

    def may(action: str, resource: str) -> bool:
        return allowed(policy, Request(action=action, resource=resource, principal="arn:role"))

    assert may("lambda:UpdateAlias", ARN) and may("lambda:UpdateAlias", f"{ARN}:live")
    assert not may("lambda:UpdateAlias", f"{ARN}-2")
    assert not may("lambda:UpdateFunctionCode", ARN)
    assert not may("lambda:InvokeFunction", ARN)


@pytest.mark.parametrize("steps", [(100,), (0, 100), (25, 5, 100), (5, 5, 100), (5, 25)])
def test_shares_that_do_not_rise_to_all_calls_are_refused(steps: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rising percentages that end in 100"):
        CanaryArgs(functions=[FUNCTION], steps=steps)


def test_a_wait_that_codedeploy_does_not_take_and_a_canary_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match=r"bake_minutes must be 1 to 960 \(got 961\)"):
        CanaryArgs(functions=[FUNCTION], bake_minutes=961)
    with pytest.raises(ValueError, match="at least one function"):
        CanaryArgs(functions=[])
