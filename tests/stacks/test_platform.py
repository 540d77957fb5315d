"""Every stack's cluster has its platform."""

import json

import pytest

from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS


@pytest.mark.parametrize("name", STACKS)
def test_objects_are_applied_to_the_stacks_own_cluster(name: str) -> None:
    graph = shipped_graph(name)
    provider = graph.one("pulumi:providers:kubernetes")
    cluster = graph.one("aws:eks/cluster:Cluster")
    assert provider.inputs["clusterIdentifier"] == cluster.inputs["name"]
    config = json.loads(provider.inputs["kubeconfig"])
    assert config["clusters"][0]["cluster"]["server"] == cluster.answered["endpoint"]
    assert name.startswith("staging") or name in config["users"][0]["user"]["exec"]["args"]


@pytest.mark.parametrize("name", STACKS)
def test_no_object_is_left_to_whatever_cluster_a_machine_points_at(name: str) -> None:
    graph = shipped_graph(name)
    provider = graph.one("pulumi:providers:kubernetes").urn
    stray = [each.name for each in graph.resources if each.type.startswith("kubernetes:") and not each.provider.startswith(provider)]
    assert not stray
