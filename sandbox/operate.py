"""Running an operation over stacks: wave after wave, the stacks of a wave at once, stopping cleanly when asked to."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from sandbox.engine import home
from sandbox.engine.run import EngineRun, Operation, Outcome
from sandbox.engine.stack_files import StackFileError
from sandbox.engine.stacks import StackError
from sandbox.session import Session
from sandbox.watch.model import StackRun
from sandbox.watch.watcher import Watcher

_DOING = {
    Operation.PREVIEW: "previewing",
    Operation.UP: "applying",
    Operation.REFRESH: "refreshing",
    Operation.DESTROY: "destroying",
}


class Operator:
    """Runs one operation on stacks of a session."""

    def __init__(self, session: Session, operation: Operation, watcher: Watcher, extra: Mapping[str, str] | None = None) -> None:
        self._session = session
        self.operation = operation
        self._watcher = watcher
        self._extra = dict(extra or {})
        self._running: dict[str, EngineRun] = {}
        self._lock = threading.Lock()
        self.stopping = 0
        """How often the person asked to stop."""
        self.runs: dict[str, StackRun] = {}

    def over(self, waves: tuple[tuple[str, ...], ...]) -> list[Outcome]:
        """Runs wave after wave; after a failure, or when asked to stop, no further wave begins."""
        outcomes: list[Outcome] = []
        with self._heeding_signals():
            for wave in waves:
                if self.stopping or not all(outcome.succeeded for outcome in outcomes):
                    break
                outcomes += self._wave(wave)
        return outcomes

    def _wave(self, wave: tuple[str, ...]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        threads = [threading.Thread(target=lambda stack=stack: outcomes.append(self._stack(stack)), name=stack) for stack in wave]
        for thread in threads:
            thread.start()
        for thread in threads:
            # In small waits, so that signals are heeded in between.
            while thread.is_alive():
                thread.join(0.2)
        return sorted(outcomes, key=lambda outcome: wave.index(outcome.stack))

    def _stack(self, stack: str) -> Outcome:
        run = self.runs[stack] = self._watcher.begin(stack, _DOING[self.operation])
        environment = home.for_process(self._session.environment(stack) | self._extra)
        try:
            engine = EngineRun(self._session.home, self._session.engine, stack, self.operation, environment)
        except (OSError, StackError, StackFileError) as error:
            outcome = Outcome(stack, 1, 0.0, None, None, str(error))
        else:
            with self._lock:
                self._running[stack] = engine
            if self.stopping:
                engine.interrupt()
            outcome = engine.follow(lambda event: self._watcher.tell(run, event))
            with self._lock:
                del self._running[stack]
        self._watcher.end(run, outcome, canceled=bool(self.stopping) and not outcome.succeeded)
        return outcome

    @contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stopping += 1
            # From a thread: what the handler interrupted may hold the very locks that are needed here.
            threading.Thread(target=self._stop, daemon=True).start()

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self) -> None:
        with self._lock:
            engines = list(self._running.values())
        if self.stopping == 1:
            self._watcher.say("stopping: the engine ends what it is doing and writes the state; press Ctrl-C again to stop at once")
        elif self.stopping > 2:
            return
        for engine in engines:
            engine.interrupt()
