"""Until when each version that may run is mended by its makers, as `support.yaml` has it."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("support.yaml")


class Product(BaseModel):
    """The versions of one product, and where their dates were read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[str, Field(pattern=r"^https://", description="page that has the dates")]
    read_on: Annotated[date, Field(description="day on which they were read")]
    ends: Annotated[dict[str, date | Literal["unresolved"]], Field(description="version to its last day, or unresolved")]


class Support(BaseModel):
    """Every product that is judged by its version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    products: Annotated[dict[str, Product], Field(description="service, or service and engine, to its versions")]


@cache
def products(path: Path = FILE) -> Mapping[str, Product]:
    """Return the table. Raises pydantic's ValidationError naming what is wrong."""
    return Support.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).products


def is_mended(product: str, version: str, today: date) -> bool:
    """Tell whether a version is one of the table whose end is not past; `17.6` is meant by the row `17`.

    A version without a date is: that nobody knows its end is said in the table, and in what is reported of it.
    """
    known = products().get(product)
    row = _row(known.ends, version) if known else None
    return row is not None and (row == "unresolved" or row >= today)


def _row(ends: Mapping[str, date | Literal["unresolved"]], version: str) -> date | Literal["unresolved"] | None:
    parts = version.split(".")
    named = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((ends[name] for name in named if name in ends), None)
