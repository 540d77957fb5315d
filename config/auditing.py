"""The plan of a region's audit trail, and of what is done about severe findings."""

from typing import Annotated, Literal

from pydantic import Field

from config.fields import Count, Model


class AuditPlan(Model):
    """How the record of who did what is kept, and whether what is severe is contained without asking (SEC-8, OBS-4)."""

    lock_mode: Annotated[
        Literal["GOVERNANCE", "COMPLIANCE"],
        Field(description="GOVERNANCE, which a permission of its own lifts, or COMPLIANCE, which nobody lifts"),
    ]
    lock_days: Annotated[
        Count, Field(ge=1, le=3653, description="days in which no record can be changed or deleted, not more than storage.log_days")
    ]
    insights: Annotated[bool, Field(description="true: CloudTrail looks for unusual rates of calls; charged by events analysed")]
    contain: Annotated[
        bool, Field(description="true: severe findings of GuardDuty are contained at once; false: it is only told what would be done")
    ]
