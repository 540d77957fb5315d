"""Nested structures between Pulumi's wire and the API, where the two differ in little but the letter case of their names.

Driven by what each side says of itself: the API's shapes (its service model) on the way there, the SDK's properties on the way back.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sandbox.provider.errors import HandlerError
from sandbox.provider.facts.sdk import Property
from sandbox.provider.values import UNKNOWN, Properties

Shapes = Mapping[str, Any]
"""The service model's shapes by name, as `service_model.input_shapes` gives them."""


@dataclass(frozen=True)
class Translation:
    """Names that differ in more than letter case: the wire's dotted path (without positions) to the API's member."""

    renamed: Mapping[str, str]

    @cached_property
    def _renamed_lower(self) -> dict[str, str]:
        return {path: member.lower() for path, member in self.renamed.items()}

    def to_api(self, value: Any, shapes: Shapes, shape: str, path: str = "") -> Any:
        """What the API takes for a value of the wire, given its shapes and the value's. Unknown values pass; empty members are left out."""
        if value is UNKNOWN:
            return value
        match shapes[shape]["type"]:
            case "structure" if isinstance(value, dict):
                return self._structure(value, shapes, shape, path)
            case "structure":
                # Lists of plain texts on the wire are lists of objects with one text in the API.
                return {_text_member(shapes, shape): value}
            case "list" if isinstance(value, dict):
                return [{"Key": key, "Value": text} for key, text in sorted(value.items())]
            case "list":
                return [self.to_api(item, shapes, shapes[shape]["member"]["shape"], path) for item in value]
            case "boolean" if isinstance(value, str):
                return value == "true"
            case "integer" | "long" if isinstance(value, str):
                return int(value)
            case _:
                return value

    def _structure(self, value: Properties, shapes: Shapes, shape: str, path: str) -> Properties:
        inside = shapes[shape]["members"]
        members = {name.lower(): name for name in inside}
        made: Properties = {}
        for key, item in value.items():
            inner = f"{path}.{key}" if path else key
            member = members.get(self._renamed_lower.get(inner, key.lower()))
            if member is None:
                raise HandlerError(f"{inner} has no counterpart in {shape}: the handler's table of names lacks it")
            if item not in (None, "", [], {}):
                made[member] = self.to_api(item, shapes, inside[member]["shape"], inner)
        return made

    def from_api(self, value: Any, known: Property, path: str = "") -> Any:
        """What a program writes for what the API tells."""
        if known.kind == "object" and isinstance(value, dict):
            return self.members(value, known.fields, path)
        if known.kind == "map" and isinstance(value, list):
            return {item["Key"]: item["Value"] for item in value}
        if known.kind == "array" and known.items:
            return [self.from_api(item, known.items, path) for item in value]
        if known.kind == "string":
            return _text(value)
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def members(self, value: Properties, fields: Mapping[str, Property], path: str = "") -> Properties:
        """The wire's members of an API structure; those that the wire does not have are left out."""
        told = {name.lower(): item for name, item in value.items()}
        made: Properties = {}
        for name, known in fields.items():
            inner = f"{path}.{name}" if path else name
            item = told.get(self._renamed_lower.get(inner, name.lower()))
            if item is not None:
                made[name] = self.from_api(item, known, inner)
        return made


def _text_member(shapes: Shapes, shape: str) -> str:
    texts = [name for name, member in shapes[shape]["members"].items() if shapes[member["shape"]]["type"] == "string"]
    if len(texts) != 1:
        raise HandlerError(f"{shape} cannot be given as one text")
    return str(texts[0])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return next(str(item) for item in value.values() if isinstance(item, str))
    if isinstance(value, datetime.datetime):
        return str(value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    return str(value)
