"""Which inputs changed, and what the change means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.provider.handler import Handler
from sandbox.provider.values import Properties, canonical, known

_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Change:
    """One changed leaf: its wire path, `add`, `delete` or `update`, and whether it replaces the resource."""

    path: str
    kind: str
    replaces: bool


def changes(handler: Handler, old: Properties, new: Properties) -> list[Change]:
    """Every changed leaf between two sets of inputs. An unknown new value counts as changed."""
    found: list[Change] = []
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if _same(handler, key, before, after):
            continue
        for path, kind in leaves(key, before, after):
            found.append(Change(path, kind, _replaces(handler, path) or handler.replaces(key, old, new)))
    return found


def _same(handler: Handler, key: str, before: Any, after: Any) -> bool:
    if not known(after):
        return False
    if before is None or after is None:
        return before is after
    if key in handler.documents and same_document(before, after):
        return True
    return handler.equal(key, before, after)


def same_document(before: Any, after: Any) -> bool:
    """Whether two JSON texts hold the same document."""
    try:
        return bool(json.loads(before) == json.loads(after))
    except (TypeError, ValueError):
        return bool(before == after)


def _replaces(handler: Handler, path: str) -> bool:
    plain = _INDEX.sub("", path)
    return any(plain == only or plain.startswith(f"{only}.") or only.startswith(f"{plain}.") for only in (*handler.create_only, "region"))


def leaves(path: str, before: Any, after: Any) -> Iterator[tuple[str, str]]:
    """Every leaf that differs between two values, with its path and `add`, `delete` or `update`."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            left, right = before.get(key), after.get(key)
            if canonical(left) != canonical(right) or not known(right):
                yield from leaves(f"{path}.{key}", left, right)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (left, right) in enumerate(zip(before, after, strict=True)):
            if canonical(left) != canonical(right) or not known(right):
                yield from leaves(f"{path}[{index}]", left, right)
    elif before is None:
        yield path, "add"
    elif after is None:
        yield path, "delete"
    else:
        yield path, "update"
