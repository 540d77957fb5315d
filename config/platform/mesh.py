"""Mutual TLS between services, and what breaks a circuit (SEC-5, SEC-10)."""

from typing import Annotated

from pydantic import Field

from config.fields import Model


class MeshPlan(Model):
    """Whether a stack has it, and how."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
