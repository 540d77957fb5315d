"""Tables of prices: a file a region under `config/prices`, one for what costs the same everywhere, one for what others than AWS bill.

A row has an amount in USD, its unit, where it was read and when. An amount that was not found is null, `unresolved`: it is shown as
such and never counted as nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Model

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "config" / "prices"
GLOBAL = "global"
THIRD_PARTY = "third-party"


class Reading(StrEnum):
    """How a figure was come by."""

    LIST = "list"
    """Read in AWS's price list by its API."""
    DATASET = "dataset"
    """Read in a public data set that is generated from the price list."""
    EXCERPT = "excerpt"
    """Read in a public document that quotes the source named; the source itself was not reached."""
    OWNER = "source"
    """The owner's own figure, from the document the requirements come from; not AWS's."""


class Source(Model):
    """Where figures come from."""

    url: Annotated[
        str, Field(pattern=r"^(https://\S+|docs/\S+|source-[ab]\b.*)$", description="page, file of the price list, or source document")
    ]
    reading: Annotated[Reading, Field(description="how a figure was come by")]
    looked_up: Annotated[date, Field(description="day on which it was read")]


class Row(Model):
    """One price."""

    usd: Annotated[Decimal | None, Field(ge=0, description="USD a unit; null when it was not found")]
    unit: Annotated[str, Field(min_length=1, description="what is paid for, such as hour or GB-month")]
    source: Annotated[str | None, Field(description="short name of the source; null with an amount that was not found")] = None


class Table(Model):
    """The prices of one region."""

    region: Annotated[str, Field(description="AWS region, `global` or `third-party`")]
    sources: Annotated[dict[str, Source], Field(description="short name to where figures come from")]
    rows: Annotated[dict[str, Row], Field(description="what is paid for, to its price")]

    @model_validator(mode="after")
    def _says_where_from(self) -> Table:
        for key, row in self.rows.items():
            if row.usd is not None and row.source not in self.sources:
                raise refuse(
                    f"one of {', '.join(self.sources)}", "name where the amount was read", key=f"rows.{key}.source", given=row.source
                )
        return self


@dataclass(frozen=True, slots=True)
class Price:
    """A price that was asked for."""

    key: str
    region: str
    usd: Decimal | None
    unit: str
    source: Source | None

    @property
    def resolved(self) -> bool:
        """Whether an amount was found."""
        return self.usd is not None


@dataclass(frozen=True)
class Book:
    """Every table."""

    tables: Mapping[str, Table]
    missing: set[tuple[str, str]] = field(default_factory=set)
    """Keys that were asked for and that no table has, with their region."""

    def price(self, key: str, region: str) -> Price:
        """Return the price of `key` in a region, else everywhere; one without an amount when no table knows it."""
        for name in (region, GLOBAL, THIRD_PARTY):
            table = self.tables.get(name)
            row = table.rows.get(key) if table else None
            if table and row:
                source = table.sources[row.source] if row.source else None
                return Price(key, region, row.usd, row.unit, source)
        self.missing.add((region, key))
        return Price(key, region, None, "unit", None)

    def knows(self, key: str, region: str) -> bool:
        """Whether a region's table has an amount for `key`."""
        table = self.tables.get(region)
        return bool(table and key in table.rows and table.rows[key].usd is not None)


def load(folder: Path = FOLDER) -> Book:
    """Return every table of a folder. Raises pydantic's ValidationError naming what a file has wrong."""
    return Book({path.stem: Table.model_validate(_read(path)) for path in sorted(folder.glob("*.yaml"))})


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())
