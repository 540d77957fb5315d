"""The rules of a backup plan: when each runs and how long its results are kept (BDR-1).

Source of the limits: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html and
https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.backup._inputs import PlanRuleArgsDict, PlanRuleCopyActionArgsDict

LONGEST_CONTINUOUS = 35
COLD_AT_LEAST = 90
"""Days that what went to cold storage is paid for, and so stays, there."""
EVERY = 6
"""Hours between two backups (BDR-1)."""
START_WITHIN = 60
COMPLETE_WITHIN = 300
"""Minutes: a backup that is not done when the next one is due has failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """Hours (UTC) and days of a plan.

    Raises ValueError naming the option when AWS Backup would refuse it.
    """

    continuous_days: int
    """How far back any second can be restored; where the service has it (RDS, S3)."""
    six_hourly_days: int
    daily_days: int
    monthly_days: int
    cold_after_days: int
    """When monthly backups go to cold storage, of services that have it (EFS, DynamoDB); the others keep theirs where they are."""
    first_hour: int = 0
    """Hour of the first of the day's four backups; the other rules run an hour after one of them, never beside it."""

    def __post_init__(self) -> None:
        if not 1 <= self.continuous_days <= LONGEST_CONTINUOUS:
            raise ValueError(f"continuous_days must be 1 to {LONGEST_CONTINUOUS} (got {self.continuous_days})")
        if not 0 <= self.first_hour < EVERY:
            raise ValueError(f"first_hour must be 0 to {EVERY - 1} (got {self.first_hour})")
        for option in ("six_hourly_days", "daily_days", "cold_after_days"):
            if getattr(self, option) < 1:
                raise ValueError(f"{option} must be at least 1 (got {getattr(self, option)})")
        if self.monthly_days < self.cold_after_days + COLD_AT_LEAST:
            raise ValueError(
                f"monthly_days must be at least {COLD_AT_LEAST} more than cold_after_days "
                f"(got {self.monthly_days} and {self.cold_after_days})"
            )

    @property
    def hours(self) -> tuple[int, ...]:
        """The hours at which the six-hourly rule runs."""
        return tuple(range(self.first_hour, 24, EVERY))


def plan_rules(schedule: Schedule, vault_name: pulumi.Input[str], copy_vault_arns: Sequence[pulumi.Input[str]]) -> list[PlanRuleArgsDict]:
    """Return the rules: continuous; six-hourly and monthly with a copy in each further vault; daily.

    A continuous backup cannot itself be copied as one, so the copies hang on the rules that make snapshots.
    Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery-copying.html
    """
    first = schedule.first_hour
    every = ",".join(map(str, schedule.hours))
    return [
        {
            **_rule("continuous", f"cron(0 {first + 1} * * ? *)", vault_name),
            "enable_continuous_backup": True,
            "lifecycle": {"delete_after": schedule.continuous_days},
        },
        {
            **_rule("six-hourly", f"cron(0 {every} * * ? *)", vault_name),
            "lifecycle": {"delete_after": schedule.six_hourly_days},
            "copy_actions": _copies(copy_vault_arns, schedule.six_hourly_days),
        },
        {
            **_rule("daily", f"cron(0 {first + EVERY + 1} * * ? *)", vault_name),
            "lifecycle": {"delete_after": schedule.daily_days},
        },
        {
            **_rule("monthly", f"cron(0 {first + 2 * EVERY + 1} 1 * ? *)", vault_name),
            "lifecycle": {"cold_storage_after": schedule.cold_after_days, "delete_after": schedule.monthly_days},
            "copy_actions": _copies(copy_vault_arns, schedule.monthly_days, schedule.cold_after_days),
        },
    ]


def _rule(name: str, cron: str, vault_name: pulumi.Input[str]) -> PlanRuleArgsDict:
    return {
        "rule_name": name,
        "target_vault_name": vault_name,
        "schedule": cron,
        "schedule_expression_timezone": "Etc/UTC",
        "start_window": START_WITHIN,
        "completion_window": COMPLETE_WITHIN,
    }


def _copies(vaults: Sequence[pulumi.Input[str]], days: int, cold: int | None = None) -> list[PlanRuleCopyActionArgsDict]:
    if cold is None:
        return [{"destination_vault_arn": vault, "lifecycle": {"delete_after": days}} for vault in vaults]
    return [{"destination_vault_arn": vault, "lifecycle": {"cold_storage_after": cold, "delete_after": days}} for vault in vaults]
