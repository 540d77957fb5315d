"""A database's own backups, kept in another region as well (DAT-2, BDR-1, D2)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.rds.instance_automated_backups_replication import InstanceAutomatedBackupsReplication

from components._base.component import Component
from components._base.context import Context


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupReplicationArgs:
    """Whose backups, and the key that encrypts them in the region they go to."""

    source_arn: pulumi.Input[str]
    source_region: str
    key_arn: pulumi.Input[str]
    """KMS key of the region that keeps them."""
    days: int = 30

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 35:
            raise ValueError(f"days must be 1 to 35 (got {self.days})")


class BackupReplication(Component, token="data:BackupReplication"):
    """Snapshots and transaction logs in a second region, from which the database can be restored to any second of the days kept.

    It stands in the region that keeps them, so it is made by that region's provider. RDS replicates between certain pairs of
    regions only, and `aws rds describe-source-regions` of the region that keeps them tells which.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
    """

    backups_arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: BackupReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        if args.source_region == context.region:
            raise ValueError(f"backups go to another region than the database's own (got {args.source_region})")
        super().__init__(name, context, opts)
        backups = InstanceAutomatedBackupsReplication(
            f"{name}-replication",
            source_db_instance_arn=args.source_arn,
            kms_key_id=args.key_arn,
            retention_period=args.days,
            opts=self.child(),
        )
        self.backups_arn = backups.id
        self.publish()
