"""Asks over HTTPS, waits where it is told to, and says in one line why there is no answer."""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

LARGEST = 64 * 1024 * 1024
"""Bytes of an answer: an index of charts can have many; more than this is no index."""
_ATTEMPTS = 4
_LONGEST_WAIT = 60.0
_PASSING = (429, 500, 502, 503, 504)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NoAnswerError(Exception):
    """Nobody could be asked, or they know nothing of it."""


class WrongAnswerError(Exception):
    """What was answered is not what was asked for: nothing of it may be kept."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    headers: Message
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Web:
    """Asks; `sleep` is what waits, so that tests need not."""

    timeout: float = 20.0
    sleep: Callable[[float], None] = time.sleep
    _opener: urllib.request.OpenerDirector = field(default_factory=lambda: urllib.request.build_opener(_OnlySecureRedirects()))

    def ask(self, url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        """Return the answer to a request, also one that refuses; one that only asks to wait is asked again.

        Raises NoAnswerError when nobody answers, or nobody has in the end; WrongAnswerError for an address without TLS.
        """
        check_secure(url)
        request = urllib.request.Request(url, method=method, headers=dict(headers or {}))  # noqa: S310 - checked above
        for attempt in range(1, _ATTEMPTS + 1):
            answer = self._once(request)
            if answer.status not in _PASSING:
                return answer
            if attempt < _ATTEMPTS:
                self.sleep(_wait(answer.headers, attempt))
        raise NoAnswerError(f"{_host(url)} answers {answer.status} each of {_ATTEMPTS} times")

    def _once(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=self.timeout) as response:
                body = response.read(LARGEST + 1)
                if len(body) > LARGEST:
                    raise WrongAnswerError(f"{_host(request.full_url)} answers with more than {LARGEST} bytes")
                return Answer(response.status, response.headers, body)
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, b"")
        except (urllib.error.URLError, TimeoutError, OSError) as error:
            raise NoAnswerError(f"{_host(request.full_url)} cannot be reached: {getattr(error, 'reason', error)}") from error


class _OnlySecureRedirects(urllib.request.HTTPRedirectHandler):
    """Registries send readers to stores of theirs; a token for the registry is nothing for those."""

    def redirect_request(self, *arguments: Any) -> urllib.request.Request | None:
        request, new_url = arguments[0], arguments[-1]
        check_secure(new_url)
        found = super().redirect_request(*arguments)
        if found is not None and _host(new_url) != _host(request.full_url):
            found.remove_header("Authorization")
        return found


def check_secure(url: str) -> None:
    """Raise WrongAnswerError for an address that nobody proves to be theirs; this machine's own needs no proof."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise WrongAnswerError(f"an address must begin with https:// (got {url!r})")


def is_loopback(host: str) -> bool:
    """Return whether a host, with its port or without, is this machine."""
    return urllib.parse.urlsplit(f"//{host}").hostname in _LOOPBACK


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).netloc


def _wait(headers: Message, attempt: int) -> float:
    """Return the seconds that the answer asks for, or twice as many each time; never long, and never none."""
    asked = headers.get("Retry-After", "")
    seconds = float(asked) if asked.isdigit() else 2.0**attempt
    return min(max(seconds, 1.0), _LONGEST_WAIT)
