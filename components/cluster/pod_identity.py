"""AWS permissions for the pods of one service account."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.eks.pod_identity_association import PodIdentityAssociation
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment

from components._base import Component, Context, pod_identity_trust
from components._base.policy_document import Document
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class PodIdentityArgs:
    """Which pods, and what they may do.

    Raises ValueError when they may do nothing.
    """

    cluster_name: pulumi.Input[str]
    cluster_arn: pulumi.Input[str]
    namespace: str
    service_account: str
    managed_policies: tuple[str, ...] = ()
    """AWS managed policies by name, with their path where they have one."""
    policy: Document | None = None
    """A policy of the estate's own."""

    def __post_init__(self) -> None:
        if not self.managed_policies and self.policy is None:
            raise ValueError(f"give managed_policies or policy: {self.service_account} could do nothing")


class PodIdentity(Component, token="cluster:PodIdentity"):
    """A role that the pods of one service account of one cluster can take on, and nothing else can."""

    role_arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: PodIdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        role = Role(
            f"{name}-role",
            name=context.physical(name, limit=64),
            description=f"Pods of {args.namespace}/{args.service_account}",
            assume_role_policy=pod_identity_trust(
                cluster_arn=args.cluster_arn, namespace=args.namespace, service_account=args.service_account
            ),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        for policy in args.managed_policies:
            short = policy.rpartition("/")[2]
            RolePolicyAttachment(
                f"{name}-{short}",
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=self.child(),
            )
        if args.policy is not None:
            RolePolicy(f"{name}-policy", role=role.name, policy=args.policy, opts=self.child())
        PodIdentityAssociation(
            f"{name}-association",
            cluster_name=args.cluster_name,
            namespace=args.namespace,
            service_account=args.service_account,
            role_arn=role.arn,
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        self.role_arn = role.arn
        self.publish()
