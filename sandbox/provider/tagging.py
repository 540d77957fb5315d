"""Tags, in the shapes that AWS's services give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from botocore import xform_name

from sandbox.provider.values import Properties


def pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """`[{"Key": .., "Value": ..}]`, sorted by key; some services spell the members otherwise."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def parameter(tags: Mapping[str, str], name: str = "Tags") -> dict[str, list[dict[str, str]]]:
    """The tags as a parameter of a creating operation; none at all without tags, because many services refuse an empty list."""
    return {name: pairs(tags)} if tags else {}


def whole(inputs: Properties, name: str = "tags") -> Properties:
    """All tags of the inputs as a parameter of a service that takes a map of them; none at all without tags."""
    return {name: inputs["tagsAll"]} if inputs.get("tagsAll") else {}


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


def retag(client: Any, resource: str, old: Properties, new: Properties, kind: str = "Resource") -> None:
    """Brings a resource's tags from those of the old outputs to those of the new ones.

    For services that have TagResource and UntagResource (with the kind `Role`: TagRole and UntagRole). What the members are called there,
    and whether tags are a map or a list, is the service's own choice: the client's model tells.
    """
    setting, removing = changed(old, new)
    if setting:
        _ask(client, f"Tag{kind}", resource, setting)
    if removing:
        _ask(client, f"Untag{kind}", resource, removing)


def _ask(client: Any, operation: str, resource: str, content: dict[str, str] | list[str]) -> None:
    members = client.meta.service_model.operation_model(operation).input_shape.members
    place = next(name for name, shape in members.items() if shape.type_name == "string")
    what, shape = next((name, shape) for name, shape in members.items() if shape.type_name in ("list", "map"))
    tags = pairs(content, *shape.member.members) if isinstance(content, dict) and shape.type_name == "list" else content
    getattr(client, xform_name(operation))(**{place: resource, what: tags})
