"""Search over logs (OBS-4)."""

from typing import Annotated

from pydantic import Field

from config.fields import Model


class LogsPlan(Model):
    """Whether a stack has it, and how."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
