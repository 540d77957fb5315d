"""What the extensions share: what moto has no place for, ARNs, times; of services that speak JSON, request, answer, errors and tags."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

Tags = dict[str, str]


def kept(owner: Any, kind: str) -> dict[str, Any]:
    """What one of moto's objects (a backend, a topic) is made to remember of a kind that moto has no place for; empty at first."""
    found: dict[str, Any] = owner.__dict__.setdefault(f"sandbox_{kind}", {})
    return found


def own_arn(response: Any, service: str, resource: str) -> str:
    """An ARN in the request's region and account."""
    return f"arn:aws:{service}:{response.region}:{response.current_account}:{resource}"


def now() -> Any:
    """The time."""
    from moto.core.utils import utcnow

    return utcnow()


def asked(response: Any) -> dict[str, Any]:
    """The members of the request's body."""
    found: dict[str, Any] = json.loads(response.body) if response.body else {}
    return found


def last(response: Any, after: str) -> str:
    """What the path says after `after`: an id, or an ARN with its slashes."""
    return unquote(response.path.partition(after)[2])


def answer(**members: Any) -> str:
    """An operation's result, its members as they are on the wire."""
    return json.dumps(members)


def moment() -> str:
    """The time, as these services write it."""
    return f"{now():%Y-%m-%dT%H:%M:%SZ}"


def refused(code: str, message: str, status: int = 400) -> Any:
    """A service's error."""
    from moto.core.exceptions import JsonRESTError

    error = JsonRESTError(code, message)
    error.code = status
    return error


def tagging(holder: Callable[[Any, str], Tags]) -> dict[str, Callable[[Any], str]]:
    """The three operations on tags of what has an ARN; `holder` finds its tags, and raises for an ARN of nothing."""

    def read(self: Any) -> str:
        return answer(tags=holder(self, last(self, "/tags/")))

    def write(self: Any) -> str:
        holder(self, last(self, "/tags/")).update(asked(self)["tags"])
        return answer()

    def remove(self: Any) -> str:
        tags = holder(self, last(self, "/tags/"))
        for key in self.querystring.get("tagKeys", []):
            tags.pop(key, None)
        return answer()

    return {"list_tags_for_resource": read, "tag_resource": write, "untag_resource": remove}
