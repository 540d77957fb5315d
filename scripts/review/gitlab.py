"""Writes the note of a merge request through GitLab's API: one note, found by its first line, made once and updated in place.

Source: https://docs.gitlab.com/api/notes/#merge-requests
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from scripts.review.note import LIMIT, MARKER

TRIES = 6
LONGEST_WAIT = 120.0
"""Seconds that one answer may ask to wait; beyond that the job had better fail and be run again."""
_TIMEOUT = urllib3.Timeout(connect=10, read=60)
_PER_PAGE = 100
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_NEEDED = "give a project access token with the scope `api` and the role Reporter"
_PIPELINE = re.compile(r"<!-- pipeline: (\d+) -->")


class GitLabError(Exception):
    """What GitLab refused, and what to do."""


@dataclass(frozen=True, kw_only=True)
class MergeRequest:
    """Where the note goes."""

    api: str
    """Address of the API, such as https://gitlab.example.com/api/v4."""
    project: str
    """Number of the project, or its path."""
    number: str
    """The merge request's number within the project (its iid)."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.api)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise GitLabError(f"the address of GitLab's API must begin with https:// (given is {self.api!r}): a token is sent there")

    @property
    def notes(self) -> str:
        """Address of its notes."""
        return f"{self.api.rstrip('/')}/projects/{quote(self.project, safe='')}/merge_requests/{self.number}/notes"


@dataclass(frozen=True, slots=True)
class Posted:
    """What was done."""

    what: str
    """created, updated, or kept: a newer pipeline has written already."""
    note: int


class Client:
    """Posts notes with one token. `sleep` waits that many seconds."""

    def __init__(self, token: str, sleep: Callable[[float], None] = time.sleep) -> None:
        if not token:
            raise GitLabError(
                "there is no token: give a project access token with the scope `api` and the role Reporter as GITLAB_REVIEW_TOKEN"
            )
        self._headers = {"PRIVATE-TOKEN": token, "Content-Type": "application/json", "User-Agent": "morefocus-review"}
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)
        self._sleep = sleep

    def post(self, place: MergeRequest, body: str) -> Posted:
        """Make the note, or bring the one that is there up to date. Raises GitLabError.

        Where two pipelines each made one, the later is removed. An older pipeline leaves the note of a newer one as it is.
        """
        if len(body) > LIMIT:
            raise GitLabError(
                f"the note has {len(body):,} characters, GitLab takes {LIMIT:,}: write it again with `python -m scripts.review write`"
            )
        own = self._own(place)
        if not own:
            return self._create(place, body)
        kept, *others = own
        for other in others:
            self._ask("DELETE", f"{place.notes}/{other['id']}", gone=True)
        if _pipeline(str(kept["body"])) > _pipeline(body):
            return Posted("kept", int(kept["id"]))
        self._ask("PUT", f"{place.notes}/{kept['id']}", {"body": body})
        return Posted("updated", int(kept["id"]))

    def _create(self, place: MergeRequest, body: str) -> Posted:
        for attempt in range(1, TRIES + 1):
            answer = self._ask("POST", place.notes, {"body": body}, doubtful=True)
            if answer is not None:
                return Posted("created", int(answer["id"]))
            # The server failed, perhaps after it had made the note: a second one must not follow.
            self._sleep(_pause(attempt))
            if own := self._own(place):
                return Posted("created", int(own[0]["id"]))
        raise GitLabError(f"GitLab failed {TRIES} times to make the note: run the job again later")

    def _own(self, place: MergeRequest) -> list[dict[str, Any]]:
        """Return the notes that this token's user wrote with the marker, the oldest first."""
        me = self._ask("GET", f"{place.api.rstrip('/')}/user")["id"]
        found: list[dict[str, Any]] = []
        page = "1"
        while page:
            query = urlencode({"sort": "asc", "order_by": "created_at", "per_page": _PER_PAGE, "page": page})
            rows, page = self._page(f"{place.notes}?{query}")
            # Whoever quotes the note has its first line too.
            found += [row for row in rows if not row.get("system") and row["author"]["id"] == me and str(row["body"]).startswith(MARKER)]
        return found

    def _page(self, url: str) -> tuple[list[dict[str, Any]], str]:
        answer = self._answered("GET", url, None)
        rows: list[dict[str, Any]] = _json(answer, url)
        return rows, str(answer.headers.get("X-Next-Page") or "").strip()

    def _ask(self, method: str, url: str, content: Mapping[str, Any] | None = None, *, doubtful: bool = False, gone: bool = False) -> Any:
        """Return the answer; None where the server failed to tell whether something `doubtful` was done, or what is to go is `gone`."""
        answer = self._answered(method, url, content, once=doubtful, gone=gone)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND):
            return None
        return _json(answer, url)

    def _answered(
        self, method: str, url: str, content: Mapping[str, Any] | None, *, once: bool = False, gone: bool = False
    ) -> urllib3.BaseHTTPResponse:
        """Ask until there is an answer: what is limited waits as long as GitLab says, what fails a little longer each time."""
        said = ""
        for attempt in range(1, TRIES + 1):
            try:
                # No redirect is followed: the token would go along.
                answer = self._pool.request(
                    method, url, headers=self._headers, body=None if content is None else json.dumps(content), redirect=False
                )
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
                    _check(answer, url, gone=gone)
                    return answer
                said = f"it failed ({answer.status})"
                if once:
                    return answer
            if attempt < TRIES:
                self._sleep(_pause(attempt))
        raise GitLabError(f"GitLab gave no answer in {TRIES} tries at {_place(url)}: {said}; run the job again later")


def _check(answer: urllib3.BaseHTTPResponse, url: str, *, gone: bool) -> None:
    """Raise GitLabError for what trying again does not mend."""
    if answer.status < HTTPStatus.BAD_REQUEST or (gone and answer.status == HTTPStatus.NOT_FOUND):
        return
    told = _told(answer)
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:
            text = f"GitLab does not know the token, or it has expired: {_NEEDED}"
        case HTTPStatus.FORBIDDEN:
            text = (
                "the token may not do this: it needs the scope `api` and the role Reporter or above "
                "(a job's own token, CI_JOB_TOKEN, reaches a few endpoints only)"
            )
        case HTTPStatus.NOT_FOUND:
            text = "there is no such project or merge request, or the token may not see it: check CI_PROJECT_ID and CI_MERGE_REQUEST_IID"
        case HTTPStatus.BAD_REQUEST | HTTPStatus.REQUEST_ENTITY_TOO_LARGE | HTTPStatus.UNPROCESSABLE_ENTITY:
            text = "GitLab does not take the note; if it says that it is too long, write it with a smaller --limit"
        case _:
            text = "GitLab answers what a note does not"
    raise GitLabError(f"{text} ({answer.status} at {_place(url)}{f', it says: {told}' if told else ''})")


def _told(answer: urllib3.BaseHTTPResponse) -> str:
    try:
        content = answer.json()
    except ValueError:
        return ""
    said = content.get("message") or content.get("error_description") or content.get("error") if isinstance(content, dict) else content
    return (said if isinstance(said, str) else json.dumps(said))[:300]


def _json(answer: urllib3.BaseHTTPResponse, url: str) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise GitLabError(f"what answers at {_place(url)} is not GitLab's API: it sends no JSON; check CI_API_V4_URL") from None


def _place(url: str) -> str:
    return url.partition("?")[0]


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


def _pause(attempt: int) -> float:
    return float(min(2 ** (attempt - 1), 30))


def _pipeline(body: str) -> int:
    found = _PIPELINE.search(body[:300])
    return int(found[1]) if found else 0
