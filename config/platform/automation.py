"""The automation service n8n (N8N-1 to N8N-5, D5)."""

from typing import Annotated

from pydantic import Field

from config.fields import Model


class AutomationPlan(Model):
    """Whether a stack has it, and how."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
