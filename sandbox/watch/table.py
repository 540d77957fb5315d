"""The table at the end: what is there, by service and region, and how much of it the emulated cloud really holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sandbox.engine.stacks import Held, State
from sandbox.watch import objects
from sandbox.watch.watcher import duration

LEVELS = ("held", "partly", "recorded")
_LONGEST_OUTPUT = 100


@dataclass(frozen=True, slots=True)
class StackSummary:
    """A stack's resources, counted."""

    state: State
    region: str
    """Where its resources are unless they say otherwise."""
    seconds: float | None


def levels(resources: Iterable[Held], support: Callable[[str], str]) -> dict[str, int]:
    """How many resources the emulated cloud holds, holds partly, and only records."""
    counted = Counter(_level(resource, support) for resource in resources)
    return {level: counted[level] for level in LEVELS}


def show(console: Console, stacks: Sequence[StackSummary], support: Callable[[str], str]) -> None:
    """Prints the table, the types that are only recorded, and the exports of each stack."""
    console.print(_counts(stacks, support))
    _show_recorded(console, stacks, support)
    _show_objects(console, stacks, support)
    for stack in stacks:
        _show_outputs(console, stack.state.stack, stack.state.outputs)


def _counts(stacks: Sequence[StackSummary], support: Callable[[str], str]) -> Table:
    cells: Counter[tuple[str, str]] = Counter()
    by_level: Counter[tuple[str, str]] = Counter()
    seconds: dict[str, float] = {}
    for stack in stacks:
        if stack.seconds is not None:
            seconds[stack.region] = seconds.get(stack.region, 0) + stack.seconds
        for resource in stack.state.resources:
            region = _region(resource, stack.region)
            cells[resource.service, region] += 1
            by_level[_level(resource, support), region] += 1
    regions = list(dict.fromkeys([*(stack.region for stack in stacks), *sorted({region for _, region in cells})]))
    table = Table(title="Resources", title_justify="left", show_footer=True)
    table.add_column("service", footer="resources")
    for region in regions:
        table.add_column(region, justify="right", footer=str(sum(count for (_, where), count in cells.items() if where == region)))
    table.add_column("all", justify="right", footer=str(cells.total()))
    for service in sorted({service for service, _ in cells}):
        _add(table, service, [cells[service, region] for region in regions])
    table.add_section()
    for level in LEVELS:
        name = {"held": "held by moto", "partly": "held partly", "recorded": "only recorded"}[level]
        _add(table, name, [by_level[level, region] for region in regions])
    table.add_row("time", *(duration(seconds[region]) if region in seconds else "" for region in regions), "")
    return table


def _add(table: Table, name: str, counts: list[int]) -> None:
    table.add_row(name, *(str(count) if count else "" for count in counts), str(sum(counts)))


def _show_recorded(console: Console, stacks: Sequence[StackSummary], support: Callable[[str], str]) -> None:
    for level, words in (("recorded", "Only recorded (moto cannot hold them)"), ("partly", "Held partly")):
        types = Counter(
            item.type
            for stack in stacks
            for item in stack.state.resources
            if _level(item, support) == level and not objects.is_object(item)
        )
        if types:
            told = ", ".join(f"{name} ({count})" for name, count in sorted(types.items()))
            console.print(f"{words}: {told}", markup=False, highlight=False)


def _show_objects(console: Console, stacks: Sequence[StackSummary], support: Callable[[str], str]) -> None:
    for line in objects.lines([item for stack in stacks for item in stack.state.resources], lambda item: _level(item, support)):
        console.print(line, markup=False, highlight=False)


def _show_outputs(console: Console, stack: str, outputs: Mapping[str, Any]) -> None:
    if not outputs:
        return
    console.print(f"\n[bold]{escape(stack)}[/] exports", highlight=False)
    grid = Table.grid(padding=(0, 2))
    for name, value in sorted(outputs.items()):
        text = value if isinstance(value, str) else json.dumps(value)
        grid.add_row(f"  {escape(name)}", escape(text if len(text) <= _LONGEST_OUTPUT else f"{text[: _LONGEST_OUTPUT - 1]}…"))
    console.print(grid)


def _level(resource: Held, support: Callable[[str], str]) -> str:
    # What is held in one place and only recorded in another says so itself. A type without a handler never gets into a state; one
    # that an older checkout made counts as what it is: not held.
    level = resource.outputs.get("__support") or support(resource.type)
    return level if level in LEVELS else "recorded"


def _region(resource: Held, default: str) -> str:
    region = resource.outputs.get("region")
    return region if isinstance(region, str) and region else default
