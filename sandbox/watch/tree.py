"""The live tree: each stack's components with counts, beneath them what is being worked on right now, and for how long."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.table import Table
from rich.text import Text

from sandbox.engine.events import Event
from sandbox.watch.model import Branch, StackRun, Work
from sandbox.watch.watcher import Watcher, duration

_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_BAR = 24
_SIDE_BY_SIDE = 150
"""Columns from which two stacks are shown beside each other."""
_FEWEST_LINES = 6


class TreeWatcher(Watcher):
    """Redraws ten times a second; finished stacks shrink to a line."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._live = Live(self, console=console, refresh_per_second=10, transient=True)
        self._frame = 0

    def __enter__(self) -> TreeWatcher:
        self._live.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._live.stop()
            for run in self.runs:
                self.console.print(self._head(run))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The whole picture, never higher than the terminal."""
        with self._lock:
            self._frame += 1
            over = [self._head(run) for run in self.runs if run.over]
            active = [run for run in self.runs if not run.over]
            yield from over
            if not active:
                return
            beside = options.max_width >= _SIDE_BY_SIDE and len(active) > 1
            rows = -(-len(active) // 2) if beside else len(active)
            budget = max((console.size.height - len(over) - 2) // rows, _FEWEST_LINES)
            if not beside:
                for run in active:
                    yield from self._stack(run, budget)
                return
            grid = Table.grid(expand=True, padding=(0, 2))
            grid.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
            grid.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
            for left, right in zip(active[::2], [*active[1::2], None], strict=False):
                grid.add_row(_stacked(self._stack(left, budget)), _stacked(self._stack(right, budget)) if right else "")
            yield grid

    def _began(self, run: StackRun) -> None:
        pass

    def _moved(self, run: StackRun, event: Event) -> None:
        pass

    def _ended(self, run: StackRun) -> None:
        pass

    def _stack(self, run: StackRun, budget: int) -> Iterable[Text]:
        yield self._head(run)
        room = budget - 1
        open_branches: list[Branch] = []
        closed: list[Branch] = []
        for branch in run.branches.values():
            finished = branch.done >= branch.known and branch.began > 0 and not any(run.running_in(branch))
            (closed if finished and not branch.failed else open_branches).append(branch)
        if len(closed) + len(open_branches) <= room - 3:
            yield from (self._branch(run, branch, "  ✔ ", "green") for branch in closed)
            room -= len(closed)
        elif closed:
            yield Text(f"  ✔ {len(closed)} components done", style="green")
            room -= 1
        yield from self._open(run, open_branches, room)

    def _open(self, run: StackRun, branches: list[Branch], room: int) -> Iterable[Text]:
        """Branches under way, the busy ones first, and as much of their work as there is room for."""
        work = {branch.resource.urn: list(run.running_in(branch)) for branch in branches}
        branches = sorted(branches, key=lambda branch: (not branch.failed, not work[branch.resource.urn]))
        shown = branches[: room if len(branches) <= room else room - 1]
        spare = room - len(shown) - (len(shown) < len(branches))
        for branch in shown:
            mark = "  ✘ " if branch.failed else f"  {self._spin()} " if work[branch.resource.urn] else "  ○ "
            yield self._branch(run, branch, mark, "red" if branch.failed else "cyan" if work[branch.resource.urn] else "dim")
            here = [item for item in work[branch.resource.urn] if item.resource.urn != branch.resource.urn]
            fits = here if len(here) <= spare else here[: max(spare - 1, 0)]
            yield from (self._work(item, run) for item in fits)
            spare -= len(fits)
            if len(fits) < len(here) and spare > 0:
                yield Text(f"      … and {len(here) - len(fits)} more", style="dim")
                spare -= 1
        if len(shown) < len(branches):
            yield Text(f"  … {len(branches) - len(shown)} more components", style="dim")

    def _head(self, run: StackRun) -> Text:
        marks = {"done": ("✔", "green"), "failed": ("✘", "red"), "canceled": ("■", "yellow")}
        mark, style = marks.get(run.phase, (self._spin(), "cyan"))
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{mark} ", style)
        text.append(f"{run.stack} ", "bold")
        text.append(run.phase)
        if run.planned and not run.over:
            full = min(run.done * _BAR // run.planned, _BAR)
            text.append(f"  {run.done}/{run.planned} ")
            text.append("━" * full, "cyan").append("─" * (_BAR - full), "dim")
        elif run.over:
            from sandbox.watch.lines import summary

            text.append(f"  {summary(run.changes)}")
        elif run.branches:
            text.append(f"  {sum(branch.known for branch in run.branches.values())} resources")
        text.append(f"  {duration(run.seconds)}", "dim")
        if run.failures:
            text.append(f"  {len(run.failures)} failed", "bold red")
        return text

    def _branch(self, run: StackRun, branch: Branch, mark: str, style: str) -> Text:
        text = Text(mark, style, no_wrap=True, overflow="ellipsis")
        text.append(branch.resource.name, "" if style != "dim" else "dim")
        text.append(f"  {branch.done}/{branch.known}", "dim")
        if branch.began:
            text.append(f"  {duration((branch.ended if branch.done >= branch.known else run.clock()) - branch.began)}", "dim")
        return text

    def _work(self, work: Work, run: StackRun) -> Text:
        text = Text("      ", no_wrap=True, overflow="ellipsis")
        text.append(work.resource.name).append(f"  {work.doing} {duration(run.clock() - work.since)}", "cyan")
        return text.append(f"  {work.resource.type}", "dim")

    def _spin(self) -> str:
        return _SPINNER[self._frame % len(_SPINNER)]


def _stacked(lines: Iterable[Text]) -> Text:
    return Text("\n").join(lines)
