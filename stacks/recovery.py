"""Backups of a region: a vault here and in the regions of its copies, the plan, restores on trial, and who is told (BDR-1, BDR-6, D1)."""

from collections.abc import Sequence

import pulumi

from components._base import Context
from components.recovery.audit import Audit, AuditArgs
from components.recovery.backup_plan import BackupPlan, BackupPlanArgs
from components.recovery.failure_notice import FailureNotice, FailureNoticeArgs
from components.recovery.region_opt_in import RegionOptIn
from components.recovery.restore_testing import Kind, RestoreTesting, RestoreTestingArgs
from components.recovery.rules import Schedule
from components.recovery.service_role import ServiceRole, ServiceRoleArgs
from components.recovery.vault import Vault, VaultArgs, VaultLock
from config.load import Settings
from config.models import RegionPlan
from config.vocabulary import DataClass
from stacks.copies import CopySite, sites_for
from stacks.foundation import Foundation

VAULT = "recovery-points"
"""Name of the vault, here and in the regions of the copies."""
TESTED: tuple[Kind, ...] = ("EFS", "RDS", "S3")
"""Kinds of stores that every region has."""
WITH_TABLES: tuple[Kind, ...] = ("DynamoDB", *TESTED)


def build_recovery(settings: Settings, context: Context, foundation: Foundation, copies: Sequence[CopySite]) -> BackupPlan:
    """Build vaults, plan, restore tests and notices; `copies` are the other regions that hold copies.

    What `compose` registered is judged by `Stores`, so nothing is handed in here: the plan selects by tag.
    """
    plan = settings.plan
    if settings.estate.owns_region(settings.stack):
        RegionOptIn("backup-services", context)
    if plan.backup.lock.mode == "compliance":
        pulumi.log.warn(
            f"backup.lock.mode is compliance: {plan.backup.lock.grace_days} days after the vault is made nobody, AWS included, can lift "
            "its lock, shorten its retention or delete it while it holds a backup"
        )
    topic = foundation.alert_topic_arn
    home = _vault(plan, context, foundation.keys.personal_arn, topic)
    elsewhere = [_vault(plan, site.context, site.keys[DataClass.PERSONAL], None) for site in sites_for(tuple(copies), DataClass.PERSONAL)]
    FailureNotice("backup-failures", context, FailureNoticeArgs(topic_arn=topic))
    kinds = WITH_TABLES if plan.scheduling.enabled else TESTED
    Audit("backup-audit", context, AuditArgs(retention_days=plan.backup.six_hourly_days, kinds=kinds))
    restorer = ServiceRole("restore-service", context, ServiceRoleArgs(work="restore"))
    RestoreTesting(
        "restore-tests",
        context,
        RestoreTestingArgs(
            vault_arn=home.arn,
            role_arn=restorer.arn,
            kinds=kinds,
            # Beside the database, in subnets that lead nowhere; the default VPC is not for data.
            overrides={"RDS": {"dbSubnetGroupName": context.physical("database", limit=255)}},
            validation_hours=plan.backup.validation_hours,
        ),
    )
    return BackupPlan(
        "backup",
        context,
        BackupPlanArgs(
            vault_name=home.vault_name,
            copy_vault_arns=[vault.arn for vault in elsewhere],
            role_arn=ServiceRole("backup-service", context, ServiceRoleArgs(work="backup")).arn,
            schedule=_schedule(plan),
        ),
    )


def _vault(
    plan: RegionPlan,
    context: Context,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str] | None,
) -> Vault:
    lock = plan.backup.lock
    return Vault(
        context.logical(VAULT),
        context,
        VaultArgs(
            key_arn=key_arn,
            # The most that any store in it holds.
            data_class=DataClass.PERSONAL,
            lock=VaultLock(mode=lock.mode, min_days=lock.min_days, max_days=lock.max_days, grace_days=lock.grace_days),
            topic_arn=topic_arn,
            protect=plan.protect,
        ),
    )


def _schedule(plan: RegionPlan) -> Schedule:
    backup = plan.backup
    return Schedule(
        continuous_days=plan.database.backup_days,
        six_hourly_days=backup.six_hourly_days,
        daily_days=backup.daily_days,
        monthly_days=backup.monthly_days,
        cold_after_days=backup.cold_after_days,
        first_hour=backup.first_hour,
    )
