"""What AWS Backup Audit Manager holds the backups against, day by day (BDR-1, BDR-6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ResourceOptions
from pulumi_aws.backup._inputs import FrameworkControlArgsDict, FrameworkControlScopeArgsDict
from pulumi_aws.backup.framework import Framework

from components._base import Component, Context
from components.recovery.backup_plan import selected_tags
from components.recovery.rules import EVERY
from config.vocabulary import DataClass, TagKey


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditArgs:
    """What was promised. Raises ValueError when a promise is none."""

    retention_days: int
    """Days that the backups of every six hours are kept."""
    kinds: Sequence[str]
    """Services that the stores are of, as AWS Backup names them, such as `RDS`."""

    def __post_init__(self) -> None:
        if self.retention_days < 1:
            raise ValueError(f"retention_days must be at least 1 (got {self.retention_days})")
        if not self.kinds:
            raise ValueError("kinds must name at least one service, such as RDS")


class Audit(Component, token="recovery:Audit"):
    """A framework that finds the store without a plan, the plan that is too slow, and the recovery point that is open (BDR-1).

    It needs the region's AWS Config recorder, which sees the resources it judges.
    """

    def __init__(self, name: str, context: Context, args: AuditArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        Framework(
            f"{name}-framework",
            name=context.physical(name, limit=256).replace("-", "_"),
            description="Backups: every store in a plan, every six hours, encrypted, locked",
            controls=controls(context, args),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        self.publish()


def controls(context: Context, args: AuditArgs) -> list[FrameworkControlArgsDict]:
    """Return the controls with their parameters.

    Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/controls-and-remediation.html
    """
    # A scope takes one tag: that which says that a store is to be backed up.
    stores: FrameworkControlScopeArgsDict = {
        "compliance_resource_types": list(args.kinds),
        "tags": {TagKey.BACKUP.value: selected_tags(context)[TagKey.BACKUP.value]},
    }
    return [
        {"name": "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN", "scope": stores},
        {
            "name": "BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK",
            "input_parameters": [
                {"name": "requiredFrequencyUnit", "value": "hours"},
                {"name": "requiredFrequencyValue", "value": str(EVERY)},
                {"name": "requiredRetentionDays", "value": str(args.retention_days)},
            ],
        },
        {"name": "BACKUP_RECOVERY_POINT_ENCRYPTED"},
        {"name": "BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED"},
    ]
