"""What is assumed of a month's usage where the graph cannot tell: `config/cost_usage.yaml`, each with its reason and requirement."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field

from config.fields import Model
from scripts.cost.prices import ROOT

FILE = ROOT / "config" / "cost_usage.yaml"


class Assumption(Model):
    """One quantity a month."""

    value: Annotated[Decimal, Field(ge=0, description="how much a month")]
    lean: Annotated[Decimal | None, Field(ge=0, description="the same of the lean estate; null for as much")] = None
    unit: Annotated[str, Field(min_length=1, description="what is counted, such as GB")]
    requirement: Annotated[str, Field(min_length=1, description="requirement or decision it follows from, or `choice`")]
    why: Annotated[str, Field(min_length=10, description="where the figure comes from")]


class Third(Model):
    """What somebody else than AWS bills."""

    quantity: Annotated[Decimal, Field(ge=0, description="how much of it is paid for")]
    lean: Annotated[Decimal | None, Field(ge=0, description="how much of it the lean estate has; null for as much")] = None
    group: Annotated[str, Field(description="group of the report")] = "third-party"
    requirement: Annotated[str, Field(description="requirement or decision it follows from, or `choice`")]
    why: Annotated[str, Field(description="where the figure comes from")]


class Usage(Model):
    """Every assumption, for one production region unless it says that it is for the estate."""

    staging_share: Annotated[Decimal, Field(ge=0, le=1, description="staging's traffic as a share of a production region's")]
    assumptions: Annotated[dict[str, Assumption], Field(description="name to quantity")]
    third_party: Annotated[dict[str, Third], Field(description="name to what somebody else than AWS bills")]
    share: Annotated[Decimal, Field(description="what the values are multiplied with: 1 in production")] = Decimal(1)

    def value(self, name: str) -> Decimal:
        """Return a quantity. Raises KeyError naming what there is."""
        if name not in self.assumptions:
            raise KeyError(f"nothing is assumed of {name!r}; add it to config/cost_usage.yaml beside {', '.join(sorted(self.assumptions))}")
        return self.assumptions[name].value * self.share

    def of_lean(self) -> Usage:
        """Return what is assumed of a region of the lean estate."""
        known = {
            name: each if each.lean is None else each.model_copy(update={"value": each.lean}) for name, each in self.assumptions.items()
        }
        return self.model_copy(update={"assumptions": known})

    def of_staging(self) -> Usage:
        """Return what is assumed of a staging stack."""
        return self.model_copy(update={"share": self.staging_share})


def load(path: Path = FILE) -> Usage:
    """Return the assumptions. Raises pydantic's ValidationError naming what is wrong."""
    document: Any = yaml.safe_load(path.read_text())
    return Usage.model_validate(document)
