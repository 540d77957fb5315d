"""The automation service n8n (N8N-1 to N8N-5, D5)."""

import re
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model
from config.platform.sizing import carried_per_day

LICENCE = "n8n-licence"
"""Row of the catalogue of secrets that holds the activation key."""
_CRON = re.compile(r"[0-9*/,-]+( [0-9*/,-]+){4}")


class ReplicaPlan(Model):
    """How few and how many of one kind of process."""

    min: Annotated[Count, Field(ge=1, le=100, description="fewest, 1 to 100")]
    max: Annotated[Count, Field(ge=1, le=100, description="most, min to 100")]

    @model_validator(mode="after")
    def _is_ordered(self) -> "ReplicaPlan":
        if self.min > self.max:
            raise refuse(f"at least {self.min}, which is min", "raise it, or lower min", key="max", given=self.max)
        return self


class QueuePlan(Model):
    """The Redis group of the queue: not a cluster, in which all of Bull's keys would fall into one slot (D5)."""

    node_type: Annotated[str, Field(pattern=r"^cache\.[a-z0-9-]+\.[a-z0-9]+$", description="ElastiCache type such as 'cache.r5.large'")]
    replicas: Annotated[Count, Field(ge=1, le=5, description="replicas in other zones to fail over to, 1 to 5")]
    snapshot_days: Annotated[Count, Field(ge=1, le=35, description="days snapshots are kept, 1 to 35")]


class ExportPlan(Model):
    """The daily export of workflows and credentials (N8N-4, BDR-2)."""

    schedule: Annotated[str, Field(description="five cron fields in UTC, such as '30 2 * * *'")]

    @model_validator(mode="after")
    def _is_cron(self) -> "ExportPlan":
        if not _CRON.fullmatch(self.schedule):
            raise refuse("five cron fields such as '30 2 * * *'", "correct it", key="schedule", given=self.schedule)
        return self


class AutomationPlan(Model):
    """Whether a stack has it, and how."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
    profile: Annotated[
        Literal["community", "enterprise"], Field(description="community: one main, binary data in the database; enterprise: more, and S3")
    ]
    licence: Annotated[
        str | None, Field(description=f"where the activation key is: {LICENCE}, the row of that name; null without a licence")
    ]
    mains: ReplicaPlan
    webhook_processors: ReplicaPlan
    workers: ReplicaPlan
    concurrency: Annotated[Count, Field(ge=5, le=100, description="executions that a worker runs at a time, 5 to 100")]
    pool_size: Annotated[Count, Field(ge=2, le=50, description="database connections of one process, 2 to 50")]
    executions_per_day: Annotated[Count, Field(ge=1, description="executions that the processes and the database must carry each day")]
    seconds_per_execution: Annotated[float, Field(gt=0, le=3600, description="how long one lasts on average, in seconds")]
    kept_hours: Annotated[Count, Field(ge=1, le=8760, description="hours that finished executions are kept, 1 to 8760")]
    time_zone: Annotated[str, Field(description="time zone of schedules, such as America/New_York")]
    owner_email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$", description="login of the owner account of the editor")]
    standby: Annotated[bool, Field(description="true: all is there and nothing runs, until the region it stands in for is fenced")]
    allow_next_major: Annotated[bool, Field(description="true: n8n 3.x is accepted, whose schema has no way back")]
    environment: Annotated[
        dict[str, str], Field(description="further variables of n8n's processes; no secret, and none of the platform's own")
    ]
    queue: QueuePlan
    export: ExportPlan

    @model_validator(mode="after")
    def _is_one_scheduler(self) -> "AutomationPlan":
        if self.licence not in (None, LICENCE):
            raise refuse(f"{LICENCE}, or null", "name the row of the catalogue of secrets", key="licence", given=self.licence)
        if self.mains.max > 1 and self.licence is None:
            raise refuse(
                "one main without a licence: every schedule would fire once in each",
                f"write mains: {{min: 1, max: 1}}, or profile: enterprise and licence: {LICENCE}",
                key="mains.max",
                given=self.mains.max,
            )
        if (self.profile == "enterprise") != (self.licence is not None):
            allowed = f"enterprise with licence: {LICENCE}, or community with licence: null"
            raise refuse(allowed, "correct one of the two", key="profile", given=self.profile)
        if self.profile == "enterprise" and self.mains.min < 2:
            raise refuse("2 or more with profile enterprise", "raise mains.min", key="mains.min", given=self.mains.min)
        return self

    @model_validator(mode="after")
    def _carries_its_load(self) -> "AutomationPlan":
        carried = carried_per_day(self.workers.max, self.concurrency, self.seconds_per_execution)
        if carried < self.executions_per_day:
            raise refuse(
                f"workers that carry {self.executions_per_day} executions a day of {self.seconds_per_execution:g} s, peaks included",
                "raise workers.max or concurrency",
                key="workers.max",
                given=f"{self.workers.max} of {self.concurrency} at a time, which carry {carried}",
            )
        return self

    @model_validator(mode="after")
    def _is_told_what_n8n_knows(self) -> "AutomationPlan":
        if self.time_zone not in available_timezones():
            raise refuse("a name of the IANA time zone database", "correct it, such as UTC", key="time_zone", given=self.time_zone)
        for name in self.environment:
            if name.startswith("N8N_BASIC_AUTH_"):
                allowed = "no N8N_BASIC_AUTH_*: n8n ignores it since 1.0, so it would protect nothing"
                raise refuse(
                    allowed, "remove it: the owner account protects the editor, which is not public", key="environment", given=name
                )
            if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
                raise refuse("names of environment variables", "write it in upper case", key="environment", given=name)
        return self
