"""Search over logs (OBS-4)."""

from typing import Annotated

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model

AUDIT_DAYS = 365
"""Audit logs are kept at least so long (COM-2)."""


class StreamPlan(Model):
    """How much one kind of logs is, and how long it is kept."""

    daily_gb: Annotated[float, Field(gt=0, le=1000, description="GB of text a day, from which disks and nodes follow")]
    hot_days: Annotated[Count, Field(ge=1, le=90, description="days on the nodes that take new logs, 1 to 90")]
    delete_days: Annotated[Count, Field(ge=2, le=3650, description="days until they are deleted, more than hot_days")]

    @model_validator(mode="after")
    def _is_ordered(self) -> "StreamPlan":
        if self.delete_days <= self.hot_days:
            raise refuse(f"more than hot_days ({self.hot_days})", "raise it, or lower hot_days", key="delete_days", given=self.delete_days)
        return self


class LogsPlan(Model):
    """Whether a stack has it, and how."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
    audit: Annotated[StreamPlan, Field(description="who did what with secrets")]
    application: Annotated[StreamPlan, Field(description="of n8n and of tenants")]
    platform: Annotated[StreamPlan, Field(description="of all else in the cluster")]
    hot_disk_gb: Annotated[Count, Field(ge=20, le=4000, description="GiB of gp3 of each node that takes new logs, 20 to 4000")]
    warm_disk_gb: Annotated[Count, Field(ge=20, le=16000, description="GiB of gp3 of each node that keeps older ones, 20 to 16000")]

    @model_validator(mode="after")
    def _keeps_audit_logs(self) -> "LogsPlan":
        if self.audit.delete_days < AUDIT_DAYS:
            allowed, given = f"{AUDIT_DAYS} or more: audit logs are evidence", self.audit.delete_days
            raise refuse(allowed, "raise it", key="audit.delete_days", given=given)
        return self
