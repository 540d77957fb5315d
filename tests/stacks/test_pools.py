"""Pools of a plan become pools of the cluster, or a mistake in the configuration."""

import pytest

from config.errors import ConfigError
from config.load import Settings, load
from stacks.pools import node_pools
from tests.config.test_load import as_engine
from tests.kit.composed import shipped_graph
from tests.kit.plans import shipped, stack


def settings(**standard: object) -> Settings:
    config = stack(shipped(), "eu-west-1")
    config["morefocus:cluster"]["standard"] |= standard
    return load("eu-west-1", as_engine(config))


def test_the_shipped_pools_have_the_documented_types_sizes_and_spot_share() -> None:
    standard, intensive = node_pools(load("eu-west-1"))
    assert (standard.instance_type, standard.size.desired, standard.spot_percent, standard.dedicated) == ("t3.large", 2, 30, False)
    assert (intensive.instance_type, intensive.size.desired, intensive.spot_percent, intensive.dedicated) == ("c5.xlarge", 1, 30, True)


def test_a_type_without_known_equals_on_spot_is_a_mistake_in_the_configuration() -> None:
    with pytest.raises(ConfigError) as caught:
        node_pools(settings(instance_type="m7i.large"))
    (problem,) = caught.value.problems
    assert (problem.file, problem.key, problem.given) == ("Pulumi.eu-west-1.yaml", "morefocus:cluster.standard", "m7i.large")
    assert "spot_instance_types" in problem.remedy


def test_types_for_spot_can_be_named() -> None:
    standard, _ = node_pools(settings(instance_type="m7i.large", spot_instance_types=["m7i.large", "m6i.large"]))
    assert standard.spot_choice() == ("m7i.large", "m6i.large")


def test_every_pool_spans_every_zone_of_its_region() -> None:
    graph = shipped_graph("eu-west-1")
    subnets = {f"{each.name}-id": each.inputs["availabilityZone"] for each in graph.of_type("aws:ec2/subnet:Subnet")}
    for group in graph.of_type("aws:eks/nodeGroup:NodeGroup"):
        zones = [subnets[subnet] for subnet in group.inputs["subnetIds"]]
        assert sorted(zones) == ["eu-west-1a", "eu-west-1b", "eu-west-1c"], group.name


def test_pools_follow_the_hours_of_the_regions_customers_and_aws_predicts_them() -> None:
    graph = shipped_graph("sa-east-1")
    schedules = [each.inputs for each in graph.of_type("aws:autoscaling/schedule:Schedule")]
    assert {each["timeZone"] for each in schedules} == {"America/Sao_Paulo"}
    assert {(each["scheduledActionName"], each["minSize"]) for each in schedules} == {("working-hours", 1), ("quiet-hours", 0)}
    policies = graph.of_type("aws:autoscaling/policy:Policy")
    assert len(policies) == len(graph.of_type("aws:eks/nodeGroup:NodeGroup"))
    assert {each.inputs["predictiveScalingConfiguration"]["mode"] for each in policies} == {"ForecastOnly"}
