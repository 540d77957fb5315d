"""What a whole cluster promises, read from the resources it registers."""

from typing import Any

import pytest

from components.cluster.capacity import PoolSize
from components.cluster.cluster import Cluster, ClusterArgs
from components.cluster.node_pool import PoolArgs
from tests.components.cluster.made import computed
from tests.kit.contexts import a_context
from tests.kit.recorder import UNKNOWN, Graph, Recorded, record

KEY = "arn:aws:kms:us-east-1:123456789012:key/{}"
ROLE = "arn:aws:iam::123456789012:role/{}"
STANDARD = PoolArgs(name="standard", instance_type="t3.large", size=PoolSize(minimum=2, desired=2, maximum=12))
INTENSIVE = PoolArgs(name="intensive", instance_type="c5.xlarge", size=PoolSize(minimum=1, desired=1, maximum=4), dedicated=True)
GIVEN: dict[str, Any] = {
    "vpc_id": "vpc",
    "vpc_cidr": "10.0.0.0/16",
    "subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
    "data_cidr": "10.0.144.0/20",
    "internet_ports": (80, 443, 587),
    "data_ports": (2049, 5432, 6379),
    "secrets_key_arn": KEY.format("credentials"),
    "volume_key_arn": KEY.format("operational"),
    "log_key_arn": KEY.format("logs"),
    "pools": (STANDARD, INTENSIVE),
    "admins": {"platform": ROLE.format("platform")},
}


def _cluster(preview: bool = False, **more: Any) -> Graph:
    args = ClusterArgs(**(GIVEN | more))
    return record(lambda: Cluster("cluster", a_context(), args), computed=computed, preview=preview)


@pytest.fixture(scope="module")
def cluster() -> Graph:
    return _cluster()


def _waits_for(graph: Graph, later: Recorded, earlier: Recorded) -> bool:
    """Whether a chain of dependencies leads from one resource to the other."""
    known = {resource.urn: resource for resource in graph.resources}
    seen, open_ = set(), [later.urn]
    while open_:
        urn = open_.pop()
        if urn not in seen and urn in known:
            seen.add(urn)
            open_ += known[urn].depends_on
    return earlier.urn in seen and earlier is not later


def test_pools_are_the_documented_sizes(cluster: Graph) -> None:
    """Two t3.large and one c5.xlarge a region (CMP-2), nearest to 30 percent of them on Spot (CMP-3)."""
    sizes = {group.name: group.inputs["scalingConfig"]["desiredSize"] for group in cluster.of_type("aws:eks/nodeGroup:NodeGroup")}
    assert sizes == {
        "cluster-standard-on-demand": 1,
        "cluster-standard-spot": 1,
        "cluster-intensive-on-demand": 1,
        "cluster-intensive-spot": 0,
    }


@pytest.mark.parametrize("addon", ["vpc-cni", "kube-proxy", "eks-pod-identity-agent", "eks-node-monitoring-agent"])
def test_what_nodes_need_to_be_ready_is_there_before_them(cluster: Graph, addon: str) -> None:
    for group in cluster.of_type("aws:eks/nodeGroup:NodeGroup"):
        assert _waits_for(cluster, group, cluster.named(f"cluster-node-addons-{addon}"))


@pytest.mark.parametrize("addon", ["coredns", "metrics-server", "aws-ebs-csi-driver", "aws-efs-csi-driver"])
def test_what_runs_on_nodes_comes_after_them(cluster: Graph, addon: str) -> None:
    for group in cluster.of_type("aws:eks/nodeGroup:NodeGroup"):
        assert _waits_for(cluster, cluster.named(f"cluster-addons-{addon}"), group)


def test_nodes_have_their_role_and_firewall_complete_before_they_start(cluster: Graph) -> None:
    for group in cluster.of_type("aws:eks/nodeGroup:NodeGroup"):
        for purpose in ("worker", "images", "sessions"):
            assert _waits_for(cluster, group, cluster.named(f"cluster-nodes-{purpose}"))
        assert _waits_for(cluster, group, cluster.named("cluster-node-firewall-api-from-nodes"))


