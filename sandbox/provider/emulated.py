"""The emulated cloud's own API (`/sandbox-api/`), as the plugins ask it."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

from sandbox.provider.errors import HandlerError

_ATTEMPTS = 3


class EmulatedApi:
    """Client of what the emulated cloud keeps for the plugins. Thread-safe; one connection a thread."""

    def __init__(self, endpoint: str) -> None:
        parts = urlsplit(endpoint)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._local = threading.local()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to one request; HandlerError when there is none, or a refusal."""
        content = json.dumps(body) if body is not None else None
        for attempt in range(_ATTEMPTS):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = http.client.HTTPConnection(*self._address, timeout=30)
            try:
                connection.request(method, f"/sandbox-api/{path}", content, {"Content-Type": "application/json"})
                response = connection.getresponse()
                answer = response.read()
            except (OSError, http.client.HTTPException) as error:
                # An idle connection may have been closed under us; a dead cloud stays dead.
                connection.close()
                self._local.connection = None
                if attempt == _ATTEMPTS - 1:
                    host, port = self._address
                    raise HandlerError(
                        f"the emulated cloud at {host}:{port} does not answer ({error}): run `make up`, which starts it again"
                    ) from error
                continue
            if response.status != 200:
                raise HandlerError(f"the emulated cloud answered {response.status} to {path}: {answer[:200]!r}")
            return json.loads(answer)
        raise AssertionError("unreachable")
