"""Whether a value has the structure that a schema tells: of Kubernetes itself, or of a custom resource's definition."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sandbox.provider.facts.problem import Problem, choices, did_you_mean, join, shown
from sandbox.provider.values import UNKNOWN, canonical, known

Schema = Mapping[str, Any]
Resolve = Callable[[str], Schema]
"""From a `$ref` to the schema that it names."""

_QUANTITY = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?")
"""Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/"""
_WHOLE = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_NAMES = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}
_DEFAULTS = {"protocol": "TCP"}
"""What the API server takes for a key of list entries that is left out."""


def problems(value: Any, schema: Schema, resolve: Resolve, path: str = "") -> Iterator[Problem]:
    """Everything that the API server would refuse about a value's structure, unknown members included.

    What only the deployment will know is not judged. Rules in CEL (`x-kubernetes-validations`) are not evaluated.
    """
    if value is UNKNOWN or value is None:
        return
    reference = schema.get("$ref")
    if reference is not None:
        if reference.endswith(".Quantity"):
            yield from _quantity(value, path)
            return
        schema = resolve(reference)
    if schema.get("x-kubernetes-int-or-string"):
        if isinstance(value, bool) or not isinstance(value, int | str):
            yield Problem(path, f"must be a whole number or text (got {shown(value)})")
            return
    elif (wrong := _wrong_type(value, schema)) is not None:
        yield Problem(path, wrong)
        return
    if isinstance(value, Mapping):
        yield from _object(value, schema, resolve, path)
    elif isinstance(value, list):
        yield from _list(value, schema, resolve, path)
    else:
        yield from _scalar(value, schema, path)
    yield from _combined(value, schema, resolve, path)


def _quantity(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or not _QUANTITY.fullmatch(str(value)):
        yield Problem(path, f"must be a quantity such as 500m, 2 or 1Gi (got {shown(value)})")


def _types(schema: Schema) -> tuple[str, ...]:
    told = schema.get("type")
    if told is None:
        return ()
    return tuple(name for name in ([told] if isinstance(told, str) else told) if name != "null")


def _wrong_type(value: Any, schema: Schema) -> str | None:
    wanted = _types(schema)
    if not wanted or any(_is(value, name) for name in wanted):
        return None
    return f"must be {' or '.join(_NAMES[name] for name in wanted)} (got {_described(value)})"


def _is(value: Any, name: str) -> bool:
    match name:
        case "object":
            return isinstance(value, Mapping)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
    return not isinstance(value, bool) and isinstance(value, int | float)


def _described(value: Any) -> str:
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list) else shown(value)


def _object(value: Mapping[str, Any], schema: Schema, resolve: Resolve, path: str) -> Iterator[Problem]:
    members: Mapping[str, Any] = schema.get("properties") or {}
    others = schema.get("additionalProperties")
    open_to_all = (
        others is True
        or schema.get("x-kubernetes-preserve-unknown-fields")
        or (not members and others is None and not schema.get("x-kubernetes-embedded-resource"))
    )
    for name in schema.get("required") or ():
        if value.get(name) is None:
            yield Problem(join(path, name), "is required")
    for name, item in value.items():
        inner = join(path, name)
        if name in members:
            yield from problems(item, members[name], resolve, inner)
        elif isinstance(others, Mapping):
            yield from problems(item, others, resolve, inner)
        elif not open_to_all and not (schema.get("x-kubernetes-embedded-resource") and name in ("apiVersion", "kind", "metadata")):
            yield Problem(inner, f"unknown field: {did_you_mean(name, list(members))}")
    for limit, least in (("minProperties", True), ("maxProperties", False)):
        if limit in schema and (len(value) < schema[limit] if least else len(value) > schema[limit]):
            yield Problem(path, f"must have {'at least' if least else 'at most'} {schema[limit]} members (got {len(value)})")


def _list(value: list[Any], schema: Schema, resolve: Resolve, path: str) -> Iterator[Problem]:
    inner = schema.get("items")
    if isinstance(inner, Mapping):
        for position, item in enumerate(value):
            yield from problems(item, inner, resolve, join(path, position))
    if "minItems" in schema and len(value) < schema["minItems"]:
        yield Problem(path, f"must have at least {schema['minItems']} entries (got {len(value)})")
    if "maxItems" in schema and len(value) > schema["maxItems"]:
        yield Problem(path, f"must have at most {schema['maxItems']} entries (got {len(value)})")
    yield from _twice(value, schema, path)


def _twice(value: list[Any], schema: Schema, path: str) -> Iterator[Problem]:
    """Entries that are the same one: server-side apply refuses them."""
    manner = schema.get("x-kubernetes-list-type")
    if manner not in ("map", "set") and not schema.get("uniqueItems"):
        return
    keys = schema.get("x-kubernetes-list-map-keys") if manner == "map" else None
    seen: dict[str, int] = {}
    for position, item in enumerate(value):
        if not known(item):
            continue
        if keys is not None and not isinstance(item, Mapping):
            continue
        identity = canonical([item.get(key, _DEFAULTS.get(key)) for key in keys]) if keys else canonical(item)
        if identity in seen:
            told = ", ".join(f"{key} {shown(item.get(key, _DEFAULTS.get(key)))}" for key in keys) if keys else shown(item)
            yield Problem(join(path, position), f"is the same entry as [{seen[identity]}] ({told}): each may stand once")
        seen.setdefault(identity, position)


def _scalar(value: Any, schema: Schema, path: str) -> Iterator[Problem]:
    if "enum" in schema and value not in schema["enum"]:
        yield Problem(path, f"must be one of {choices(item for item in schema['enum'] if item is not None)} (got {shown(value)})")
        return
    if isinstance(value, str):
        yield from _text(value, schema, path)
    elif not isinstance(value, bool):
        yield from _number(value, schema, path)


def _text(value: str, schema: Schema, path: str) -> Iterator[Problem]:
    if len(value) < schema.get("minLength", 0):
        yield Problem(path, f"must have at least {schema['minLength']} characters (got {len(value)})")
    if len(value) > schema.get("maxLength", len(value)):
        yield Problem(path, f"must have at most {schema['maxLength']} characters (got {len(value)})")
    if "pattern" in schema and (pattern := _pattern(schema["pattern"])) is not None and not pattern.search(value):
        yield Problem(path, f"must match {schema['pattern']} (got {shown(value)})")
    match schema.get("format"):
        case "byte":
            try:
                base64.b64decode(value, validate=True)
            except (ValueError, binascii.Error):
                yield Problem(path, "must be base64")
        case "date-time":
            try:
                datetime.fromisoformat(value)
            except ValueError:
                yield Problem(path, f"must be a time such as 2026-01-31T12:00:00Z (got {shown(value)})")


def _number(value: float, schema: Schema, path: str) -> Iterator[Problem]:
    least, most = _WHOLE.get(str(schema.get("format")), (None, None))
    least, most = schema.get("minimum", least), schema.get("maximum", most)
    if least is not None and (value < least or (value == least and schema.get("exclusiveMinimum") is True)):
        yield Problem(path, f"must be at least {least} (got {value})")
    if most is not None and (value > most or (value == most and schema.get("exclusiveMaximum") is True)):
        yield Problem(path, f"must be at most {most} (got {value})")
    if schema.get("multipleOf") and value % schema["multipleOf"]:
        yield Problem(path, f"must be a multiple of {schema['multipleOf']} (got {value})")


def _combined(value: Any, schema: Schema, resolve: Resolve, path: str) -> Iterator[Problem]:
    """`allOf`, `anyOf`, `oneOf` and `not`: in definitions they judge values, and leave unknown members to the whole."""
    for part in schema.get("allOf") or ():
        yield from problems(value, _judging(part), resolve, path)
    if not known(value):
        return
    for word, one in (("anyOf", "at least one"), ("oneOf", "exactly one")):
        parts = schema.get(word)
        satisfied = sum(not any(problems(value, _judging(part), resolve, path)) for part in parts or ())
        if parts and (satisfied == 0 or (word == "oneOf" and satisfied > 1)):
            yield Problem(path, f"must satisfy {one} of the {len(parts)} alternatives that its definition names")
    if "not" in schema and not any(problems(value, _judging(schema["not"]), resolve, path)):
        yield Problem(path, "is a combination that its definition rules out")


def _judging(part: Schema) -> Schema:
    """A part of a combination says something about some members, and nothing about the others."""
    if "properties" not in part:
        return part
    inner = {name: _judging(item) for name, item in part["properties"].items()}
    return {**part, "properties": inner, "x-kubernetes-preserve-unknown-fields": True}


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except re.error:
        # Go's and Python's expressions differ at the edges: what cannot be read is not judged.
        return None
