"""Plain lines: one for each thing that changed, for logs and for eyes without a terminal."""

from __future__ import annotations

from sandbox.engine import events
from sandbox.engine.events import Event
from sandbox.watch.model import StackRun
from sandbox.watch.watcher import Watcher, duration

_PAST = {
    "create": "created",
    "create-replacement": "created the replacement",
    "update": "updated",
    "delete": "deleted",
    "delete-replaced": "deleted the replaced",
    "import": "imported",
}


class LineWatcher(Watcher):
    """Writes a line when something happened, and nothing in between."""

    def __enter__(self) -> LineWatcher:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def _began(self, run: StackRun) -> None:
        self._line(run, "started")

    def _moved(self, run: StackRun, event: Event) -> None:
        match event:
            case events.StepEnded() if not event.planning and event.resource.custom and event.op in _PAST:
                done = f"{run.done}/{run.planned} " if run.planned else ""
                self._line(run, f"{done}{_PAST[event.op]} {event.resource.type} {event.resource.name}")
            case events.PhaseEnded() if event.preview and event.result == "succeeded":
                self._line(run, f"preview: {summary(event.changes)}")

    def _ended(self, run: StackRun) -> None:
        self._line(run, f"{run.phase} in {duration(run.seconds)}: {summary(run.changes)}")

    def _line(self, run: StackRun, text: str) -> None:
        self.console.print(f"{run.stack}: {text}", markup=False, highlight=False, soft_wrap=True)


def summary(changes: dict[str, int]) -> str:
    """As "4 to create, 12 unchanged"."""
    words = {"create": "create", "update": "update", "delete": "delete", "replace": "replace", "import": "import"}
    told = [f"{changes[op]} {word}" for op, word in words.items() if changes.get(op)]
    if changes.get("same"):
        told.append(f"{changes['same']} unchanged")
    return ", ".join(told) or "nothing to do"
