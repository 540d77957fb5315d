"""How backups are taken, kept and tried out (BDR-1, BDR-6)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model
from config.windows import overlap

COLD_AT_LEAST = 90
"""Days that AWS Backup leaves in cold storage what it moved there."""
LONGEST_CONTINUOUS = 35
_SPAN = 2
"""Hours kept free of the database's windows: a job starts within one hour of its time, and not in the hour before a window.

Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""


class VaultLockPlan(Model):
    """Between how many days the life of every backup lies, and who could change that."""

    mode: Annotated[
        Literal["governance", "compliance"],
        Field(description="governance, or compliance: which nobody, AWS included, can ever lift once grace_days have passed"),
    ]
    min_days: Annotated[Count, Field(ge=1, le=36500, description="fewest days a backup is kept, 1 to 36500")]
    max_days: Annotated[Count, Field(ge=1, le=36500, description="most days a backup is kept, 1 to 36500, not fewer than min_days")]
    grace_days: Annotated[
        Count, Field(ge=3, le=36500, description="days in which a lock of mode compliance can still be lifted, at least 3")
    ]

    @model_validator(mode="after")
    def _is_ordered(self) -> "VaultLockPlan":
        if self.max_days < self.min_days:
            raise refuse(f"at least min_days ({self.min_days})", "raise it", key="max_days", given=self.max_days)
        return self


class BackupSettings(Model):
    """When AWS Backup runs, how long its results are kept, and which stores it leaves out."""

    first_hour: Annotated[Count, Field(ge=0, le=5, description="hour (UTC) of the first of the day's four backups, 0 to 5")]
    six_hourly_days: Annotated[Count, Field(ge=1, le=36500, description="days the backups of every six hours are kept")]
    daily_days: Annotated[Count, Field(ge=1, le=36500, description="days daily backups are kept")]
    monthly_days: Annotated[
        Count, Field(ge=91, le=36500, description="days monthly backups are kept, 90 more than cold_after_days at least")
    ]
    cold_after_days: Annotated[Count, Field(ge=1, le=36410, description="days after which monthly backups go to cold storage")]
    validation_hours: Annotated[Count, Field(ge=1, le=168, description="hours a restored backup stays for checks, 1 to 168")]
    lock: VaultLockPlan
    exempt: Annotated[
        dict[str, Annotated[str, Field(min_length=10)]],
        Field(description="stores without a backup: logical name (with * for what varies), and the reason"),
    ]

    @model_validator(mode="after")
    def _is_accepted_by_the_vault(self) -> "BackupSettings":
        least = self.cold_after_days + COLD_AT_LEAST
        if self.monthly_days < least:
            allowed = f"at least {least}: what went to cold storage stays there for {COLD_AT_LEAST} days"
            raise refuse(allowed, "raise it, or lower cold_after_days", key="monthly_days", given=self.monthly_days)
        for key in ("six_hourly_days", "daily_days", "monthly_days"):
            self._keeps_to_the_lock(key, getattr(self, key))
        return self

    def fits(self, continuous_days: int, backup_window: str, maintenance_window: str) -> None:
        """Raise a refusal, naming the key below the region's plan, when the database's own settings stand against this."""
        if not self.lock.min_days <= continuous_days <= min(self.lock.max_days, LONGEST_CONTINUOUS):
            allowed = f"{self.lock.min_days} (backup.lock.min_days) to {min(self.lock.max_days, LONGEST_CONTINUOUS)}"
            raise refuse(allowed, "change it, or the lock", key="database.backup_days", given=continuous_days)
        for start in self._starts():
            span = f"{start:02}:00-{(start + _SPAN) % 24:02}:00"
            for window in (_weekly(backup_window), maintenance_window):
                if overlap(span, window):
                    allowed = f"an hour whose backups keep clear of the database's windows ({backup_window}, {maintenance_window})"
                    raise refuse(f"{allowed}; {span} does not", "choose another", key="backup.first_hour", given=self.first_hour)

    def _keeps_to_the_lock(self, key: str, days: int) -> None:
        if not self.lock.min_days <= days <= self.lock.max_days:
            allowed = f"{self.lock.min_days} to {self.lock.max_days}, the days that lock allows: AWS Backup fails a job beyond them"
            raise refuse(allowed, "change it, or the lock", key=key, given=days)

    def _starts(self) -> list[int]:
        """Return the hours at which something starts: every six hours, and an hour after each for the other rules."""
        return [hour for first in range(self.first_hour, 24, 6) for hour in (first, first + 1)]


def _weekly(daily: str) -> str:
    """Return a daily window as one of a week: whatever meets it on any day meets it on this one."""
    start, end = daily.split("-")
    return f"mon:{start}-{'tue' if end <= start else 'mon'}:{end}"
