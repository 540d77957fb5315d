"""Tags, in the shapes that AWS's services give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.provider.values import Properties


def pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """`[{"Key": .., "Value": ..}]`, sorted by key; some services spell the members otherwise."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def parameter(tags: Mapping[str, str], name: str = "Tags") -> dict[str, list[dict[str, str]]]:
    """The tags as a parameter of a creating operation; none at all without tags, because many services refuse an empty list."""
    return {name: pairs(tags)} if tags else {}


def mapping(items: Iterable[Mapping[str, str]] | None, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """A map of a service's list of tags, without those that AWS itself sets."""
    return {item[key]: item[value] for item in items or () if not item[key].startswith("aws:")}


def changed(old: Properties, new: Properties) -> tuple[dict[str, str], list[str]]:
    """(tags to set, keys to remove) to come from the old outputs' `tagsAll` to the new one's."""
    before: Mapping[str, Any] = old.get("tagsAll") or {}
    after: Mapping[str, Any] = new.get("tagsAll") or {}
    return (
        {key: value for key, value in after.items() if before.get(key) != value},
        [key for key in before if key not in after],
    )
