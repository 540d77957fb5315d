"""The one issue about drift: opened, updated or closed by GitLab's API.

Source: https://docs.gitlab.com/api/issues/
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

_ATTEMPTS = 4
_LONGEST_WAIT = 60.0
_PASSING = (500, 502, 503, 504)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class GitLabError(Exception):
    """GitLab did not do what was asked; says what it answered and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GitLab:
    """A project's issues. `sleep` is what waits between attempts."""

    api: str
    """Such as https://gitlab.com/api/v4."""
    project: str
    """Its number or its path."""
    token: str = field(repr=False)
    sleep: Callable[[float], None] = time.sleep
    timeout: float = 20.0

    def __post_init__(self) -> None:
        parts = urllib.parse.urlsplit(self.api)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise GitLabError(f"the address of GitLab's API must begin with https:// (got {self.api!r}): a token is sent there")

    def keep_issue(self, title: str, label: str, text: str, *, wanted: bool) -> str:
        """Bring the one open issue of this title and label up to date, and return what was done.

        One that is there is updated, and closed when it is not `wanted` any more; without one it is opened when it is. The oldest counts
        where somebody made several.
        """
        query = urllib.parse.urlencode(
            {"state": "opened", "labels": label, "search": title, "in": "title", "order_by": "created_at", "sort": "asc"}
        )
        found = [each for each in self._ask("GET", f"?{query}") if each["title"] == title]
        if not found:
            if not wanted:
                return "no issue is open, and none is needed"
            made = self._ask("POST", "", {"title": title, "labels": label, "description": text})
            return f"opened {made['web_url']}"
        changes = {"description": text} | ({} if wanted else {"state_event": "close"})
        changed = self._ask("PUT", f"/{found[0]['iid']}", changes)
        return f"{'updated' if wanted else 'closed'} {changed['web_url']}"

    def _ask(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        url = f"{self.api}/projects/{urllib.parse.quote(self.project, safe='')}/issues{path}"
        for attempt in range(1, _ATTEMPTS + 1):
            status, headers, content = self._once(method, url, body)
            if 200 <= status < 300:
                return json.loads(content)
            # An issue may have been made though the answer says otherwise: asking twice could make two.
            passing = status == 429 or (status in _PASSING and method != "POST")
            if not passing or attempt == _ATTEMPTS:
                raise GitLabError(f"{method} of the issue was answered with {status}{_remedy(status)}")
            self.sleep(_wait(headers, attempt))
        raise AssertionError("the last attempt returns or raises")

    def _once(self, method: str, url: str, body: Mapping[str, str] | None) -> tuple[int, Message, bytes]:
        content = None if body is None else json.dumps(body).encode()
        headers = {"PRIVATE-TOKEN": self.token, "Content-Type": "application/json"}
        request = urllib.request.Request(url, content, headers, method=method)  # noqa: S310 - checked when made
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310 - as above
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, b""
        except (urllib.error.URLError, OSError) as error:
            raise GitLabError(
                f"{urllib.parse.urlsplit(url).netloc} cannot be reached ({getattr(error, 'reason', error)}): look at CI_API_V4_URL"
            ) from error


def _remedy(status: int) -> str:
    if status in (401, 403):
        return ": give GITLAB_DRIFT_TOKEN a project access token with the scope api and the role Reporter or more"
    return ": look at CI_PROJECT_ID and at the issues of the project" if status == 404 else ": run the job again later"


def _wait(headers: Message, attempt: int) -> float:
    asked = headers.get("Retry-After", "")
    return min(max(float(asked) if asked.isdigit() else 2.0**attempt, 1.0), _LONGEST_WAIT)
