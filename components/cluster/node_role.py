"""What a node may do."""

import pulumi
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment

from components._base import Component, Context, assume_role
from config.vocabulary import DataClass

_POLICIES = {
    "worker": "AmazonEKSWorkerNodePolicy",
    "images": "AmazonEC2ContainerRegistryPullOnly",
    "sessions": "AmazonSSMManagedInstanceCore",
}
"""Joining the cluster, pulling images, sessions of operators (nodes have no SSH).

The network plugin has a role of its own, so a pod that broke out to the node cannot touch network interfaces.
Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
"""


class NodeRole(Component, token="cluster:NodeRole"):
    """The role of every node of a cluster."""

    arn: pulumi.Output[str]
    role_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        role = Role(
            f"{name}-role",
            name=context.physical(name, limit=64),
            description="Nodes of the cluster: joining it, pulling images, operators' sessions",
            assume_role_policy=assume_role("ec2.amazonaws.com"),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        for purpose, policy in _POLICIES.items():
            RolePolicyAttachment(
                f"{name}-{purpose}",
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=self.child(),
            )
        self.arn = role.arn
        self.role_name = role.name
        self.publish()
