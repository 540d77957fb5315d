"""GitLab's REST API with a project's token: limits and faults are waited out, refusals say what to do.

Source: https://docs.gitlab.com/api/rest/
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError

TRIES = 6
LONGEST_WAIT = 120.0
"""Seconds that one answer may ask to wait; beyond that the job had better fail and be run again."""
_TIMEOUT = urllib3.Timeout(connect=10, read=60)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class GitLabError(Exception):
    """What GitLab refused, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What refusals say of one use of the API."""

    variable: str
    """The variable in which the token is given."""
    absent: str
    """What is not there, and which variables to check."""
    refused: str
    """What GitLab does not take, and what to do."""

    @property
    def needed(self) -> str:
        """The token that is needed."""
        return f"give a project access token with the scope `api` and the role Reporter as {self.variable}"


class Rest:
    """The API at an address such as https://gitlab.example.com/api/v4. `sleep` waits that many seconds.

    Raises GitLabError for an address to which no token may be sent, and without a token.
    """

    def __init__(self, api: str, token: str, words: Words, sleep: Callable[[float], None] = time.sleep) -> None:
        parts = urlsplit(api)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise GitLabError(f"the address of GitLab's API must begin with https:// (given is {api!r}): a token is sent there")
        if not token:
            raise GitLabError(f"there is no token: {words.needed}")
        self._api = api.rstrip("/")
        self._headers = {"PRIVATE-TOKEN": token, "Content-Type": "application/json", "User-Agent": "morefocus"}
        self._words = words
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)
        self._sleep = sleep

    def ask(self, method: str, path: str, content: Mapping[str, Any] | None = None, *, doubtful: bool = False, gone: bool = False) -> Any:
        """Return the answer; None where the server failed to tell whether something `doubtful` was done, or what is to go is `gone`."""
        answer = self._answered(method, path, content, once=doubtful, gone=gone)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND):
            return None
        return _json(answer, self._place(path))

    def page(self, path: str) -> tuple[list[dict[str, Any]], str]:
        """Return the rows of a page and the number of the next, empty after the last."""
        answer = self._answered("GET", path, None)
        rows: list[dict[str, Any]] = _json(answer, self._place(path))
        return rows, str(answer.headers.get("X-Next-Page") or "").strip()

    def pause(self, attempt: int) -> None:
        """Wait before the next attempt, a little longer each time."""
        self._sleep(float(min(2 ** (attempt - 1), 30)))

    def _answered(
        self, method: str, path: str, content: Mapping[str, Any] | None, *, once: bool = False, gone: bool = False
    ) -> urllib3.BaseHTTPResponse:
        """Ask until there is an answer: what is limited waits as long as GitLab says, what fails a little longer each time."""
        body = None if content is None else json.dumps(content)
        said = ""
        for attempt in range(1, TRIES + 1):
            try:
                # No redirect is followed: the token would go along.
                answer = self._pool.request(method, self._api + path, headers=self._headers, body=body, redirect=False)
            except HTTPError as error:
                said = f"it cannot be reached ({type(error).__name__})"
                if once:
                    return urllib3.HTTPResponse(status=HTTPStatus.BAD_GATEWAY)
            else:
                if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                    said = "it asks for fewer requests (429)"
                    self._sleep(_asked(answer))
                    continue
                if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    self._check(answer, path, gone=gone)
                    return answer
                said = f"it failed ({answer.status})"
                if once:
                    return answer
            if attempt < TRIES:
                self.pause(attempt)
        raise GitLabError(f"GitLab gave no answer in {TRIES} tries at {self._place(path)}: {said}; run the job again later")

    def _check(self, answer: urllib3.BaseHTTPResponse, path: str, *, gone: bool) -> None:
        """Raise GitLabError for what trying again does not mend."""
        if answer.status < HTTPStatus.BAD_REQUEST or (gone and answer.status == HTTPStatus.NOT_FOUND):
            return
        match answer.status:
            case HTTPStatus.UNAUTHORIZED:
                text = f"GitLab does not know the token, or it has expired: {self._words.needed}"
            case HTTPStatus.FORBIDDEN:
                text = (
                    f"the token may not do this: {self._words.needed}, or a higher one "
                    "(a job's own token, CI_JOB_TOKEN, reaches a few endpoints only)"
                )
            case HTTPStatus.NOT_FOUND:
                text = self._words.absent
            case HTTPStatus.BAD_REQUEST | HTTPStatus.REQUEST_ENTITY_TOO_LARGE | HTTPStatus.UNPROCESSABLE_ENTITY:
                text = self._words.refused
            case _:
                text = "GitLab answers what its API does not say"
        told = _told(answer)
        raise GitLabError(f"{text} ({answer.status} at {self._place(path)}{f', it says: {told}' if told else ''})")

    def _place(self, path: str) -> str:
        return (self._api + path).partition("?")[0]


def _told(answer: urllib3.BaseHTTPResponse) -> str:
    try:
        content = answer.json()
    except ValueError:
        return ""
    said = content.get("message") or content.get("error_description") or content.get("error") if isinstance(content, dict) else content
    return (said if isinstance(said, str) else json.dumps(said))[:300]


def _json(answer: urllib3.BaseHTTPResponse, place: str) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise GitLabError(f"what answers at {place} is not GitLab's API: it sends no JSON; check CI_API_V4_URL") from None


def _asked(answer: urllib3.BaseHTTPResponse) -> float:
    """Return how many seconds an answer asks to wait: given as seconds or as a date."""
    given = answer.headers.get("Retry-After")
    try:
        seconds = urllib3.Retry().parse_retry_after(given) if given else 1.0
    except HTTPError:
        seconds = 1.0
    if seconds > LONGEST_WAIT:
        raise GitLabError(f"GitLab asks to wait {seconds:.0f} seconds, allowed are {LONGEST_WAIT:.0f}: run the job again then")
    return max(seconds, 0.1)
