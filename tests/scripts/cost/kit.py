"""A table of round prices, assumptions that are easy to multiply by hand, and resources as the wire has them."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from scripts.cost.estimate import Estimate, monthly
from scripts.cost.graph import Item
from scripts.cost.prices import Book, Table
from scripts.cost.usage import Usage, load

REGION = "us-east-1"
SPOT = Decimal("0.6")


def book_of(prices: Mapping[str, str | None]) -> Book:
    """Return a table of one region with these prices."""
    source = {"page": {"url": "https://example.org/prices", "reading": "list", "looked_up": "2026-11-22"}}
    rows = {key: {"usd": usd, "unit": "unit", "source": None if usd is None else "page"} for key, usd in prices.items()}
    return Book({REGION: Table.model_validate({"region": REGION, "sources": source, "rows": rows})})


@cache
def _shipped() -> Usage:
    return load()


def usage(**values: str) -> Usage:
    """Return the shipped assumptions with some of them replaced."""
    shipped = _shipped()
    known = {name: each.model_copy(update={"value": Decimal(values.get(name, each.value))}) for name, each in shipped.assumptions.items()}
    return shipped.model_copy(update={"assumptions": known})


def item(type_: str, name: str = "thing", **inputs: Any) -> Item:
    """Return a resource."""
    return Item(urn=f"urn:pulumi:us-east-1::morefocus::{type_}::{name}", type=type_, name=name, inputs=inputs)


def estimate(prices: Mapping[str, str | None], *items: Item, **values: str) -> Estimate:
    """Return what resources cost at these prices."""
    return monthly(items, region=REGION, book=book_of(prices), usage=usage(**values), spot_discount=SPOT)
