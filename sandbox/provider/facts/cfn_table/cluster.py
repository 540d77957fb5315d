"""The cluster and what may enter it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.provider.facts.cfn_names import Names

_INSTANCE_TYPES = "aws_ec2_instance/instancetype_enum"

CLUSTER: Final[Mapping[str, Names]] = {
    "aws:eks/cluster:Cluster": Names(
        type="AWS::EKS::Cluster",
        renamed={"vpcConfig": "ResourcesVpcConfig", "enabledClusterLogTypes": "Logging/ClusterLogging/EnabledTypes/*/Type"},
    ),
    "aws:eks/nodeGroup:NodeGroup": Names(
        type="AWS::EKS::Nodegroup",
        renamed={
            "forceUpdateVersion": "ForceUpdateEnabled",
            "nodeRoleArn": "NodeRole",
            "remoteAccess.sourceSecurityGroupIds": "SourceSecurityGroups",
            "subnetIds": "Subnets",
        },
        optional=frozenset({"remoteAccess.ec2SshKey"}),
        further={_INSTANCE_TYPES: ("InstanceTypes/*",)},
    ),
    "aws:eks/addon:Addon": Names(
        type="AWS::EKS::Addon",
        renamed={
            "preserve": "PreserveOnDelete",
            "resolveConflictsOnCreate": "ResolveConflicts",
            "resolveConflictsOnUpdate": "ResolveConflicts",
        },
    ),
    "aws:eks/accessEntry:AccessEntry": Names(type="AWS::EKS::AccessEntry"),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Names(
        type="AWS::EKS::AccessEntry",
        under="AccessPolicies/*",
        renamed={"clusterName": "/ClusterName", "principalArn": "/PrincipalArn"},
        owns=False,
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Names(type="AWS::EKS::PodIdentityAssociation"),
}
