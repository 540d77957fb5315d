"""Which creations were begun and not yet seen in a state: kept by the emulated cloud, so that both forget together.

An engine, or this plugin, may be killed after the cloud made a resource and before the state says so. The next run asks for the same
creation again; the journal then hands back the interrupted one, whose calls are answered from what the cloud already did.
"""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.provider.errors import HandlerError
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
    """Client of the emulated cloud's record of creations. Thread-safe; one connection a thread."""

    def __init__(self, endpoint: str) -> None:
        parts = urlsplit(endpoint)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._local = threading.local()
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
        content = json.dumps(body) if body is not None else None
        for attempt in range(3):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = http.client.HTTPConnection(*self._address, timeout=30)
            try:
                connection.request(method, f"/sandbox-api/operations{path}", content, {"Content-Type": "application/json"})
                response = connection.getresponse()
                answer = response.read()
            except (OSError, http.client.HTTPException) as error:
                # An idle connection may have been closed under us; a dead cloud stays dead.
                connection.close()
                self._local.connection = None
                if attempt == 2:
                    host, port = self._address
                    raise HandlerError(
                        f"the emulated cloud at {host}:{port} does not answer ({error}): run `make up`, which starts it again"
                    ) from error
                continue
            if response.status != 200:
                raise HandlerError(f"the emulated cloud's journal answered {response.status}: {answer[:200]!r}")
            return json.loads(answer)
        raise AssertionError("unreachable")


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
