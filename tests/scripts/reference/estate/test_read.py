"""A stack's facts are complete: nothing it holds is left uncounted."""

import pytest

from config.load import load
from scripts.reference.estate.read import count_services
from tests.kit.composed import shipped_graph
from tests.scripts.reference.shipped import NAMES, graph_of, resource, shipped_stack


@pytest.mark.parametrize("name", NAMES)
def test_every_resource_of_aws_is_counted_and_no_component_is(name: str) -> None:
    graph = shipped_graph(name)
    assert shipped_stack(name).resources == sum(each.type.startswith("aws:") for each in graph.resources)


def test_services_with_the_most_resources_come_first() -> None:
    graph = graph_of(
        resource("aws:s3/bucket:Bucket", "a"), resource("aws:ec2/vpc:Vpc", "b"), resource("aws:ec2/eip:Eip", "c"), resource("x:y:Z", "d")
    )
    assert list(count_services(graph).items()) == [("ec2", 2), ("s3", 1)]


@pytest.mark.parametrize("name", NAMES)
def test_region_law_and_environment_are_those_of_the_plan(name: str) -> None:
    plan, stack = load(name).plan, shipped_stack(name)
    assert (stack.region, stack.law, stack.environment) == (plan.region, plan.law, plan.environment)
    assert stack.keys == ("credentials", "logs", "operational", "personal")
