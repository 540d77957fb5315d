"""Attributes: what load balancing keeps as text under dotted keys and pulumi_aws has as properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.handler import Call
from sandbox.provider.values import Properties


def texts(values: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, str]:
    """The attributes of these properties, by their service key; `keys` maps a property (dotted where nested) to it."""
    found = {}
    for path, key in keys.items():
        value: Any = values
        for part in path.split("."):
            value = value[0] if isinstance(value, list) and value else value
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is not None:
            found[key] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def plain(attributes: Mapping[str, str], keys: Mapping[str, str], kinds: Mapping[str, type] | None = None) -> Properties:
    """Properties of these attributes: numbers and booleans where the text is one, unless `kinds` says `str` for the property."""
    found: Properties = {}
    for path, key in keys.items():
        if key not in attributes:
            continue
        value = attributes[key] if (kinds or {}).get(path) is str else _value(attributes[key])
        *parents, name = path.split(".")
        place = found
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = value
    return found


def pairs(attributes: Mapping[str, str]) -> list[dict[str, str]]:
    """As the API wants them."""
    return tagging.pairs(dict(attributes))


def mapping(items: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """As the API gives them, by key."""
    return {item["Key"]: item.get("Value", "") for item in items}


def retag(call: Call, arn: str, old: Properties, new: Properties) -> None:
    """Brings the tags of a load-balancing resource from those of the old outputs to those of the new inputs."""
    setting, removing = tagging.changed(old, new)
    if setting:
        call.client("elbv2").add_tags(ResourceArns=[arn], Tags=tagging.pairs(setting))
    if removing:
        call.client("elbv2").remove_tags(ResourceArns=[arn], TagKeys=removing)


def live_tags(call: Call, arn: str) -> dict[str, str]:
    """The tags of a load-balancing resource."""
    return tagging.mapping(call.client("elbv2").describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"])


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdigit() else text
