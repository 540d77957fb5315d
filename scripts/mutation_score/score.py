"""Runs the changes of the shipped estate that each control's test has, and counts what is caught and what is spared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.kit.mutations import Tried
from tests.kit.policies import Mutation, new_violations


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """How one control did."""

    control: str
    mutations: int
    missed: tuple[str, ...] = ()
    """Changes for the worse that it did not see, or over which it threw."""
    near_misses: int
    minded: tuple[str, ...] = ()
    """Changes that are right, and that it found fault with."""


def score(each: Tried) -> Score:
    """Return how a control does with all that its test has."""
    control = each.control.id
    return Score(
        control=control,
        mutations=len(each.caught),
        missed=tuple(mutation.name for mutation in each.caught if not _sees(control, mutation)),
        near_misses=len(each.spared),
        minded=tuple(mutation.name for mutation in each.spared if new_violations(control, mutation)),
    )


def _sees(control: str, mutation: Mutation) -> bool:
    found = new_violations(control, mutation)
    # A control that throws speaks of the stack, and not of a resource.
    return bool(found) and all(finding.urn for finding in found)


def table(scores: Iterable[Score]) -> list[str]:
    """Return a line for each control, with what it missed or minded below it."""
    lines = ["control   mutations  caught  near misses  spared"]
    for each in scores:
        caught, spared = each.mutations - len(each.missed), each.near_misses - len(each.minded)
        lines.append(f"{each.control:<9} {each.mutations:>9} {caught:>7} {each.near_misses:>12} {spared:>7}")
        lines += [f"  missed: {name}" for name in each.missed]
        lines += [f"  minded: {name}" for name in each.minded]
    return lines


def summary(scores: Sequence[Score]) -> str:
    """Return the line that tells all."""
    mutations, near = sum(each.mutations for each in scores), sum(each.near_misses for each in scores)
    caught = mutations - sum(len(each.missed) for each in scores)
    spared = near - sum(len(each.minded) for each in scores)
    told = f"mutations {mutations}, caught {caught} ({_percent(caught, mutations)})"
    return f"{told}, near misses {near}, spared {spared} ({_percent(spared, near)})"


def perfect(scores: Iterable[Score]) -> bool:
    """Tell whether nothing was missed and nothing minded."""
    return not any(each.missed or each.minded for each in scores)


def _percent(part: int, whole: int) -> str:
    # Never rounded up: 999 of 1,000 are not all.
    return f"{100 * part // whole if whole else 100} %"
