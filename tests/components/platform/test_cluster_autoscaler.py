from typing import Any

from components.platform.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs, autoscaler_policy
from tests.components.platform.made import DIGEST, a_chart, an_image, assert_restricted, assert_sized, values_of
from tests.kit.contexts import a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import record

GROUP = "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/eks-standard"


def _values() -> dict[str, Any]:
    args = ClusterAutoscalerArgs(chart=a_chart(), image=an_image(), namespace="node-scaling", cluster_name="x", priority_class="platform")
    return values_of(record(lambda: ClusterAutoscaler("node-scaling", a_context(), args)))


def test_it_finds_the_groups_of_its_own_cluster() -> None:
    values = _values()
    assert (values["cloudProvider"], values["awsRegion"], values["autoDiscovery"]) == ("aws", "us-east-1", {"clusterName": "x"})


def test_spot_and_on_demand_groups_of_a_pool_grow_evenly() -> None:
    arguments = _values()["extraArgs"]
    assert arguments["balance-similar-node-groups"] is True
    ignored = {value for key, value in arguments.items() if key.startswith("balancing-ignore-label")}
    assert {"capacity", "eks.amazonaws.com/capacityType", "node.kubernetes.io/instance-type"} <= ignored
    assert "node-pool" not in ignored, "pools differ"


def test_a_node_that_is_taken_away_lets_its_pods_finish() -> None:
    assert _values()["extraArgs"]["max-graceful-termination-sec"] == 900


def test_of_two_replicas_apart_one_stays() -> None:
    values = _values()
    assert (values["replicaCount"], values["podDisruptionBudget"]) == (2, {"maxUnavailable": 1})
    assert values["topologySpreadConstraints"]


def test_its_pods_may_do_little_and_run_the_pinned_image() -> None:
    values = _values()
    assert_restricted(values["securityContext"], values["containerSecurityContext"])
    assert_sized(values["resources"])
    assert values["image"]["tag"] == f"1.2.3@{DIGEST}"


def _may(action: str, resource: str, cluster: str | None = None) -> bool:
    keys = {} if cluster is None else {f"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster}": "owned"}
    request = Request(action=action, resource=resource, principal="cluster-autoscaler", context=keys)
    return allowed(str(autoscaler_policy(a_context(), "x")), request)


def test_it_resizes_groups_of_its_own_cluster_and_no_others() -> None:
    for action in ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"):
        assert _may(action, GROUP, "x")
        assert not _may(action, GROUP, "y")
        assert not _may(action, GROUP)
    assert not _may("autoscaling:UpdateAutoScalingGroup", GROUP, "x")
    assert _may("eks:DescribeNodegroup", "arn:aws:eks:us-east-1:123456789012:nodegroup/x/standard/1")
    assert not _may("eks:DescribeNodegroup", "arn:aws:eks:us-east-1:123456789012:nodegroup/y/standard/1")
