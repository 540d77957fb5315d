"""A stack's nodes are scaled by whom its file names, and never beyond what its file allows."""

import copy
from functools import cache
from pathlib import Path

import pytest

from components.cluster.capacity import PoolSize
from components.cluster.node_pool import PoolArgs
from config.errors import ConfigError
from config.load import load
from stacks.node_scaling import most_cpus
from tests.kit import kubernetes, network_policies, schemas
from tests.kit.composed import composed, shipped_graph
from tests.kit.iam_lint import documents, findings
from tests.kit.plans import shipped, stack, write
from tests.kit.recorder import Graph


@cache
def with_karpenter(folder: Path) -> Graph:
    documents_ = copy.deepcopy(shipped())
    stack(documents_, "us-east-1").setdefault("morefocus:platform", {})["node_scaling"] = {"by": "karpenter"}
    return composed(load("us-east-1", root=write(documents_, folder)))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return with_karpenter(tmp_path_factory.mktemp("karpenter"))


def _charts(graph: Graph) -> set[str]:
    return {str(each.inputs["chart"]).rpartition("/")[2] for each in kubernetes.releases(graph)}


def test_there_is_one_scaler_of_nodes_and_it_is_the_one_that_was_named(graph: Graph) -> None:
    assert _charts(graph) & {"karpenter", "cluster-autoscaler"} == {"karpenter"}
    assert _charts(shipped_graph("us-east-1")) & {"karpenter", "cluster-autoscaler"} == {"cluster-autoscaler"}


def test_single_nodes_and_managed_groups_are_together_no_more_than_the_plan_allows(graph: Graph) -> None:
    plan = load("us-east-1").plan.cluster
    limits = {each["metadata"]["name"]: int(each["spec"]["limits"]["cpu"]) for each in kubernetes.of_kind(graph, "NodePool")}
    assert limits == {"standard": 2 * (plan.standard.max - 2), "intensive": 4 * (plan.intensive.max - 1)}


def test_the_laws_hold_for_it_as_well(graph: Graph) -> None:
    assert not [*kubernetes.namespace_problems(graph), *network_policies.one_sided_flows(graph)]
    custom = [item for item in kubernetes.objects(graph) if not schemas.is_own_kind(item)]
    problems = [problem for item in custom for problem in schemas.custom_problems(item)]
    # Identities are made up here, and not as AWS writes them.
    assert not [problem for problem in problems if "does not match 'sg-" not in problem]
    assert not [finding for document in documents(graph) for finding in findings(document)]


def test_the_pass_role_is_of_the_nodes_that_the_cluster_has(graph: Graph) -> None:
    role = graph.named("cluster-nodes-role").inputs["name"]
    assert graph.one("aws:iam/instanceProfile:InstanceProfile").inputs["role"] == role
    assert f":role/{role}" in graph.named("node-scaling-identity-policy").inputs["policy"]


def test_a_type_whose_processors_nobody_knows_is_refused_with_what_to_do() -> None:
    size, settings = PoolSize(minimum=1, desired=1, maximum=3), load("us-east-1")
    assert most_cpus(settings, PoolArgs(name="standard", instance_type="t3.large", size=size)) == 4
    with pytest.raises(ConfigError, match=r"Pulumi\.us-east-1\.yaml: morefocus:cluster\.standard\.instance_type"):
        most_cpus(settings, PoolArgs(name="standard", instance_type="u-6tb1.metal", size=size, spot_percent=0))
