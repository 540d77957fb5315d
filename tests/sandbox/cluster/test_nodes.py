"""What nodes a cluster is given."""

from pathlib import Path

import pytest

from config.load import ROOT
from sandbox.cluster import nodes
from sandbox.cluster.nodes import PoolError

POOLS = """
[tool.sandbox.cluster]
zones = "app:network.zones"
pools = [
  { key = "app:cluster.plain", labels = { pool = "plain" } },
  { key = "app:cluster.own", taints = [{ key = "pool", value = "own", effect = "NoSchedule" }] },
]
"""
STACK = """
config:
  aws:region: sa-east-1
  app:network: {zones: [sa-east-1a, sa-east-1c]}
  app:cluster:
    plain: {instance_type: t3.large, min: 1, max: 3}
    own: {instance_type: c5.xlarge, min: 0, max: 1}
"""


def project(folder: Path, pools: str = POOLS, stack: str = STACK) -> Path:
    (folder / "pyproject.toml").write_text(pools)
    (folder / "Pulumi.south.yaml").write_text(stack)
    return folder


def test_an_instance_leaves_for_pods_what_eks_leaves() -> None:
    # 2 processors and 8 GiB; 3 interfaces of 12 addresses.
    large = nodes.capacity("t3.large")
    assert (large.processors, large.memory_mib, large.pods) == (2, 8192, 35)
    assert large.pod_millicores == 1930
    assert large.pod_memory_mib == 7577 - (255 + 11 * 35) - 100
    assert nodes.capacity("c5.xlarge").pod_millicores == 3920
    assert nodes.capacity("m6i.2xlarge").pod_millicores == 7910


def test_more_pods_than_kubernetes_recommends_are_never_promised() -> None:
    assert nodes.capacity("c5.18xlarge").pods == 110


def test_a_pool_has_as_many_nodes_as_it_may_have_over_its_zones(tmp_path: Path) -> None:
    made = nodes.nodes(project(tmp_path), "south")
    assert [item["metadata"]["name"] for item in made] == [
        "plain-sa-east-1a-1",
        "plain-sa-east-1c-1",
        "plain-sa-east-1a-2",
        "own-sa-east-1a-1",
    ]
    labels = made[1]["metadata"]["labels"]
    assert labels["topology.kubernetes.io/zone"] == "sa-east-1c" and labels["topology.kubernetes.io/region"] == "sa-east-1"
    assert labels["node.kubernetes.io/instance-type"] == "t3.large" and labels["pool"] == "plain"
    assert made[1]["status"]["allocatable"]["cpu"] == "1930m"
    assert made[1]["spec"]["taints"] == [] and made[3]["spec"]["taints"] == [{"key": "pool", "value": "own", "effect": "NoSchedule"}]


def test_a_project_without_pools_gets_three_nodes_in_its_region(tmp_path: Path) -> None:
    made = nodes.nodes(project(tmp_path, pools=""), "south")
    assert [item["metadata"]["labels"]["topology.kubernetes.io/zone"] for item in made] == ["sa-east-1a", "sa-east-1b", "sa-east-1c"]


def test_an_unknown_instance_type_is_told(tmp_path: Path) -> None:
    stack = STACK.replace("t3.large", "t3.huge")
    with pytest.raises(PoolError, match=r"no instance type 't3.huge' is known: use one that EC2 has"):
        nodes.nodes(project(tmp_path, stack=stack), "south")


def test_a_pool_that_the_stack_file_lacks_is_told(tmp_path: Path) -> None:
    with pytest.raises(PoolError, match=r"Pulumi.south.yaml: app:cluster.plain must name instance_type and max"):
        nodes.nodes(project(tmp_path, stack="config: {}\n"), "south")


@pytest.mark.parametrize("stack", ["us-east-1", "eu-west-1", "sa-east-1"])
def test_the_estates_own_stacks_get_nodes_in_three_zones_some_of_them_for_work_that_asks(stack: str) -> None:
    made = nodes.nodes(ROOT, stack)
    assert {item["metadata"]["labels"]["topology.kubernetes.io/zone"] for item in made} == {f"{stack}{letter}" for letter in "abc"}
    tainted = {item["metadata"]["labels"]["node-pool"] for item in made if item["spec"]["taints"]}
    assert tainted == {"intensive"}
