"""The report of costs as plain data, which is printed as JSON or drawn as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from config.cost import CostFacts
from scripts.cost import documented, growth, purchases, variants
from scripts.cost.estimate import Estimate, monthly, third_party, total
from scripts.cost.graph import Item
from scripts.cost.line import cents
from scripts.cost.prices import Book
from scripts.cost.usage import Usage


class Profile(StrEnum):
    """Which estate is priced (D8)."""

    DOCUMENTED = "documented"
    """What the sources describe, as the region files ship it."""
    LEAN = "lean"
    """What is to fit the budget, and gives up what `variants.LEAN` says."""
    STAGING = "staging"


SHARED = "shared"
"""What stands for a tenant where all of them use something."""


@dataclass(frozen=True, kw_only=True)
class StackGraph:
    """One stack's resources."""

    stack: str
    region: str
    staging: bool
    items: Sequence[Item]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What every estimate needs besides a graph."""

    book: Book
    usage: Usage
    cost: CostFacts
    production: frozenset[str]
    """Every production stack: what others than AWS bill, and the sources' tables, are about all of them together."""

    def whole(self, graphs: Sequence[StackGraph]) -> bool:
        """Whether these stacks are the whole production."""
        return {graph.stack for graph in graphs} == self.production

    @property
    def spot_discount(self) -> Decimal:
        """What the price falls by on Spot."""
        return Decimal(str(self.cost.purchases.discounts.spot))


def estimate(graphs: Sequence[StackGraph], facts: Facts, profile: Profile) -> Estimate:
    """Return what stacks cost together in a profile; all of production comes with what others than AWS bill for it."""
    whole = Estimate(lines=())
    for graph in graphs:
        items = variants.lean(graph.items) if profile is Profile.LEAN else graph.items
        usage = facts.usage.of_staging() if graph.staging else facts.usage.of_lean() if profile is Profile.LEAN else facts.usage
        whole += monthly(items, region=graph.region, book=facts.book, usage=usage, spot_discount=facts.spot_discount)
    return whole + third_party(facts.book, facts.usage, lean=profile is Profile.LEAN) if facts.whole(graphs) else whole


def report(graphs: Sequence[StackGraph], facts: Facts, profile: Profile) -> dict[str, Any]:
    """Return everything that is shown of a profile; amounts are USD a month as text."""
    whole = estimate(graphs, facts, profile)
    found: dict[str, Any] = {
        "profile": profile.value,
        "stacks": [graph.stack for graph in graphs],
        "usd": str(whole.total),
        "complete": whole.complete,
        "by_group": _text(whole.by(lambda line: line.group)),
        "by_service": _text(whole.by(lambda line: line.service)),
        "by_region": _text(whole.by(lambda line: line.region)),
        "by_component": _text(whole.by(lambda line: line.component)),
        "by_tenant": _text(whole.by(lambda line: line.tenant or SHARED)),
        "tenants": _tenants(whole),
        "prices": _prices(whole),
        "unresolved": [{"region": region, "price": key} for region, key in whole.unresolved],
        "unpriced": dict(whole.unpriced),
        "unknown": list(whole.unknown),
    }
    if facts.whole(graphs):
        found |= {
            "budget": _budget(whole, facts),
            "sources": _compared(whole, lean=profile is Profile.LEAN),
            "years": _years(whole, facts),
            "growth": [
                {"month": point.month, "tenants": point.tenants, "usd": str(point.usd), "per_tenant": str(point.per_tenant)}
                for point in growth.curve(whole)
            ],
            "graviton": _graviton(graphs, facts, whole) if profile is Profile.DOCUMENTED else {"rows": []},
            "scheduling": _scheduling(whole, graphs),
        }
    if profile is Profile.LEAN:
        found["gives_up"] = [{"what": each.what, "gives_up": each.gives_up} for each in variants.LEAN]
    return found


def _budget(whole: Estimate, facts: Facts) -> dict[str, Any]:
    budget = Decimal(facts.cost.monthly_usd)
    return {
        "usd": str(budget),
        "difference": str(whole.total - budget),
        # What is unresolved can only add: beyond the budget is beyond it, within it is not yet proven.
        "verdict": "over" if whole.total > budget else "within" if whole.complete else "undecided",
        "groups": [
            {"group": name, "usd": str(group.usd), "estimate": str(whole.by(lambda line: line.group).get(name, Decimal(0)))}
            for name, group in facts.cost.groups.items()
        ],
    }


