import json

import pytest

from components.cluster.node_patching import NodePatching, NodePatchingArgs
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import Graph, record

SCHEDULE = "aws:scheduler/schedule:Schedule"


def patching() -> Graph:
    args = NodePatchingArgs(cluster_name="estate", groups={"spot": "standard-spot-1", "on-demand": "standard-1"})
    return record(lambda: NodePatching("patching", a_context(), args))


def test_each_node_group_is_moved_to_the_newest_image_every_week() -> None:
    graph = patching()
    calls = {each.name: json.loads(each.inputs["target"]["input"]) for each in graph.of_type(SCHEDULE)}
    assert calls == {
        "patching-spot": {"ClusterName": "estate", "NodegroupName": "standard-spot-1"},
        "patching-on-demand": {"ClusterName": "estate", "NodegroupName": "standard-1"},
    }
    for each in graph.of_type(SCHEDULE):
        assert each.inputs["target"]["arn"] == "arn:aws:scheduler:::aws-sdk:eks:updateNodegroupVersion"
        assert each.inputs["scheduleExpression"] == "cron(0 5 ? * SUN *)"
        assert graph.one("aws:iam/rolePolicy:RolePolicy").urn in each.depends_on


def test_the_clock_may_update_this_clusters_node_groups_and_nothing_else() -> None:
    graph = patching()
    (statement,) = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"]
    assert (statement["Action"], statement["Resource"]) == (
        "eks:UpdateNodegroupVersion",
        f"arn:aws:eks:us-east-1:{ACCOUNT}:nodegroup/estate/*",
    )
    (trust,) = json.loads(graph.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_nothing_to_patch_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one node group"):
        NodePatchingArgs(cluster_name="estate", groups={})
