"""Requests and answers of the emulated cloud, as its parts hand them to each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Environ = dict[str, Any]
"""A request as WSGI has it; `wsgi.input` holds the whole body and can be read again after `seek(0)`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer."""

    status: str
    """Number and phrase, as "200 OK"."""
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def code(self) -> int:
        """The status as a number."""
        return int(self.status.split(None, 1)[0])

    @staticmethod
    def json(content: object, status: str = "200 OK") -> Answer:
        """An answer in JSON."""
        return Answer(status, (("Content-Type", "application/json"),), json.dumps(content).encode())


Application = Callable[[Environ], Answer]


class HangupError(Exception):
    """Raised by an application to break the connection off without an answer."""
