"""Which creations the provider plugin began, and what the emulated cloud answered to each of their calls.

It lives in the memory of the emulated cloud: what the cloud forgets, this forgets with it. A plugin or an engine killed half-way, a
connection reset after the deed, a retry: the same call under the same key is answered from here and does nothing twice.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.cloud.messages import Answer


class UnknownOperationError(KeyError):
    """An operation id that was never begun, or is forgotten."""


@dataclass(slots=True)
class Operation:
    """One creation that no state is known to hold yet."""

    id: str
    urn: str
    token: str
    inputs: dict[str, Any]
    resource_id: str | None = None


@dataclass(slots=True)
class _Slot:
    answer: Answer | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Operations:
    """The record. Thread-safe."""

    def __init__(self) -> None:
        self._operations: dict[str, Operation] = {}
        self._answers: dict[str, dict[str, _Slot]] = {}
        self._lock = threading.Lock()

    def begin(self, urn: str, token: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """The unacknowledged operation of this URN (`resumed`), else a new one."""
        with self._lock:
            for operation in self._operations.values():
                if operation.urn == urn:
                    return asdict(operation) | {"resumed": True}
            operation = Operation(uuid.uuid4().hex, urn, token, inputs)
            self._operations[operation.id] = operation
            return asdict(operation) | {"resumed": False}

    def complete(self, operation: str, resource_id: str) -> None:
        """Notes the id that the creation gave."""
        with self._lock:
            try:
                self._operations[operation].resource_id = resource_id
            except KeyError:
                raise UnknownOperationError(operation) from None

    def acknowledge(self, urn: str, resource_id: str) -> None:
        """A state holds this resource: forgets its completed creations and their answers."""
        with self._lock:
            for operation in list(self._operations.values()):
                if operation.urn == urn and operation.resource_id == resource_id:
                    del self._operations[operation.id]
                    self._answers.pop(operation.id, None)

    def forget(self, operation: str) -> None:
        """Drops an operation, begun or not, and its answers."""
        with self._lock:
            self._operations.pop(operation, None)
            self._answers.pop(operation, None)

    def clear(self) -> None:
        """Drops everything, with the cloud's own memory."""
        with self._lock:
            self._operations.clear()
            self._answers.clear()

    def unacknowledged(self) -> list[dict[str, Any]]:
        """Every operation, in the order they were begun."""
        with self._lock:
            return [asdict(operation) for operation in self._operations.values()]

    def once(self, key: str, run: Callable[[], Answer]) -> Answer:
        """The answer kept under `<operation>/<name of the call>`; else runs, and keeps a good answer.

        A second request with the same key waits for the first. An answer of 400 or more did nothing, and is not kept.
        """
        operation, _, name = key.partition("/")
        with self._lock:
            slot = self._answers.setdefault(operation, {}).setdefault(name, _Slot())
        with slot.lock:
            if slot.answer is None:
                answer = run()
                if answer.code >= 400:
                    return answer
                slot.answer = answer
            return slot.answer
