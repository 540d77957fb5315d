"""Vault, which keeps secrets of applications (SEC-2)."""

from typing import Annotated

from pydantic import Field, field_validator

from config.errors import refuse
from config.fields import Count, Model


class VaultPlan(Model):
    """Whether a stack has it, and how."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
    replicas: Annotated[Count, Field(ge=3, le=7, description="servers: 3, 5 or 7, of which a majority must be left")] = 3
    storage_gb: Annotated[Count, Field(ge=10, le=1000, description="GiB of gp3 of each server, 10 to 1000")] = 10

    @field_validator("replicas")
    @classmethod
    def _is_odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise refuse("3, 5 or 7", "an even number outvotes no more than the odd one below it")
        return value
