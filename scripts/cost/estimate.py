"""The estimate: what a graph costs a month, and what a change of it adds (CST-1, CST-3). Needs no cloud and no engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from scripts.cost.catalogue import PRICED, UNPRICED, free
from scripts.cost.graph import Item
from scripts.cost.line import Line, Till
from scripts.cost.prices import Book
from scripts.cost.usage import Usage

NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a graph costs a month."""

    lines: tuple[Line, ...]
    unknown: tuple[str, ...] = ()
    """Types that are neither priced, free nor listed as unresolved."""
    unpriced: Mapping[str, str] = field(default_factory=dict)
    """Types of the graph that cost something of which no table has a price, with the reason."""

    @property
    def total(self) -> Decimal:
        """USD a month of all that has a price; the least it costs when something is unresolved."""
        return total(self.lines)

    @property
    def unresolved(self) -> tuple[tuple[str, str], ...]:
        """Region and key of every price that is missing, once."""
        return tuple(sorted({(line.price.region, line.price.key) for line in self.lines if not line.price.resolved}))

    @property
    def complete(self) -> bool:
        """Whether everything has a price."""
        return not (self.unresolved or self.unknown or self.unpriced)

    def by(self, name: Callable[[Line], str]) -> dict[str, Decimal]:
        """Return sums by what `name` says of a line, the largest first."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            sums[name(line)] += line.amount or NOTHING
        return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))

    def __add__(self, other: Estimate) -> Estimate:
        """Return both together."""
        return Estimate(
            lines=self.lines + other.lines,
            unknown=tuple(sorted({*self.unknown, *other.unknown})),
            unpriced={**self.unpriced, **other.unpriced},
        )


def total(lines: Iterable[Line]) -> Decimal:
    """Return the sum of what has a price."""
    return sum((line.amount or NOTHING for line in lines), NOTHING)


def monthly(graph: Sequence[Item], *, region: str, book: Book, usage: Usage, spot_discount: Decimal) -> Estimate:
    """Return what the resources of one stack cost a month, on demand but for what is on Spot.

    `region` is where the stack is, as aws:region; `spot_discount` the share that the price falls by on Spot.
    """
    by_type: dict[str, list[Item]] = defaultdict(list)
    for item in graph:
        by_type[item.type].append(item)
    till = Till(
        region=region,
        book=book,
        usage=usage,
        spot_discount=spot_discount,
        count=Counter({type_: len(items) for type_, items in by_type.items()}),
        referred={f"{item.type} {item.name}": item for item in graph},
        by_type=by_type,
    )
    unknown = []
    for type_, items in sorted(by_type.items()):
        pricer = PRICED.get(type_)
        if pricer:
            for item in items:
                pricer(item, till)
        elif not free(type_) and type_ not in UNPRICED:
            unknown.append(type_)
    return Estimate(
        lines=tuple(till.lines),
        unknown=tuple(unknown),
        unpriced={type_: why for type_, why in UNPRICED.items() if type_ in by_type},
    )


def third_party(book: Book, usage: Usage, *, lean: bool = False) -> Estimate:
    """Return what others than AWS bill for the whole estate, at the owner's figures."""
    till = Till(region="third-party", book=book, usage=usage, spot_discount=NOTHING, count=Counter())
    for key, third in usage.third_party.items():
        nobody = Item(urn=f"third-party::{key}", type="third-party", name=key, inputs={})
        quantity = third.quantity if third.lean is None or not lean else third.lean
        till.bill(nobody, key, quantity, group=third.group, service=key, what=third.why, driver="fixed")
    return Estimate(lines=tuple(till.lines))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What one resource costs more or less after a change."""

    urn: str
    component: str
    before: Decimal | None
    after: Decimal | None

    @property
    def amount(self) -> Decimal:
        """USD a month; negative for less."""
        return (self.after or NOTHING) - (self.before or NOTHING)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a merge request changes of the cost (CST-3)."""

    before: Estimate
    after: Estimate
    differences: tuple[Difference, ...]
    """Resources whose cost changes, the largest change first."""
    newly_unresolved: tuple[tuple[str, str], ...]

    @property
    def amount(self) -> Decimal:
        """USD a month; negative for less."""
        return self.after.total - self.before.total


def change(before: Estimate, after: Estimate) -> Change:
    """Return what differs between two estimates of the same stack."""
    old, new = _by_resource(before), _by_resource(after)
    names = {line.urn: line.component for line in (*before.lines, *after.lines)}
    found = [
        Difference(urn=urn, component=names[urn], before=old.get(urn), after=new.get(urn))
        for urn in sorted({*old, *new})
        if old.get(urn) != new.get(urn)
    ]
    missing = tuple(sorted({*after.unresolved} - {*before.unresolved}))
    return Change(
        before=before,
        after=after,
        differences=tuple(sorted(found, key=lambda each: -abs(each.amount))),
        newly_unresolved=missing,
    )


def _by_resource(estimate: Estimate) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in estimate.lines:
        sums[line.urn] += line.amount or NOTHING
    return dict(sums)
