"""What AWS would answer for the resources of a cluster."""

from typing import Any

from tests.kit.recorder import computed_outputs


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
