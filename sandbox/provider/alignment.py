"""What the cloud says of a nested value, in the spelling of the program: so that a refresh shows drift and nothing else.

A program declares part of an object; the service answers with all of it, defaults included, and sometimes in another order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.values import canonical

_IDENTITIES = ("originId", "name", "key", "pathPattern", "errorCode", "eventType", "arn", "value")


def aligned(declared: Any, live: Any, *, lost: frozenset[str] = frozenset(), defaults: Mapping[str, Any] | None = None) -> Any:
    """`live`, reduced to what `declared` says where the rest is the service's default.

    `lost` are members that the emulated cloud accepts and forgets: as declared, whenever it does not show them. `defaults` are
    what the service fills in for members left out, by name; empty values are such defaults anyway.
    """
    known = defaults or {}
    if isinstance(declared, Mapping) and isinstance(live, Mapping):
        result = {}
        for key, value in declared.items():
            if key in live:
                result[key] = aligned(value, live[key], lost=lost, defaults=known)
            elif key in lost or _empty(value):
                result[key] = value
        result |= {key: value for key, value in live.items() if key not in declared and not _filled_in(key, value, known)}
        return result
    if isinstance(declared, list) and isinstance(live, list):
        if sorted(map(canonical, declared)) == sorted(map(canonical, live)):
            return declared
        if len(declared) != len(live):
            return live
        return [aligned(left, right, lost=lost, defaults=known) for left, right in zip(declared, _ordered(declared, live), strict=True)]
    return live


def _filled_in(key: str, value: Any, defaults: Mapping[str, Any]) -> bool:
    if _empty(value) or (key in defaults and defaults[key] == value):
        return True
    # An object of nothing but defaults says nothing; an empty one is a choice (`allow: {}`).
    return isinstance(value, Mapping) and bool(value) and all(_filled_in(name, item, defaults) for name, item in value.items())


def _empty(value: Any) -> bool:
    return value is None or value is False or value in ("", 0) or value == []


def _ordered(declared: list[Any], live: list[Any]) -> list[Any]:
    """The live items in the order of the declared ones, where both carry a name to tell them by."""
    for identity in _IDENTITIES:
        if all(isinstance(item, Mapping) and identity in item for item in (*declared, *live)):
            by_name = {canonical(item[identity]): item for item in live}
            names = [canonical(item[identity]) for item in declared]
            if len(by_name) == len(live) and sorted(names) == sorted(by_name):
                return [by_name[name] for name in names]
    return live
