"""Vault, which keeps secrets of applications (SEC-2)."""

from typing import Annotated

from pydantic import Field

from config.fields import Model


class VaultPlan(Model):
    """Whether a stack has it, and how."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
