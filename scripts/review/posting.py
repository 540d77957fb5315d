"""Writes the note of a merge request through GitLab's API: one note, found by its first line, made once and updated in place.

Source: https://docs.gitlab.com/api/notes/#merge-requests
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from scripts.gitlab import TRIES, GitLabError, Rest, Words
from scripts.review.note import LIMIT, MARKER

_PER_PAGE = 100
_PIPELINE = re.compile(r"<!-- pipeline: (\d+) -->")
WORDS = Words(
    variable="GITLAB_REVIEW_TOKEN",
    absent="there is no such project or merge request, or the token may not see it: check CI_PROJECT_ID and CI_MERGE_REQUEST_IID",
    refused="GitLab does not take the note; if it says that it is too long, write it with a smaller --limit",
)


@dataclass(frozen=True, kw_only=True)
class MergeRequest:
    """Where the note goes, and with which token."""

    api: str
    """Address of the API, such as https://gitlab.example.com/api/v4."""
    project: str
    """Number of the project, or its path."""
    number: str
    """The merge request's number within the project (its iid)."""
    token: str = field(repr=False)

    @property
    def notes(self) -> str:
        """Path of its notes."""
        return f"/projects/{quote(self.project, safe='')}/merge_requests/{self.number}/notes"


@dataclass(frozen=True, slots=True)
class Posted:
    """What was done."""

    what: str
    """created, updated, or kept: a newer pipeline has written already."""
    note: int


def post(place: MergeRequest, body: str, sleep: Callable[[float], None] = time.sleep) -> Posted:
    """Make the note, or bring the one that is there up to date. Raises GitLabError.

    Where two pipelines each made one, the later is removed. An older pipeline leaves the note of a newer one as it is.
    """
    if len(body) > LIMIT:
        raise GitLabError(
            f"the note has {len(body):,} characters, GitLab takes {LIMIT:,}: write it again with `python -m scripts.review write`"
        )
    rest = Rest(place.api, place.token, WORDS, sleep)
    own = _own(rest, place)
    if not own:
        return _create(rest, place, body)
    kept, *others = own
    for other in others:
        rest.ask("DELETE", f"{place.notes}/{other['id']}", gone=True)
    if _pipeline(str(kept["body"])) > _pipeline(body):
        return Posted("kept", int(kept["id"]))
    rest.ask("PUT", f"{place.notes}/{kept['id']}", {"body": body})
    return Posted("updated", int(kept["id"]))


def _create(rest: Rest, place: MergeRequest, body: str) -> Posted:
    for attempt in range(1, TRIES + 1):
        answer = rest.ask("POST", place.notes, {"body": body}, doubtful=True)
        if answer is not None:
            return Posted("created", int(answer["id"]))
        # The server failed, perhaps after it had made the note: a second one must not follow.
        rest.pause(attempt)
        if own := _own(rest, place):
            return Posted("created", int(own[0]["id"]))
    raise GitLabError(f"GitLab failed {TRIES} times to make the note: run the job again later")


def _own(rest: Rest, place: MergeRequest) -> list[dict[str, Any]]:
    """Return the notes that this token's user wrote with the marker, the oldest first."""
    me = rest.ask("GET", "/user")["id"]
    found: list[dict[str, Any]] = []
    page = "1"
    while page:
        query = urlencode({"sort": "asc", "order_by": "created_at", "per_page": _PER_PAGE, "page": page})
        rows, page = rest.page(f"{place.notes}?{query}")
        # Whoever quotes the note has its first line too.
        found += [row for row in rows if not row.get("system") and row["author"]["id"] == me and str(row["body"]).startswith(MARKER)]
    return found


def _pipeline(body: str) -> int:
    found = _PIPELINE.search(body[:300])
    return int(found[1]) if found else 0
