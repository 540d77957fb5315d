"""The cluster and what may enter it."""

from __future__ import annotations

from typing import Any, Final

from tests.sandbox.provider.facts.samples.names import KEY, ROLE, SUBNETS

CLUSTER: Final[dict[str, dict[str, Any]]] = {
    "aws:eks/cluster:Cluster": {
        "name": "morefocus-prod-euw1",
        "roleArn": ROLE,
        "version": "1.34",
        "vpcConfig": {"subnetIds": SUBNETS, "endpointPrivateAccess": True, "endpointPublicAccess": False},
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
        "encryptionConfig": {"provider": {"keyArn": KEY}, "resources": ["secrets"]},
        "enabledClusterLogTypes": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"},
        "upgradePolicy": {"supportType": "STANDARD"},
    },
    "aws:eks/nodeGroup:NodeGroup": {
        "clusterName": "morefocus-prod-euw1",
        "nodeGroupName": "standard",
        "nodeRoleArn": ROLE,
        "subnetIds": SUBNETS,
        "instanceTypes": ["m5.xlarge", "m5a.xlarge"],
        "capacityType": "SPOT",
        "amiType": "AL2023_x86_64_STANDARD",
        "scalingConfig": {"minSize": 3, "maxSize": 20, "desiredSize": 3},
        "updateConfig": {"maxUnavailable": 1},
        "taints": [{"key": "workload", "value": "intensive", "effect": "NO_SCHEDULE"}],
        "launchTemplate": {"id": "lt-0123456789abcdef0", "version": "1"},
    },
    "aws:eks/addon:Addon": {
        "clusterName": "morefocus-prod-euw1",
        "addonName": "vpc-cni",
        "addonVersion": "v1.20.4-eksbuild.1",
        "resolveConflictsOnCreate": "OVERWRITE",
        "resolveConflictsOnUpdate": "PRESERVE",
        "podIdentityAssociations": [{"roleArn": ROLE, "serviceAccount": "aws-node"}],
    },
    "aws:eks/accessEntry:AccessEntry": {
        "clusterName": "morefocus-prod-euw1",
        "principalArn": ROLE,
        "type": "STANDARD",
        "kubernetesGroups": ["viewers"],
    },
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
        "clusterName": "morefocus-prod-euw1",
        "principalArn": ROLE,
        "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
        "accessScope": {"type": "namespace", "namespaces": ["bookings"]},
    },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
        "clusterName": "morefocus-prod-euw1",
        "namespace": "kube-system",
        "serviceAccount": "aws-node",
        "roleArn": ROLE,
    },
}
