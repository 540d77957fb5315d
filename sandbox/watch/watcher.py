"""Who tells a person what happens: the same calls, drawn as a live tree or as plain lines."""

from __future__ import annotations

import os
import signal
import threading
from abc import ABC, abstractmethod

from rich.console import Console
from rich.markup import escape

from sandbox.engine.events import Event
from sandbox.engine.run import Outcome
from sandbox.watch.failure import Failure
from sandbox.watch.model import StackRun


class Watcher(ABC):
    """Told everything, from any thread."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.runs: list[StackRun] = []
        self._lock = threading.RLock()

    def begin(self, stack: str, doing: str) -> StackRun:
        """A stack's run starts; `doing` is the word for it, as "applying"."""
        with self._lock:
            run = StackRun(stack, doing)
            self.runs.append(run)
            self._began(run)
            return run

    def tell(self, run: StackRun, event: Event) -> None:
        """The engine told this about the run."""
        with self._lock:
            told = run.tell(event)
            if isinstance(told, Failure):
                self._fail(run, told)
            elif told is not None:
                self._note(run, told)
            self._moved(run, event)

    def end(self, run: StackRun, outcome: Outcome, canceled: bool) -> None:
        """The engine has ended."""
        with self._lock:
            run.end(outcome.succeeded, canceled)
            if not outcome.succeeded and not canceled and not run.failures:
                # Nothing was told as an event: what the engine wrote to its error stream is all there is.
                words = outcome.words or _ending(outcome.code)
                run.failures.append(Failure("", words.removeprefix("error: "), ""))
                self._fail(run, run.failures[-1])
            self._ended(run)

    def say(self, text: str) -> None:
        """A line that belongs to no stack."""
        with self._lock:
            self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    @abstractmethod
    def __enter__(self) -> Watcher:
        """Starts drawing."""

    @abstractmethod
    def __exit__(self, *_error: object) -> None:
        """Ends drawing."""

    @abstractmethod
    def _began(self, run: StackRun) -> None: ...

    @abstractmethod
    def _moved(self, run: StackRun, event: Event) -> None: ...

    @abstractmethod
    def _ended(self, run: StackRun) -> None: ...

    def _fail(self, run: StackRun, told: Failure) -> None:
        self.console.print(f"[bold red]✘[/] [bold]{run.stack}[/] {escape(told.line())}", highlight=False, soft_wrap=True)

    def _note(self, run: StackRun, text: str) -> None:
        for line in text.splitlines():
            self.console.print(f"[dim]·[/] [bold]{run.stack}[/] {escape(line)}", highlight=False, soft_wrap=True)


def watcher(console: Console) -> Watcher:
    """The live tree on a terminal; plain lines when piped, in CI and on terminals that cannot move the cursor."""
    from sandbox.watch.lines import LineWatcher
    from sandbox.watch.tree import TreeWatcher

    live = console.is_terminal and not console.is_dumb_terminal and not os.environ.get("CI")
    return TreeWatcher(console) if live else LineWatcher(console)


def _ending(code: int) -> str:
    if code < 0:
        return f"the engine was ended by {signal.Signals(-code).name}"
    return f"the engine ended with exit code {code} and said nothing"


def duration(seconds: float) -> str:
    """As "0.4s", "12s" or "3:07"."""
    if seconds < 10:
        return f"{seconds:.1f}s"
    return f"{seconds:.0f}s" if seconds < 100 else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
