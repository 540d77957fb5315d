"""What the estate costs as tenants are added, months 1 to 24 of the capacity table, and what each tenant costs (TEN-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from config.platform.sizing import GROWTH, Month
from scripts.cost.estimate import NOTHING, Estimate
from scripts.cost.line import Line, cents

FIRST, LAST = GROWTH[0], GROWTH[-1]
MONTHS = tuple(range(FIRST.month, LAST.month + 1))
"""Every month from the table's first row to its last."""
NODES = (Decimal(6), Decimal(50))
"""Instances the estate scales between (CMP-4): the first are there in month 1, all in the last."""
STORAGE_TB = (Decimal(5), Decimal(100))
"""Objects and files between the same months (DAT-5)."""
DATABASE_GB = (Decimal(1000), Decimal(10000))
"""Storage of a database, which grows by itself (DAT-1). Databases scale up by hand, so their class stays (CMP-5)."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """The estate in one month."""

    month: int
    tenants: int
    usd: Decimal
    """USD a month; the least it is when a price is unresolved."""

    @property
    def per_tenant(self) -> Decimal:
        """USD a month for each tenant, shared costs shared out evenly."""
        return cents(self.usd / self.tenants)


def curve(estimate: Estimate, months: Iterable[int] = MONTHS) -> list[Point]:
    """Return the cost of months, given the estimate of the estate as it stands in month 1."""
    return [_point(estimate, at(month)) for month in months]


def at(month: int) -> Month:
    """Return a month of the table, between its rows in a straight line. Raises ValueError outside of it."""
    if not FIRST.month <= month <= LAST.month:
        raise ValueError(f"month {month} is not in the table, which goes from {FIRST.month} to {LAST.month}: give one of these")
    later = next(index for index, row in enumerate(GROWTH) if row.month >= month)
    high, low = GROWTH[later], GROWTH[max(0, later - 1)]
    if high.month == month or high is low:
        return high
    share = Decimal(month - low.month) / (high.month - low.month)
    names = ("tenants", "workflows", "gigabytes_per_day")
    between = {name: round(getattr(low, name) + share * (getattr(high, name) - getattr(low, name))) for name in names}
    return Month(month=month, **between)


def factor(driver: str, month: Month) -> Decimal:
    """Return by how much a driver has grown since month 1."""
    progress = Decimal(month.workflows - FIRST.workflows) / (LAST.workflows - FIRST.workflows)
    match driver:
        case "nodes":
            low, high = NODES
            return (low + (high - low) * progress) / low
        case "storage":
            low, high = STORAGE_TB
            return (low + (high - low) * progress) / low
        case "traffic":
            return Decimal(month.gigabytes_per_day) / FIRST.gigabytes_per_day
        case "tenants":
            return Decimal(month.tenants) / FIRST.tenants
    return Decimal(1)


def _point(estimate: Estimate, month: Month) -> Point:
    usd = sum(((line.amount or NOTHING) * _grown(line, month) for line in estimate.lines), NOTHING)
    return Point(month=month.month, tenants=month.tenants, usd=cents(usd))


def _grown(line: Line, month: Month) -> Decimal:
    if line.tenant is not None and line.driver == "fixed":
        # What a tenant has for itself comes with each tenant, however little it is used.
        return factor("tenants", month)
    # A database's storage and backups grow to ten times, objects and files to twenty.
    if line.driver == "storage" and line.price.key.startswith("rds:"):
        low, high = DATABASE_GB
        progress = Decimal(month.workflows - FIRST.workflows) / (LAST.workflows - FIRST.workflows)
        return (low + (high - low) * progress) / low
    return factor(line.driver, month)
