"""How hours of nodes are paid for: reserved, under Savings Plans, on Spot or on demand, each hour in one way (CST-2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from config.cost import Purchases
from scripts.cost.estimate import Estimate
from scripts.cost.line import Line

ONE = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Mix:
    """Hours of nodes a month by how they are paid for."""

    reserved: Decimal
    savings_plans: Decimal
    spot: Decimal
    on_demand: Decimal

    @property
    def total(self) -> Decimal:
        """Every hour, counted once."""
        return self.reserved + self.savings_plans + self.spot + self.on_demand


def mix(estimate: Estimate, purchases: Purchases, year: int) -> Mix:
    """Return the hours of a year's month, 1 to 3. What is on Spot stays there; shares are of all hours and never overlap.

    Commitments beyond what Spot leaves would be paid for and not used: they are cut to what is left, reserved instances first.
    """
    bought = purchases.years[year - 1]
    spot = _hours(estimate, spot=True)
    left = _hours(estimate, spot=False)
    hours = spot + left
    reserved = min(hours * _share(bought.reserved), left)
    plans = min(hours * _share(bought.savings_plans), left - reserved)
    return Mix(reserved=reserved, savings_plans=plans, spot=spot, on_demand=left - reserved - plans)


def in_year(estimate: Estimate, purchases: Purchases, year: int) -> Estimate:
    """Return what the same resources cost under a year's purchases; databases and caches are bought on demand in each."""
    hours = mix(estimate, purchases, year)
    whole = hours.reserved + hours.savings_plans + hours.on_demand
    if not whole:
        return estimate
    discounts = purchases.discounts
    paid = (
        hours.reserved * (ONE - _share(discounts.reserved))
        + hours.savings_plans * (ONE - _share(discounts.savings_plans))
        + hours.on_demand
    ) / whole
    return replace(
        estimate, lines=tuple(replace(line, factor=paid) if is_node(line) and line.factor == ONE else line for line in estimate.lines)
    )


def is_node(line: Line) -> bool:
    """Whether a line is hours of nodes, which commitments are made for."""
    return line.price.key.startswith("ec2:")


def _hours(estimate: Estimate, *, spot: bool) -> Decimal:
    return sum((line.quantity for line in estimate.lines if is_node(line) and (line.factor != ONE) is spot), Decimal(0))


def _share(value: float) -> Decimal:
    return Decimal(str(value))
