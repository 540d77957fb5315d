"""How getting ready is told: a line for what a person should know, and the engine's build with a bar."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from sandbox.go import Report, Step

_LINE_EVERY = 15.0


class Reporter:
    """Tells on a console."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, text: str) -> None:
        """One line."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextlib.contextmanager
    def building(self, what: str = "the engine") -> Iterator[Report]:
        """A report for the build of `what`; shows nothing while none is made."""
        made = _Bar(self._console, what) if self._console.is_terminal else _Lines(self, what)
        try:
            yield made
        finally:
            made.end()


class _Lines:
    def __init__(self, reporter: Reporter, what: str) -> None:
        self._reporter = reporter
        self._what = what
        self._began = 0.0
        self._last = 0.0

    def __call__(self, step: Step) -> None:
        now = time.monotonic()
        if not self._began:
            self._began = now
            self._reporter.say(f"building {self._what}, once (some minutes)")
        if now - self._last >= _LINE_EVERY:
            self._last = now
            self._reporter.say(f"building {self._what}: {step.doing}, {step.done} of {step.of}, {now - self._began:.0f} s")

    def end(self) -> None:
        if self._began:
            self._reporter.say(f"{self._what} built ({time.monotonic() - self._began:.0f} s)")


class _Bar:
    def __init__(self, console: Console, what: str) -> None:
        self._progress = Progress(
            TextColumn(f"building {what}, once: {{task.description}}"),
            BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._started = False

    def __call__(self, step: Step) -> None:
        if not self._started:
            self._started = True
            self._progress.start()
        task = next((task for task in self._progress.tasks if task.description == step.doing), None)
        number = self._progress.add_task(step.doing, total=step.of) if task is None else task.id
        self._progress.update(number, completed=step.done, total=step.of)

    def end(self) -> None:
        if self._started:
            self._progress.stop()
