"""`make refresh-prices`: asks AWS's price list for every row of the tables and writes what it answers, with the day (CST-1).

Needs credentials that may call `pricing:GetProducts`; nothing of an account is read. A row that has no query, or whose query finds none or
several prices, keeps what it has, and the report says so: nothing is ever picked by hand or guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import yaml

from scripts.cost.prices import FOLDER, Reading, Row, Source, Table
from scripts.cost.queries import Query, query_of

ENDPOINT_REGION = "us-east-1"
"""Where the price list answers. Source: https://docs.aws.amazon.com/general/latest/gr/billing.html"""
LIST = "price-list"


class PricingClient(Protocol):
    """What is used of boto3's client."""

    def get_products(self, **arguments: Any) -> dict[str, Any]:
        """Return one page of products."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one row."""

    key: str
    before: Decimal | None
    after: Decimal | None
    why: str
    """Empty when the list gave the one price there is."""


def refresh(client: PricingClient, table: Table, today: date) -> tuple[Table, list[Outcome]]:
    """Return a table with the prices of today's list, and what became of each row."""
    rows, outcomes = dict(table.rows), []
    for key, row in table.rows.items():
        query = query_of(key, table.region)
        if query is None:
            outcomes.append(Outcome(key=key, before=row.usd, after=row.usd, why="no query is known"))
            continue
        found = {(usd * query.times).normalize() for usd in _prices(client, query)}
        if len(found) != 1:
            why = "no product answers" if not found else f"{len(found)} prices answer: {', '.join(map(str, sorted(found)))}"
            outcomes.append(Outcome(key=key, before=row.usd, after=row.usd, why=why))
            continue
        usd = found.pop()
        rows[key] = Row(usd=usd, unit=row.unit, source=LIST)
        outcomes.append(Outcome(key=key, before=row.usd, after=usd, why=""))
    url = "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html"
    sources = {**table.sources, LIST: Source(url=url, reading=Reading.LIST, looked_up=today)}
    used = {row.source for row in rows.values()}
    return Table(region=table.region, sources={name: each for name, each in sources.items() if name in used}, rows=rows), outcomes


def write(table: Table, folder: Path = FOLDER) -> None:
    """Write a table in place of the one before, with the comment that its file begins with."""
    path = folder / f"{table.region}.yaml"
    comment = "".join(f"{line}\n" for line in _comment(path))
    sources = {
        name: {"url": each.url, "reading": each.reading.value, "looked_up": each.looked_up} for name, each in sorted(table.sources.items())
    }
    head = yaml.safe_dump({"region": table.region}) + "\n" + yaml.safe_dump({"sources": sources}, sort_keys=False, width=200) + "\nrows:\n"
    path.write_text(comment + head + "".join(_line(key, row) for key, row in table.rows.items()))


def _comment(path: Path) -> list[str]:
    lines = path.read_text().splitlines() if path.exists() else []
    return [line for index, line in enumerate(lines) if all(each.startswith("#") for each in lines[: index + 1])]


def _line(key: str, row: Row) -> str:
    usd = "null" if row.usd is None else f'"{row.usd:f}"'
    return f'  "{key}": {{usd: {usd}, unit: "{row.unit}", source: {row.source or "null"}}}\n'


def _prices(client: PricingClient, query: Query) -> Iterator[Decimal]:
    """Return the first-tier price of every product that answers, without what is free."""
    arguments: dict[str, Any] = {
        "ServiceCode": query.service,
        "FormatVersion": "aws_v1",
        "Filters": [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in sorted(query.filters.items())],
    }
    while True:
        page = client.get_products(**arguments)
        for product in page["PriceList"]:
            yield from _first_tier(json.loads(product) if isinstance(product, str) else product)
        if not page.get("NextToken"):
            return
        arguments["NextToken"] = page["NextToken"]


def _first_tier(product: Mapping[str, Any]) -> Iterator[Decimal]:
    for term in product.get("terms", {}).get("OnDemand", {}).values():
        # Tiers begin at 0; a free one in front of them has no price, and is the account's and not the estate's.
        paid = [each for each in term["priceDimensions"].values() if Decimal(each["pricePerUnit"].get("USD", "0"))]
        if paid:
            yield Decimal(min(paid, key=lambda each: Decimal(each["beginRange"]))["pricePerUnit"]["USD"]).normalize()
