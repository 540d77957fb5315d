"""Severe findings are contained in the region they are of, by the code that is in this repository."""

import pytest

from config.load import ROOT
from stacks.response import _FILES
from tests.kit.composed import shipped_graph

FUNCTION = "aws:lambda/function:Function"


@pytest.mark.parametrize("stack", ["us-east-1", "eu-west-1", "sa-east-1"])
def test_each_region_contains_and_tells(stack: str) -> None:
    graph = shipped_graph(stack)
    [function] = [each for each in graph.of_type(FUNCTION) if each.name.startswith("incident-response")]
    assert function.inputs["environment"]["variables"]["DRY_RUN"] == "false"
    rules = {each.name for each in graph.of_type("aws:cloudwatch/eventRule:EventRule")}
    assert {"incident-response-severe", "findings-threats-severe-rule", "findings-posture-rule"} <= rules


def test_a_stack_that_shares_its_region_leaves_findings_to_production() -> None:
    assert not [each for each in shipped_graph("staging").of_type(FUNCTION) if each.name.startswith("incident-response")]


def test_the_package_holds_every_part_of_the_function() -> None:
    folder = ROOT / "services" / "incident_response"
    assert {path.name for path in folder.glob("*.py")} == {path.rpartition("/")[2] for path in _FILES if "incident_response" in path}
