"""What may be had in which environment and what a stack may cost, as `cost.yaml` has it."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from config.vocabulary import Environment

FILE = Path(__file__).with_name("cost.yaml")
Most = Annotated[int, Field(ge=1, description="at most this many, or this large")]
Why = Annotated[str, Field(min_length=20, description="where the figure comes from")]


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stores(_Fact):
    """Databases."""

    classes: Annotated[frozenset[str], Field(min_length=1, description="classes that may be had")]
    most_gb: Most


class Members(_Fact):
    """Caches, or nodes of a group."""

    classes: Annotated[frozenset[str], Field(min_length=1, description="types that may be had")]
    most_nodes: Most


class Functions(_Fact):
    """Functions."""

    most_mb: Most


class Budgeted(_Fact):
    """A monthly sum, and why it is that."""

    monthly_usd: Annotated[Decimal, Field(gt=0, description="USD a month")]
    why: Why


class OfStack(Budgeted):
    """One stack's limit."""

    owns_the_bill: Annotated[bool, Field(description="true in the one stack that has the account's budget")] = False


class OfEnvironment(Budgeted):
    """What an environment may have; its sum is for stacks without a row of their own."""

    databases: Stores
    caches: Members
    nodes: Members
    functions: Functions


class Limits(_Fact):
    """Everything that limits cost."""

    account: Budgeted
    spot_discount: Annotated[Decimal, Field(gt=0, lt=1, description="share by which a price falls on Spot")]
    environments: dict[Environment, OfEnvironment]
    stacks: dict[str, OfStack]

    def of(self, stack: str, environment: Environment) -> Budgeted:
        """Return the limit of a stack: its own, else its environment's."""
        return self.stacks.get(stack) or self.environments[environment]


@cache
def limits(path: Path = FILE) -> Limits:
    """Return the limits. Raises pydantic's ValidationError naming what is wrong."""
    return Limits.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
