"""Mutual TLS between services, and what breaks a circuit (SEC-5, SEC-10)."""

from typing import Annotated

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model


class MeshPlan(Model):
    """Whether a stack has it, and how."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
    replicas: Annotated[Count, Field(ge=2, le=10, description="fewest pods of the control plane, 2 to 10")] = 2
    most_replicas: Annotated[Count, Field(ge=2, le=20, description="most pods of the control plane, replicas to 20")] = 5
    authority_days: Annotated[Count, Field(ge=45, le=365, description="life of the authority that signs services' certificates")] = 90

    @model_validator(mode="after")
    def _is_ordered(self) -> "MeshPlan":
        if self.most_replicas < self.replicas:
            raise refuse(f"replicas ({self.replicas}) or more", "raise it", key="most_replicas", given=self.most_replicas)
        return self
