"""Reading properties of resources, each in one of three states: absent, unknown until the update, or known.

The policy SDK hands properties over as proxies that throw at any touch of an unknown, `in` and `items()` included, and then says
"can't run policy" as an advice, whatever the level: one unknown would hide all violations behind it. So proxies are opened here, once.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value


class _Mark(Enum):
    UNKNOWN = "unknown"
    ABSENT = "absent"


UNKNOWN = _Mark.UNKNOWN
"""Stands in plain properties for what is known after the update only."""
ABSENT = _Mark.ABSENT
"""What `look` returns for a path at which nothing is."""

Answer = bool | None
"""Yes, no, or None: it depends on an unknown (Kleene's logic of three values)."""

SENTINELS = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""What the protocol writes for an unknown boolean, number, string, array, asset, archive and object.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
"""

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the signature that marks one
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_TARGET = "__target"


class Plain(dict[str, Any]):
    """Properties that `plain` has gone through already."""


def plain(value: Any) -> Any:
    """Return dicts, lists and scalars for proxies, records of a state and what the wire holds; unknowns become UNKNOWN.

    A secret is opened where its value is there, and unknown where a state holds it encrypted. Whole floats become integers, as the wire
    knows no other numbers.
    """
    match value:
        case str():
            return UNKNOWN if value in SENTINELS else value
        case bool() | int() | None:
            return value
        case float():
            return int(value) if value.is_integer() else value
        case Plain():
            return value
        case dict():
            return _signed(value) if _SIGNATURE in value else {str(key): plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case Mapping():
            # A proxy holds the plain value there; its own access would throw at the first unknown.
            inner = value.get(_TARGET)
            return plain(dict(value) if inner is None else inner)
        case Sequence():
            return plain(value[_TARGET])  # type: ignore[call-overload]
    return value


def from_wire(message: Struct) -> Plain:
    """Return what `plain` returns of a message's properties, in one go: the SDK's way to them takes as long as all controls."""
    return Plain({key: _from_value(value) for key, value in message.fields.items()})


def _from_value(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            text = value.string_value
            return UNKNOWN if text in SENTINELS else text
        case "struct_value":
            inner = {key: _from_value(each) for key, each in value.struct_value.fields.items()}
            return _signed(inner) if _SIGNATURE in inner else inner
        case "list_value":
            return [_from_value(each) for each in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
    return None


def _signed(value: Mapping[str, Any]) -> Any:
    signature = value[_SIGNATURE]
    if signature in (_SECRET, _OUTPUT):
        if "value" in value:
            return plain(value["value"])
        return plain(json.loads(value["plaintext"])) if "plaintext" in value else UNKNOWN
    return {key: inner for key, inner in value.items() if key != _SIGNATURE}


def look(properties: Any, path: str) -> Any:
    """Return what stands at a path such as `vpcConfig.subnetIds.0`, UNKNOWN if it or what leads there is unknown, or ABSENT.

    None counts as absent, as in the engine.
    """
    current = properties
    for step in path.split(".") if path else ():
        if current is UNKNOWN:
            return UNKNOWN
        if isinstance(current, Mapping):
            current = current.get(step)
        elif isinstance(current, list) and step.isdigit() and int(step) < len(current):
            current = current[int(step)]
        else:
            return ABSENT
    return ABSENT if current is None else current


def each(properties: Any, path: str) -> list[Any]:
    """Return the members of a list, the one object of a property that may be either, or nothing; an unknown list is [UNKNOWN]."""
    found = look(properties, path)
    if found is ABSENT:
        return []
    return found if isinstance(found, list) else [found]


def asks(properties: Any, path: str, test: Callable[[Any], bool], *, absent: Answer) -> Answer:
    """Answer a question about a value: `test` of it if it is known, None if not, `absent` where nothing is."""
    found = look(properties, path)
    if found is UNKNOWN:
        return None
    if found is ABSENT:
        return absent
    try:
        return bool(test(found))
    except (TypeError, ValueError):
        # A value of another kind than the schema gives, such as a text for a number, is not what is allowed.
        return None if holds_unknown(found) else False


def is_yes(value: Any) -> bool:
    """Tell whether a switch is on; some of AWS's schema write it as text."""
    return value is True or value == "true"


def is_no(value: Any) -> bool:
    """Tell whether a switch is off."""
    return value is False or value == "false"


def all_of(answers: Iterator[Answer] | Sequence[Answer]) -> Answer:
    """Return no if one is no, else None if one is open, else yes."""
    given = list(answers)
    return False if False in given else None if None in given else True


def any_of(answers: Iterator[Answer] | Sequence[Answer]) -> Answer:
    """Return yes if one is yes, else None if one is open, else no."""
    given = list(answers)
    return True if True in given else None if None in given else False


def negated(answer: Answer) -> Answer:
    """Return the opposite; what is open stays open."""
    return None if answer is None else not answer


def same(one: Any, other: Any) -> Answer:
    """Tell whether two values are the same; open while one of them is."""
    return None if UNKNOWN in (one, other) else bool(one == other)


def holds_unknown(value: Any) -> bool:
    """Tell whether an unknown lies anywhere in a value."""
    if isinstance(value, Mapping):
        return any(map(holds_unknown, value.values()))
    if isinstance(value, list):
        return any(map(holds_unknown, value))
    return value is UNKNOWN


def document(value: Any) -> Any:
    """Return a policy document as a dict: given as JSON or as an object; UNKNOWN stays, what is neither is ABSENT."""
    if isinstance(value, str):
        try:
            parsed = json.loads(value)
        except ValueError:
            return ABSENT
        return plain(parsed)
    return value if isinstance(value, Mapping) or value is UNKNOWN else ABSENT


def texts(value: Any) -> list[str]:
    """Return the texts of a field that may be one or a list of them."""
    return [inner for inner in (value if isinstance(value, list) else [value]) if isinstance(inner, str)]