def _tenants(whole: Estimate) -> list[dict[str, str]]:
    """Return what each tenant costs: what is its own, and that with an even share of what all share."""
    own = whole.by(lambda line: line.tenant or SHARED)
    shared = own.pop(SHARED, Decimal(0))
    return [{"tenant": name, "own": str(usd), "with_share": str(cents(usd + shared / len(own)))} for name, usd in own.items()]


def _prices(whole: Estimate) -> dict[str, Any]:
    """Return how many prices were asked for and found, and when the oldest of them was read."""
    asked = {(line.price.region, line.price.key): line.price for line in whole.lines}
    read = [price.source.looked_up for price in asked.values() if price.source is not None]
    return {
        "asked": len(asked),
        "found": sum(price.resolved for price in asked.values()),
        "oldest": min(read).isoformat() if read else None,
    }


def _compared(whole: Estimate, *, lean: bool) -> dict[str, Any]:
    rows = documented.compare(whole, documented.SOURCE_A)
    rest = documented.left_out(whole, documented.SOURCE_A)
    sums = Estimate(lines=rest).by(lambda line: f"{line.service}: {line.what}")
    return {
        "documented": str(documented.documented_total(documented.SOURCE_A)),
        "at_source_prices": str(cents(sum((each.at_source_price for each in rows), Decimal(0)))),
        "rows": [
            {
                "group": each.row.group,
                "name": each.row.name,
                "documented_quantity": str(each.row.quantity),
                "documented_usd": str(each.row.usd),
                "quantity": f"{each.quantity:.0f}",
                "at_source_price": str(cents(each.at_source_price)),
                "estimate": str(each.estimate),
                "of_quantity": str(cents(each.of_quantity)),
                "of_price": str(cents(each.of_price)),
                "of_unresolved": str(cents(each.of_unresolved)),
                "unresolved": each.unresolved,
                "explains": each.row.why(lean=lean),
            }
            for each in rows
        ],
        "left_out": {"usd": str(total(rest)), "largest": dict(list(_text(sums).items())[:12])},
    }


def _years(whole: Estimate, facts: Facts) -> list[dict[str, Any]]:
    years = []
    for number, year in enumerate(facts.cost.purchases.years, start=1):
        hours = purchases.mix(whole, facts.cost.purchases, number)
        bought = purchases.in_year(whole, facts.cost.purchases, number)
        shares = {name: str(cents(getattr(hours, name))) for name in ("reserved", "savings_plans", "spot", "on_demand")}
        years.append({"year": number, "documented": str(year.usd), "usd": str(bought.total), "hours": shares})
    return years


def _graviton(graphs: Sequence[StackGraph], facts: Facts, whole: Estimate) -> dict[str, Any]:
    other = Estimate(lines=())
    for graph in graphs:
        other += monthly(
            variants.graviton(graph.items), region=graph.region, book=facts.book, usage=facts.usage, spot_discount=facts.spot_discount
        )
    rows = []
    for kind, equal in variants.GRAVITON.items():
        now = [line for line in whole.lines if line.price.key.endswith(f":{kind}")]
        then = [line for line in other.lines if line.price.key.endswith(f":{equal}")]
        resolved = all(line.price.resolved for line in (*now, *then)) and bool(now)
        saves = str(total(now) - total(then)) if resolved else None
        rows.append({"now": kind, "usd": str(total(now)), "graviton": equal, "graviton_usd": str(total(then)), "saves": saves})
    return {"rows": rows}


def _scheduling(whole: Estimate, graphs: Sequence[StackGraph]) -> dict[str, Any]:
    lines = documented.scheduling(whole)
    rows = documented.compare(Estimate(lines=lines), documented.SOURCE_B)
    regions = max(1, len(graphs))
    return {
        "documented": str(documented.B_TOTAL),
        "usd": str(total(lines)),
        "per_region": str(cents(total(lines) / regions)),
        "unresolved": sum(not line.price.resolved for line in lines),
        "rows": [
            {"name": each.row.name, "documented_usd": str(each.row.usd), "estimate": str(each.estimate), "explains": each.row.explains}
            for each in rows
        ],
    }


def _text(sums: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: str(usd) for name, usd in sums.items()}
