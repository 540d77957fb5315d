"""Where a plan has a canary, every function of the service is moved and guarded by what the command knows by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.load import ROOT, load
from scripts.rollout import __main__ as command
from stacks.rollouts import _FILES, ROLLOUT
from tests.kit.composed import composed, shipped_graph
from tests.kit.plans import shipped, write
from tests.kit.plans import stack as stack_file

FUNCTION = "aws:lambda/function:Function"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
GROUP = "aws:codedeploy/deploymentGroup:DeploymentGroup"


@pytest.mark.parametrize("stack", ["us-east-1", "eu-west-1", "sa-east-1"])
def test_every_function_behind_an_alias_is_in_the_application_and_its_alarms_call_the_guard(stack: str) -> None:
    assert load(stack).plan.scheduling.canary is not None
    graph = shipped_graph(stack)
    application = graph.one("aws:codedeploy/application:Application").inputs["name"]
    aliased = {alias.inputs["functionName"] for alias in graph.of_type("aws:lambda/alias:Alias")}
    groups = {group.inputs["deploymentGroupName"]: group.inputs for group in graph.of_type(GROUP)}
    assert groups.keys() == aliased and len(aliased) >= 7
    assert {group["appName"] for group in groups.values()} == {application}
    guard = graph.named(f"{ROLLOUT}-guard-function")
    assert set(guard.inputs["environment"]["variables"]["FUNCTIONS"].split(",")) == aliased
    actions = {alarm.inputs["name"]: alarm.inputs["alarmActions"] for alarm in graph.of_type(ALARM)}
    watched = [alarm for group in groups.values() for alarm in group["alarmConfiguration"]["alarms"]]
    assert all(guard.answered["arn"] in actions[alarm] for alarm in watched)


def test_the_command_looks_for_the_application_that_the_stack_makes() -> None:
    plan = load("sa-east-1").plan
    named = f"morefocus-{plan.environment.short}-{plan.region.code}-{command.APPLICATION}"
    assert shipped_graph("sa-east-1").one("aws:codedeploy/application:Application").inputs["name"] == named


def test_the_package_of_the_guard_holds_every_part_of_it() -> None:
    folder = ROOT / "services" / "rollout_guard"
    assert {path.name for path in folder.glob("*.py")} == {path.rpartition("/")[2] for path in _FILES if "rollout_guard" in path}


def test_without_a_canary_nothing_waits_for_a_rollout(tmp_path: Path) -> None:
    documents = shipped()
    stack_file(documents, "staging")["morefocus:scheduling"]["canary"] = None
    graph = composed(load("staging", root=write(documents, tmp_path)))
    assert not graph.of_type(GROUP) and not [each for each in graph.of_type(FUNCTION) if each.name.startswith(ROLLOUT)]
    assert all(not alias.ignore_changes for alias in graph.of_type("aws:lambda/alias:Alias"))
