"""Every week the newest backup of each kind of store is restored on trial, and thrown away (BDR-6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import pulumi
from pulumi_aws.backup.restore_testing_plan import RestoreTestingPlan
from pulumi_aws.backup.restore_testing_selection import RestoreTestingSelection

from components._base import Component, Context
from components.recovery.backup_plan import selected_tags
from config.vocabulary import DataClass

Kind = Literal["DynamoDB", "EBS", "EFS", "RDS", "S3"]
"""What can be restored on trial, of what the estate backs up.

Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingSelectionForCreate.html
"""
_START_WITHIN_HOURS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreTestingArgs:
    """What is restored, from where and by whom.

    Raises ValueError naming the option when AWS Backup would refuse it.
    """

    vault_arn: pulumi.Input[str]
    role_arn: pulumi.Input[str]
    kinds: Sequence[Kind]
    overrides: Mapping[str, Mapping[str, pulumi.Input[str]]] = field(default_factory=dict)
    """Kind to what AWS Backup would otherwise take from the default VPC, which nothing should live in (`dbSubnetGroupName`).

    Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
    """
    hour: int = 8
    """Hour (UTC) of Sunday at which tests begin."""
    newest_of_days: int = 7
    validation_hours: int = 4
    """Hours in which a check may look at what was restored before it is deleted."""

    def __post_init__(self) -> None:
        for kind in (*self.kinds, *self.overrides):
            if kind not in get_args(Kind):
                raise ValueError(f"kinds must be among {', '.join(get_args(Kind))} (got {kind!r})")
        for option, most in (("hour", 23), ("validation_hours", 168)):
            if not 0 <= getattr(self, option) <= most:
                raise ValueError(f"{option} must be 0 to {most} (got {getattr(self, option)})")
        if not 1 <= self.newest_of_days <= 365:
            raise ValueError(f"newest_of_days must be 1 to 365 (got {self.newest_of_days})")


class RestoreTesting(Component, token="recovery:RestoreTesting"):
    """A weekly restore of the newest recovery point of each kind of store that the plan backs up (BDR-6)."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: RestoreTestingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        plan = RestoreTestingPlan(
            f"{name}-plan",
            name=_plain(context.physical(name, limit=50)),
            schedule_expression=f"cron(0 {args.hour} ? * SUN *)",
            schedule_expression_timezone="Etc/UTC",
            start_window_hours=_START_WITHIN_HOURS,
            recovery_point_selection={
                "algorithm": "LATEST_WITHIN_WINDOW",
                "include_vaults": [args.vault_arn],
                "recovery_point_types": ["SNAPSHOT"],
                "selection_window_days": args.newest_of_days,
            },
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        for kind in args.kinds:
            RestoreTestingSelection(
                f"{name}-{kind.lower()}",
                name=kind.lower(),
                restore_testing_plan_name=plan.name,
                protected_resource_type=kind,
                protected_resource_arns=["*"],
                protected_resource_conditions={
                    "string_equals": [{"key": f"aws:ResourceTag/{key}", "value": value} for key, value in selected_tags(context).items()]
                },
                restore_metadata_overrides=args.overrides.get(kind),
                iam_role_arn=args.role_arn,
                validation_window_hours=args.validation_hours,
                opts=self.child(),
            )
        self.arn = plan.arn
        self.publish()


def _plain(name: str) -> str:
    """Return a name of letters, digits and underscores, which is all that these names may hold."""
    return name.replace("-", "_")
