"""Who may do what in a cluster (SEC-1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.eks._inputs import AccessPolicyAssociationAccessScopeArgs
from pulumi_aws.eks.access_entry import AccessEntry
from pulumi_aws.eks.access_policy_association import AccessPolicyAssociation

from components._base import Component, Context
from config.vocabulary import DataClass

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ROLE = re.compile(r"arn:aws:iam::\d{12}:role/.+")
_POLICY = "arn:aws:eks::aws:cluster-access-policy/{}"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessArgs:
    """Roles by a short name, such as `platform`.

    Raises ValueError without any administrator, for a name or role that is none, and for a role or name given twice.
    """

    cluster_name: pulumi.Input[str]
    admins: Mapping[str, pulumi.Input[str]]
    """May do anything in the cluster."""
    readers: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """May see everything but secrets."""

    def __post_init__(self) -> None:
        if not self.admins:
            raise ValueError("admins must name at least one role: nobody else could ever administer the cluster")
        names = [*self.admins, *self.readers]
        plain = [role for role in (*self.admins.values(), *self.readers.values()) if isinstance(role, str)]
        for name in names:
            if not _NAME.fullmatch(name):
                raise ValueError(f"names of roles are lower-case words joined by hyphens (got {name!r})")
        for role in plain:
            if not _ROLE.fullmatch(role):
                raise ValueError(f"give the ARN of an IAM role, such as arn:aws:iam::123456789012:role/x (got {role!r})")
        if len(set(names)) != len(names) or len(set(plain)) != len(plain):
            raise ValueError("a role is an administrator or a reader, not both, and has one name")


class Access(Component, token="cluster:Access"):
    """Access entries for the roles given; there is no other way into the cluster."""

    def __init__(self, name: str, context: Context, args: AccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        for short, role in args.admins.items():
            self._enter(f"{name}-{short}", args.cluster_name, role, "AmazonEKSClusterAdminPolicy")
        for short, role in args.readers.items():
            self._enter(f"{name}-{short}", args.cluster_name, role, "AmazonEKSViewPolicy")
        self.publish()

    def _enter(self, logical: str, cluster: pulumi.Input[str], role: pulumi.Input[str], policy: str) -> None:
        entry = AccessEntry(
            f"{logical}-entry",
            cluster_name=cluster,
            principal_arn=role,
            type="STANDARD",
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )
        AccessPolicyAssociation(
            f"{logical}-policy",
            cluster_name=cluster,
            principal_arn=entry.principal_arn,
            policy_arn=_POLICY.format(policy),
            access_scope=AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            opts=self.child(),
        )
