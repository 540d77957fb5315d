"""Lines of an estimate, and the till that writes them: a quantity times a price of a table, never a bare amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from scripts.cost.graph import Item
from scripts.cost.prices import Book, Price
from scripts.cost.usage import Usage

HOURS = Decimal(730)
"""Hours AWS reckons a month as: 8,760 a year. Source: https://aws.amazon.com/ec2/pricing/on-demand/"""
_CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Return an amount of USD to the cent."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What one resource costs a month for one thing."""

    urn: str
    component: str
    tenant: str | None
    region: str
    group: str
    """Part of the budget, as `cost.groups` of the configuration names it (CST-1)."""
    service: str
    what: str
    quantity: Decimal
    price: Price
    factor: Decimal = Decimal(1)
    """Share of the price that is paid, such as 0.4 on Spot."""
    driver: str = "fixed"
    """What makes it grow: nodes, storage, database, traffic, tenants, or fixed."""
    assumes: str | None = None
    """Name of the usage that was assumed; None when the graph itself says how much."""

    @property
    def amount(self) -> Decimal | None:
        """USD a month, to the cent; None when the price is unresolved."""
        return None if self.price.usd is None else cents(self.quantity * self.price.usd * self.factor)


@dataclass(kw_only=True)
class Till:
    """Writes the lines of one stack's resources."""

    region: str
    book: Book
    usage: Usage
    spot_discount: Decimal
    """What the price falls by on Spot, as a share of it (CST-2)."""
    count: Counter[str]
    """How many resources of each type there are, among which what is assumed for a stack is shared out."""
    referred: Mapping[str, Item] = field(default_factory=dict)
    """Resources by their type and logical name, for those that are read together."""
    by_type: Mapping[str, Sequence[Item]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def bill(
        self,
        item: Item,
        key: str,
        quantity: Decimal | int,
        *,
        group: str,
        service: str,
        what: str,
        driver: str = "fixed",
        assumes: str | None = None,
        factor: Decimal = Decimal(1),
        region: str | None = None,
    ) -> None:
        """Add a line; `quantity` counts units of the price `key`. A quantity of 0 adds none."""
        place = region or self.place(item)
        if not quantity:
            return
        self.lines.append(
            Line(
                urn=item.urn,
                component=item.component,
                tenant=item.tenant,
                region=place,
                group=group,
                service=service,
                what=what,
                quantity=Decimal(quantity),
                price=self.book.price(key, place),
                factor=factor,
                driver=driver,
                assumes=assumes,
            )
        )

    def place(self, item: Item) -> str:
        """Return the region a resource is in: its own, else the stack's."""
        own = item.inputs.get("region")
        return own if isinstance(own, str) and own else self.region

    def assumed(self, name: str, among: str | None = None) -> Decimal:
        """Return what is assumed a month, shared out evenly `among` the resources of a type."""
        value = self.usage.value(name)
        return value / self.count[among] if among and self.count[among] else value

    def of(self, type_: str) -> Sequence[Item]:
        """Return the stack's resources of a type."""
        return self.by_type.get(type_, ())

    @property
    def zones(self) -> int:
        """How many zones the stack's network spans, for what stands in each and does not yet know its subnets; 1 without a network."""
        return len({subnet.inputs.get("availabilityZone") for subnet in self.of("aws:ec2/subnet:Subnet")}) or 1
