"""What AWS would answer for the resources of a cluster, and a pool of nodes that is made of them."""

from typing import Any

from components.cluster.node_pool import NodePool, NodePoolArgs, PoolArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, computed_outputs, record

VOLUME_KEY = "arn:aws:kms:us-east-1:123456789012:key/operational"


def computed(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the outputs that the SDK's classes or other resources read."""
    more: dict[str, dict[str, Any]] = {
        "aws:eks/cluster:Cluster": {
            "endpoint": "https://kubernetes.invalid",
            "certificateAuthority": {"data": "Y2VydGlmaWNhdGU="},
            "vpcConfig": {**inputs.get("vpcConfig", {}), "clusterSecurityGroupId": "control-plane-group"},
        },
        "aws:ec2/launchTemplate:LaunchTemplate": {"latestVersion": 7},
        "aws:eks/nodeGroup:NodeGroup": {
            "nodeGroupName": f"{name}-0123456",
            "resources": [{"autoscalingGroups": [{"name": f"eks-{name}"}]}],
        },
    }
    return computed_outputs(type_, name, inputs) | more.get(type_, {})


def a_pool(pool: PoolArgs) -> Graph:
    """Return what is made of `pool`."""
    args = NodePoolArgs(
        pool=pool,
        cluster_name="x",
        version="1.35",
        subnet_ids=["subnet-a", "subnet-b", "subnet-c"],
        node_role_arn="arn:aws:iam::123456789012:role/nodes",
        security_group_id="nodes-group",
        volume_key_arn=VOLUME_KEY,
    )
    return record(lambda: NodePool("cluster-standard", a_context(), args), computed=computed)
