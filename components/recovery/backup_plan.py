"""What is backed up, when, and where copies go (BDR-1)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.backup.plan import Plan
from pulumi_aws.backup.selection import Selection

from components._base import Component, Context
from components.recovery.rules import Schedule, plan_rules
from config.vocabulary import Backup, DataClass, TagKey


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupPlanArgs:
    """Where to, by whom and when."""

    vault_name: pulumi.Input[str]
    copy_vault_arns: Sequence[pulumi.Input[str]]
    """Vaults of other regions; each gets a copy of every six-hourly and monthly backup."""
    role_arn: pulumi.Input[str]
    schedule: Schedule


class BackupPlan(Component, token="recovery:BackupPlan"):
    """A plan, and the selection by tag of every store of the environment in this region (BDR-1, D1)."""

    plan_id: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: BackupPlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        plan = Plan(
            f"{name}-plan",
            name=context.physical(name, limit=50),
            rules=plan_rules(args.schedule, args.vault_name, args.copy_vault_arns),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        Selection(
            f"{name}-stores",
            name=context.physical(f"{name}-stores", limit=50),
            plan_id=plan.id,
            iam_role_arn=args.role_arn,
            # All conditions must hold; of tags in a list, one would do, and staging shares its region with production.
            resources=["*"],
            conditions=[
                {"string_equals": [{"key": f"aws:ResourceTag/{key}", "value": value} for key, value in selected_tags(context).items()]}
            ],
            opts=self.child(),
        )
        self.plan_id = plan.id
        self.arn = plan.arn
        self.publish()


def selected_tags(context: Context) -> dict[str, str]:
    """Return the tags that a store carries when the plan of this context backs it up."""
    return {TagKey.BACKUP.value: Backup.SIX_HOURLY.value, TagKey.ENVIRONMENT.value: context.environment.value}
