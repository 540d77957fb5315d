"""Property values between the wire (protobuf Struct) and plain Python.

Unknown values of a preview become the one object `UNKNOWN`; secrets arrive unwrapped, because the plugin does not ask for them
wrapped and the engine marks outputs secret wherever the input of the same name was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value

Properties = dict[str, Any]

_UNKNOWN_WIRE: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the wire's marker of a secret, none itself


class UnknownValueError(Exception):
    """An unknown value was turned into text: whoever computes names from inputs must ask `known` first."""


class Unknown:
    """A value that only the deployment will know. Compared by identity; cannot become text by accident."""

    def __repr__(self) -> str:
        return "<unknown>"

    def __str__(self) -> str:
        raise UnknownValueError

    def __format__(self, _spec: str) -> str:
        raise UnknownValueError

    def __copy__(self) -> Unknown:
        return self

    def __deepcopy__(self, _memo: object) -> Unknown:
        return self


UNKNOWN: Final = Unknown()


def known(*values: Any) -> bool:
    """Whether no value is unknown, at any depth."""
    return not any(_contains_unknown(value) for value in values)


def _contains_unknown(value: Any) -> bool:
    if value is UNKNOWN:
        return True
    if isinstance(value, Mapping):
        return any(_contains_unknown(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(_contains_unknown(item) for item in value)
    return False


def from_struct(struct: Struct) -> Properties:
    """Plain Python of a wire object: integral numbers become int, secrets are unwrapped, absent (null) members are dropped.

    Members come in the order of their names: the wire has none, and what is made of them must read the same in the next process.
    """
    return {key: plain for key, value in sorted(struct.fields.items()) if (plain := _from_value(value)) is not None}


def _from_value(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text == _UNKNOWN_WIRE else text
    if kind == "struct_value":
        fields = value.struct_value.fields
        if _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET:
            return _from_value(fields["value"])
        return from_struct(value.struct_value)
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    return None


def to_struct(properties: Mapping[str, Any]) -> Struct:
    """The wire object of plain Python; `Secret` values are wrapped, None members are left out."""
    struct = Struct()
    for key, item in properties.items():
        if item is not None:
            _fill(struct.fields[key], item)
    return struct


def _fill(value: Value, item: Any) -> None:
    if item is UNKNOWN:
        value.string_value = _UNKNOWN_WIRE
    elif isinstance(item, Secret):
        fields = value.struct_value.fields
        fields[_SIGNATURE].string_value = _SECRET
        _fill(fields["value"], item.value)
    elif isinstance(item, str):
        value.string_value = item
    elif isinstance(item, bool):
        value.bool_value = item
    elif isinstance(item, int | float):
        value.number_value = item
    elif isinstance(item, Mapping):
        value.struct_value.CopyFrom(to_struct(item))
    elif isinstance(item, Iterable):
        value.list_value.CopyFrom(_list(item))
    elif item is None:
        value.null_value = NULL_VALUE
    else:
        raise TypeError(f"a handler returned a {type(item).__name__}, which no Pulumi property can hold")


def _list(items: Iterable[Any]) -> ListValue:
    result = ListValue()
    for item in items:
        _fill(result.values.add(), item)
    return result


class Secret:
    """Marks an output that is secret whether or not an input was (a generated password, say)."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def canonical(value: Any) -> str:
    """One text for equal values, whatever the order of their keys: for comparing and for sorting what is a set."""
    return json.dumps(value, sort_keys=True, default=repr, separators=(",", ":"))


def moment(time: datetime) -> str:
    """A time as the provider writes it."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
