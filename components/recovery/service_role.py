"""What AWS Backup may do in the account: either back up or restore, never both (SEC-1)."""

from dataclasses import dataclass
from typing import Literal, get_args

import pulumi
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment

from components._base import Component, Context, assume_role
from config.vocabulary import DataClass

Work = Literal["backup", "restore"]
_POLICIES = {
    "backup": {"stores": "service-role/AWSBackupServiceRolePolicyForBackup", "buckets": "AWSBackupServiceRolePolicyForS3Backup"},
    "restore": {"stores": "service-role/AWSBackupServiceRolePolicyForRestores", "buckets": "AWSBackupServiceRolePolicyForS3Restore"},
}
"""AWS's own policies, which follow what the service comes to need.

Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceRoleArgs:
    """Which of the two. Raises ValueError for anything else."""

    work: Work

    def __post_init__(self) -> None:
        if self.work not in get_args(Work):
            raise ValueError(f"work must be {' or '.join(get_args(Work))} (got {self.work!r})")


class ServiceRole(Component, token="recovery:ServiceRole"):
    """A role that AWS Backup alone takes on, for this account's own plans."""

    arn: pulumi.Output[str]
    """It waits until the policies are attached."""

    def __init__(self, name: str, context: Context, args: ServiceRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        role = Role(
            f"{name}-role",
            name=context.physical(name, limit=64),
            description=f"AWS Backup: what it needs to {'back up' if args.work == 'backup' else 'restore'}",
            assume_role_policy=assume_role("backup.amazonaws.com", source_account=context.account_id),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        attached = [
            RolePolicyAttachment(f"{name}-{kind}", role=role.name, policy_arn=f"arn:aws:iam::aws:policy/{policy}", opts=self.child())
            for kind, policy in _POLICIES[args.work].items()
        ]
        self.arn = pulumi.Output.all(role.arn, *(each.id for each in attached)).apply(lambda made: str(made[0]))
        self.publish()
