"""Metrics, alerts and dashboards (OBS-1 to OBS-3, OBS-5 to OBS-7)."""

from typing import Annotated

from pydantic import Field

from config.fields import Model


class MonitoringPlan(Model):
    """Whether a stack has it, and how."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
