"""Makes, changes and removes checks at UptimeRobot until they are what a file says; needs nothing but Python itself (OBS-5).

Source: https://uptimerobot.com/api/
"""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

HTTP = "1"
"""Type of a check that asks an address over HTTP."""
PAGE = 50
"""Most checks that one answer lists."""
_KEPT = ("url", "interval", "custom_http_statuses")
"""What of a check is compared and written."""
Checks = Mapping[str, Mapping[str, str]]
"""Name of a check to what it is."""
Call = Callable[[str, Mapping[str, str]], Mapping[str, Any]]


class ApiError(Exception):
    """UptimeRobot refused: the method, and what it said; never the key."""


def main() -> int:
    """Reconcile once, as the environment says; 1 when the service refused."""
    wanted = json.loads(Path(os.environ["CHECKS"]).read_text(encoding="utf-8"))
    key = Path(os.environ["API_KEY_FILE"]).read_text(encoding="utf-8").strip()
    address = os.environ.get("API", "https://api.uptimerobot.com/v2")
    try:
        done = reconcile(caller(address, key), wanted["prefix"], wanted["checks"])
    except ApiError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{json.dumps(done, sort_keys=True)}\n")
    return 0


def reconcile(call: Call, prefix: str, wanted: Checks) -> dict[str, list[str]]:
    """Bring the checks whose name begins with `prefix` to what is wanted; others are somebody else's and are left alone.

    Returns the names that were made, changed and removed. A second run does nothing.
    """
    there = {check["friendly_name"]: check for check in existing(call) if str(check["friendly_name"]).startswith(prefix)}
    made = sorted(set(wanted) - set(there))
    gone = sorted(set(there) - set(wanted))
    changed = sorted(name for name in set(wanted) & set(there) if differs(there[name], wanted[name]))
    for name in made:
        call("newMonitor", {"friendly_name": name, "type": HTTP, **wanted[name]})
    for name in changed:
        call("editMonitor", {"id": str(there[name]["id"]), "friendly_name": name, **wanted[name]})
    for name in gone:
        call("deleteMonitor", {"id": str(there[name]["id"])})
    return {"made": made, "changed": changed, "removed": gone}


def differs(there: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """Return whether a check is otherwise than wanted; codes are listed by the service in a form of its own."""
    found = {**there, "custom_http_statuses": statuses(there.get("custom_http_statuses"))}
    return any(str(found.get(key, "")) != wanted.get(key, "") for key in _KEPT if key in wanted)


def statuses(found: Any) -> str:
    """Return the codes that count as up, as they are written: the service lists `{"up": [...], "down": [...]}`."""
    if not isinstance(found, Mapping):
        return str(found or "")
    return "_".join(f"{code}:1" for code in sorted(map(int, found.get("up") or [])))


def existing(call: Call) -> list[Mapping[str, Any]]:
    """Return every check of the account."""
    found: list[Mapping[str, Any]] = []
    while True:
        said = call("getMonitors", {"limit": str(PAGE), "offset": str(len(found)), "custom_http_statuses": "1"})
        page: Sequence[Mapping[str, Any]] = said.get("monitors") or []
        found += page
        if not page or len(found) >= int((said.get("pagination") or {}).get("total", 0)):
            return found


def caller(address: str, key: str) -> Call:
    """Return what asks the service; it raises ApiError with what the service said."""

    def call(method: str, parameters: Mapping[str, str]) -> Mapping[str, Any]:
        body = urllib.parse.urlencode({**parameters, "api_key": key, "format": "json"}).encode()
        request = urllib.request.Request(f"{address}/{method}", data=body, headers={"Cache-Control": "no-cache"})  # noqa: S310 - https, or a test's own
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                said: Mapping[str, Any] = json.loads(answer.read())
        except (urllib.error.URLError, json.JSONDecodeError) as error:
            raise ApiError(f"{method}: {error}") from error
        if said.get("stat") != "ok":
            raise ApiError(f"{method}: {json.dumps(said.get('error'), sort_keys=True)}")
        return said

    return call


if __name__ == "__main__":
    raise SystemExit(main())
