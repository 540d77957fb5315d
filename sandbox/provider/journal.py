"""Which creations were begun and not yet seen in a state: kept by the emulated cloud, so that both forget together.

An engine, or this plugin, may be killed after the cloud made a resource and before the state says so. The next run asks for the same
creation again; the journal then hands back the interrupted one, whose calls are answered from what the cloud already did.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from sandbox.provider.emulated import EmulatedApi
from sandbox.provider.values import Properties


@dataclass(frozen=True)
class Operation:
    """One creation: its identity, what it makes, and the id once it is made."""

    id: str
    urn: str
    token: str
    account: str
    inputs: Properties
    resource_id: str | None
    resumed: bool


class Journal:
    """Client of the emulated cloud's record of creations. Thread-safe."""

    def __init__(self, endpoint: str) -> None:
        self._api = EmulatedApi(endpoint)
        self._open: set[str] | None = None
        self._lock = threading.Lock()

    def begin(self, urn: str, token: str, account: str, inputs: Properties) -> Operation:
        """Starts a creation, or gives back the interrupted one of this URN (`resumed`)."""
        answer = self._ask("POST", "/begin", {"urn": urn, "token": token, "inputs": {"account": account, "inputs": inputs}})
        return _operation(answer["operation"])

    def complete(self, operation: Operation, resource_id: str) -> None:
        """Notes the id that the creation gave."""
        self._ask("POST", "/complete", {"operation": operation.id, "resource_id": resource_id})

    def forget(self, operation_id: str) -> None:
        """Drops a creation (it was undone) or the answers kept for an update or delete (it is finished)."""
        self._ask("POST", "/forget", {"operation": operation_id})

    def acknowledge(self, urn: str, resource_id: str) -> None:
        """The state knows this resource: its creation needs no second try."""
        if urn in self._unacknowledged():
            self._ask("POST", "/acknowledge", {"urn": urn, "resource_id": resource_id})

    def pending(self) -> list[Operation]:
        """Every creation that no state was seen to know."""
        return [_operation(item) for item in self._ask("GET", "", None)["operations"]]

    def _unacknowledged(self) -> set[str]:
        # Read once a run: what this run begins cannot be in a state before the next run.
        with self._lock:
            if self._open is None:
                self._open = {operation.urn for operation in self.pending()}
            return self._open

    def _ask(self, method: str, path: str, body: Any) -> Any:
        return self._api.ask(method, f"operations{path}", body)


def _operation(item: dict[str, Any]) -> Operation:
    return Operation(
        id=item["id"],
        urn=item["urn"],
        token=item["token"],
        account=item["inputs"]["account"],
        inputs=item["inputs"]["inputs"],
        resource_id=item["resource_id"],
        resumed=bool(item.get("resumed", False)),
    )
