"""Every place in a document, and documents changed at one place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place below a document's root."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*at, key)
        yield from places(inner, (*at, key))


def changed(document: Any, place: Place, value: Any) -> Any:
    """A copy with `value` at a place."""
    if not place:
        return value
    copied: Any = list(document) if isinstance(document, list) else dict(document)
    copied[place[0]] = changed(copied[place[0]], place[1:], value) if len(place) > 1 else value
    return copied


def without(document: Any, place: Place) -> Any:
    """A copy that lacks what is at a place."""
    copied: Any = list(document) if isinstance(document, list) else dict(document)
    if len(place) > 1:
        copied[place[0]] = without(copied[place[0]], place[1:])
    else:
        del copied[place[0]]
    return copied