def test_nodes_are_in_the_firewall_of_nodes(cluster: Graph) -> None:
    for template in cluster.of_type("aws:ec2/launchTemplate:LaunchTemplate"):
        (interface,) = template.inputs["networkInterfaces"]
        assert interface["securityGroups"] == ["cluster-node-firewall-group-id"]


def test_pods_of_this_cluster_alone_take_on_the_roles_of_addons(cluster: Graph) -> None:
    trusts = [role.inputs["assumeRolePolicy"] for role in cluster.of_type("aws:iam/role:Role")]
    pods = [trust for trust in trusts if "pods.eks.amazonaws.com" in trust]
    assert len(pods) == 3
    assert all("arn:aws:eks:us-east-1:123456789012:cluster/morefocus-prod-use1-cluster" in trust for trust in pods)


def test_everything_of_the_cluster_names_the_cluster(cluster: Graph) -> None:
    named = [resource for resource in cluster.resources if resource.custom and "clusterName" in resource.inputs]
    assert len(named) == 8 + 3 + 4 + 2
    assert {resource.inputs["clusterName"] for resource in named} == {"morefocus-prod-use1-cluster"}


def test_a_cluster_publishes_what_others_build_on(cluster: Graph) -> None:
    published = cluster.outputs_of(cluster.one("morefocus:cluster:Cluster"))
    assert published["cluster_name"] == "morefocus-prod-use1-cluster"
    assert published["control_plane_security_group_id"] == "control-plane-group"
    assert published["node_security_group_id"] == "cluster-node-firewall-group-id"
    assert published["certificate_authority"] == "Y2VydGlmaWNhdGU="
    assert published["node_group_names"] == [
        "cluster-standard-on-demand-0123456",
        "cluster-standard-spot-0123456",
        "cluster-intensive-on-demand-0123456",
        "cluster-intensive-spot-0123456",
    ]
    assert set(published) == {
        *("cluster_name", "arn", "endpoint", "certificate_authority", "control_plane_security_group_id"),
        *("node_security_group_id", "node_role_arn", "node_group_names", "log_group_name"),
    }


def test_every_resource_hangs_under_the_cluster(cluster: Graph) -> None:
    root = cluster.one("morefocus:cluster:Cluster")
    known = {resource.urn for resource in cluster.resources}
    assert [each.name for each in cluster.resources if each.parent not in known and each is not root] == []


def test_everything_that_can_carry_tags_says_whose_it_is(cluster: Graph) -> None:
    untagged = {
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:scheduler/schedule:Schedule",
    }
    for resource in cluster.resources:
        if resource.custom and resource.type not in untagged:
            assert resource.inputs["tags"]["owner"] == "platform", resource.name


def test_names_and_trust_are_known_before_anything_exists() -> None:
    for resource in _cluster(preview=True).resources:
        for key in ("name", "assumeRolePolicy", "clusterName", "tags", "scalingConfig", "instanceTypes"):
            assert resource.inputs.get(key) != UNKNOWN, (resource.name, key)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"pools": (STANDARD, STANDARD)}, r"pools must have different names \(got standard, standard\)"),
        ({"pools": (INTENSIVE,)}, "pools must have one that is not dedicated"),
        ({"pools": ()}, "pools must have one that is not dedicated"),
        ({"addon_versions": {"core-dns": "v1"}}, r"addon_versions knows vpc-cni, .*\(got core-dns\)"),
        ({"admins": {}}, "admins must name at least one role"),
        ({"version": "1"}, "version must be a minor version of Kubernetes"),
        ({"public_access_cidrs": ("0.0.0.0/0",)}, "public_access_cidrs must not be 0.0.0.0/0"),
        ({"api_clients": {"vpn": "x"}}, r"vpn must be an IPv4 network .*\(got 'x'\)"),
        ({"service_cidr": "10.0.0.0/16"}, "overlaps the VPC"),
    ],
)
def test_args_that_cannot_work_are_refused_before_anything_is_registered(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ClusterArgs(**(GIVEN | more))
