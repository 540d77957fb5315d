"""Security patches for nodes, by the clock (SEC-11)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy
from pulumi_aws.scheduler.schedule import Schedule

from components._base import Component, Context, allow, assume_role, document
from config.vocabulary import DataClass

_CALL = "arn:aws:scheduler:::aws-sdk:eks:updateNodegroupVersion"
"""Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html"""
_WHEN = "cron(0 5 ? * SUN *)"
"""UTC; after the databases' own maintenance."""
_WINDOW_MINUTES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class NodePatchingArgs:
    """Whose nodes.

    Raises ValueError when no node group is named.
    """

    cluster_name: pulumi.Input[str]
    groups: Mapping[str, pulumi.Input[str]]
    """Short name to name of each managed node group; its image is AWS's own."""

    def __post_init__(self) -> None:
        if not self.groups:
            raise ValueError("groups must name at least one node group (got none)")


class NodePatching(Component, token="cluster:NodePatching"):
    """A weekly call that moves each node group to the newest image of its Kubernetes version, one node at a time (SEC-11).

    The image is where the operating system's security patches come from, and EKS takes no newer one by itself. Pods are drained along
    their disruption budgets; a group that has the newest image already stays as it is.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html
    """

    def __init__(self, name: str, context: Context, args: NodePatchingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        role = Role(
            f"{name}-role",
            name=context.physical(name, limit=64),
            description="Moves the cluster's node groups to the newest image",
            assume_role_policy=assume_role("scheduler.amazonaws.com", source_account=context.account_id),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        groups = pulumi.Output.concat(context.arn("eks", "nodegroup/"), args.cluster_name, "/*")
        policy = RolePolicy(
            f"{name}-update",
            role=role.name,
            policy=document(allow("eks:UpdateNodegroupVersion", on=[groups], sid="UpdateNodeGroups")),
            opts=self.child(),
        )
        for short, group in args.groups.items():
            Schedule(
                f"{name}-{short}",
                name=context.physical(f"{name}-{short}", limit=64),
                description=f"Newest image for the nodes {short}",
                schedule_expression=_WHEN,
                flexible_time_window={"mode": "FLEXIBLE", "maximum_window_in_minutes": _WINDOW_MINUTES},
                target={
                    "arn": _CALL,
                    "role_arn": role.arn,
                    "input": pulumi.Output.json_dumps({"ClusterName": args.cluster_name, "NodegroupName": group}),
                },
                opts=self.child(depends_on=[policy]),
            )
        self.publish()
