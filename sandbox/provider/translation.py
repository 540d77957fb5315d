"""Property values between pulumi_aws's spelling and a service's own, led by the service model instead of field by field.

Deep types (a web ACL's rules, a distribution's behaviours) have hundreds of members whose names differ only in case and number
(`textTransformations`, `TextTransformations`; `matchPatterns`, `MatchPattern`). What differs otherwise is told by the handler.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.facts import sdk, service_model
from sandbox.provider.facts.sdk import Property
from sandbox.provider.values import UNKNOWN, Properties

_NUMBERS = {"integer", "long", "float", "double"}


class Translation:
    """Translates one type's inputs to an operation's parameters, and a service's answer back.

    `below` is the parameter that holds them when the operation wraps them (`DistributionConfig`). `names` maps a wire name, or
    `Shape.wireName` where only that shape spells it otherwise, to the member. `apart` are top-level inputs that the handler treats itself.
    """

    def __init__(
        self,
        service: str,
        operation: str,
        *,
        below: str = "",
        names: Mapping[str, str] | None = None,
        apart: frozenset[str] = frozenset(),
    ) -> None:
        self._service, self._operation, self._below = service, operation, below
        self._names = dict(names or {})
        self._apart = apart | {"region", "tags", "tagsAll"}
        self._found: dict[tuple[str, str], str | None] = {}

    def request(self, inputs: Mapping[str, Any]) -> Properties:
        """The parameters for these inputs; values may be UNKNOWN. LookupError for a name that the service model lacks."""
        return self._structure(self._root, inputs)

    def failures(self, inputs: Mapping[str, Any], **more: Any) -> list[Failure]:
        """What the service model does not allow in these inputs; `more` are parameters that no input gives. Values may be UNKNOWN."""
        request = self.request(inputs)
        for part in reversed([part for part in self._below.split(".") if part]):
            request = {part: request}
        problems = service_model.check_request(self._service, self._operation, {**request, **more}, UNKNOWN)
        below = len(self._below) + 1 if self._below else 0
        return [
            Failure(_wire_path(item.path[below:] if item.path.startswith(self._below) else item.path), item.message) for item in problems
        ]

    def properties(self, token: str, answer: Mapping[str, Any]) -> Properties:
        """The properties of the type `token` that the service's answer holds, as a program writes them; empty text is left out."""
        facts = sdk.resource(token)
        return self._plain_structure({**facts.outputs, **facts.inputs}, self._root, answer)

    def accepts(self, name: str) -> bool:
        """Whether the operation has a parameter for this top-level input."""
        return name not in self._apart and self._member(self._root, name) is not None

    def unmapped(self, token: str) -> list[str]:
        """Input paths of the type that have no member: none, or the names given to this translation are wrong."""
        return sorted(set(self._unmapped(sdk.resource(token).inputs, self._root, "", ())))

    @cached_property
    def _shapes(self) -> Mapping[str, Any]:
        return service_model.input_shapes(self._service, self._operation)[1]

    @cached_property
    def _root(self) -> str:
        name = service_model.input_shapes(self._service, self._operation)[0]
        for part in filter(None, self._below.split(".")):
            name = self._shapes[name]["members"][part]["shape"]
        return name

    def _member(self, shape: str, name: str) -> str | None:
        key = (shape, name)
        if key not in self._found:
            self._found[key] = self._search(shape, name)
        return self._found[key]

    def _search(self, shape: str, name: str) -> str | None:
        members = self._shapes[shape]["members"]
        for told in (self._names.get(f"{shape}.{name}"), self._names.get(name)):
            if told in members:
                return told
        plain = {member.lower(): member for member in members}
        return next((plain[form] for form in _forms(name.lower()) if form in plain), None)

    def _is_apart(self, shape: str, name: str) -> bool:
        """Whether the handler treats this input itself; a nested value of the same name is not meant."""
        return name in self._apart and shape == self._root

    def _structure(self, shape: str, value: Mapping[str, Any]) -> Properties:
        members = self._shapes[shape]["members"]
        result: Properties = {}
        for name, item in value.items():
            if item is None or self._is_apart(shape, name):
                continue
            member = self._member(shape, name)
            if member is None:
                raise LookupError(f"{self._service} {self._operation}: {shape} has no member for {name!r}; it has {', '.join(members)}")
            converted = self._value(members[member]["shape"], item)
            if converted is not None:
                result[member] = converted
        return _counted(members, result)

    def _value(self, shape: str, value: Any) -> Any:
        kind = self._shapes[shape]["type"]
        if value is UNKNOWN:
            return UNKNOWN
        if kind == "structure":
            return self._object(shape, value)
        if kind == "list" and isinstance(value, Mapping) and self._holds_pairs(shape):
            return tagging.pairs(value)
        if kind == "list":
            inner = self._shapes[shape]["member"]["shape"]
            return [self._value(inner, item) for item in self._spread(inner, value)]
        if kind == "map":
            return {key: self._value(self._shapes[shape]["value"]["shape"], item) for key, item in value.items()}
        return _scalar(kind, value)

    def _spread(self, inner: str, value: Any) -> list[Any]:
        """A list's items where the program has one object: itself, or one for each of its only member's values (`identifiers`)."""
        if not isinstance(value, Mapping):
            return list(value)
        if len(value) == 1:
            [(name, items)] = value.items()
            if isinstance(items, list) and self._gathers(inner, name):
                return [{name: item} for item in items]
        return [value]

    def _gathers(self, inner: str, name: str) -> bool:
        """Whether `name` stands in one object for what the service repeats in each item of its list."""
        member = self._member(inner, name) if self._shapes[inner]["type"] == "structure" else None
        return member is not None and self._shapes[self._shapes[inner]["members"][member]["shape"]]["type"] not in ("list", "structure")

    def _object(self, shape: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self._structure(shape, value)
        if "Items" in self._shapes[shape]["members"]:
            return self._structure(shape, {"items": value})
        if isinstance(value, str):
            return {self._text_member(shape): value}
        return self._value(shape, value[0]) if value else None

    def _plain_structure(self, fields: Mapping[str, Property], shape: str, answer: Mapping[str, Any]) -> Properties:
        members = self._shapes[shape]["members"]
        result: Properties = {}
        for name, known in fields.items():
            member = None if self._is_apart(shape, name) else self._member(shape, name)
            if member is None or answer.get(member) is None:
                continue
            value = self._plain(known, members[member]["shape"], answer[member])
            if value is not None and value != "":
                result[name] = value
        return result

    def _plain(self, known: Property, shape: str, value: Any) -> Any:
        kind = self._shapes[shape]["type"]
        if known.kind == "array" and known.items:
            inner, items = self._items(shape, value)
            return [self._plain(known.items, inner, item) for item in items]
        if known.kind == "object":
            if kind == "list":
                return self._gathered(known, self._shapes[shape]["member"]["shape"], value)
            return self._plain_structure(known.fields, shape, value)
        if known.kind == "map":
            return {item["Key"]: item["Value"] for item in value} if kind == "list" else dict(value)
        if known.kind == "string" and kind == "structure":
            return value.get(self._text_member(shape))
        return _plain_scalar(known.kind, value)

    def _gathered(self, known: Property, inner: str, value: list[Any]) -> Any:
        if not value:
            return None
        fields = list(known.fields.values())
        if len(fields) == 1 and fields[0].kind == "array" and fields[0].items and self._gathers(inner, fields[0].name):
            member = self._member(inner, fields[0].name)
            return {fields[0].name: [_plain_scalar(fields[0].items.kind, item[member]) for item in value]}
        return self._plain(known, inner, value[0])

    def _items(self, shape: str, value: Any) -> tuple[str, list[Any]]:
        facts = self._shapes[shape]
        if facts["type"] == "list":
            return facts["member"]["shape"], list(value)
        if "Items" in facts["members"]:
            items = facts["members"]["Items"]["shape"]
            return self._shapes[items]["member"]["shape"], list(value.get("Items") or ())
        return shape, [value]

    def _holds_pairs(self, shape: str) -> bool:
        """Whether a list is the service's way of a map, as of tags."""
        return set(self._shapes[self._shapes[shape]["member"]["shape"]].get("members", ())) == {"Key", "Value"}

    def _text_member(self, shape: str) -> str:
        """The one member of a structure that holds the text for which a program gives nothing else (an address, say)."""
        members = self._shapes[shape]["members"]
        (text,) = (name for name, member in members.items() if self._shapes[member["shape"]]["type"] == "string")
        return str(text)

    def _unmapped(self, fields: Mapping[str, Property], shape: str, path: str, seen: tuple[str, ...]) -> Iterator[str]:
        for name, known in fields.items():
            if self._is_apart(shape, name):
                continue
            member = self._member(shape, name)
            if member is None:
                yield f"{path}{name}"
                continue
            inner = self._shapes[shape]["members"][member]["shape"]
            below = known.items if known.kind == "array" else known
            if not below or not below.type_name or below.type_name in seen:
                continue
            element = self._element(inner) if known.kind == "array" or self._shapes[inner]["type"] == "list" else inner
            if self._shapes[element]["type"] == "structure":
                yield from self._unmapped(below.fields, element, f"{path}{name}.", (*seen, below.type_name))
            else:
                yield f"{path}{name}"

    def _element(self, shape: str) -> str:
        facts = self._shapes[shape]
        if facts["type"] == "list":
            return str(facts["member"]["shape"])
        if facts["type"] == "structure" and "Items" in facts["members"]:
            element = self._shapes[facts["members"]["Items"]["shape"]]["member"]["shape"]
            return str(element) if self._shapes[element]["type"] == "structure" else shape
        return shape


def with_blanks(token: str, inputs: Mapping[str, Any], outputs: Properties) -> Properties:
    """These outputs, with the empty value of its kind for each one that the type always has and neither inputs nor service gave."""
    empty = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "map": {}, "object": {}}
    given = inputs.keys() | outputs.keys() | {"region", "tagsAll"}
    facts = sdk.resource(token)
    return {name: empty[known.kind] for name, known in facts.outputs.items() if known.required and name not in given} | outputs


def _wire_path(path: str) -> str:
    """The service's path of a value in a program's spelling, as near as case alone brings it."""
    return ".".join(part[:1].lower() + part[1:] for part in path.split("."))


def _forms(name: str) -> Iterator[str]:
    """The name as it is, then as a singular, a plural, and with the ending that load balancing gives to its objects."""
    yield name
    if name.endswith("ies"):
        yield f"{name[:-3]}y"
    if name.endswith("es"):
        yield name[:-2]
    if name.endswith("s"):
        yield name[:-1]
    yield f"{name}s"
    yield f"{name}config"


def _counted(members: Mapping[str, Any], result: Properties) -> Properties:
    """Lists that carry their own length, as CloudFront has them."""
    if "Quantity" not in members or "Items" not in members:
        return result
    items = result.get("Items", [])
    result["Quantity"] = UNKNOWN if items is UNKNOWN else len(items)
    if not result["Quantity"]:
        result.pop("Items", None)
    if "Enabled" in members:
        result.setdefault("Enabled", result["Quantity"] is UNKNOWN or result["Quantity"] > 0)
    return result


def _scalar(kind: str, value: Any) -> Any:
    if kind == "string" and isinstance(value, bool):
        return str(value).lower()
    if kind == "string" and isinstance(value, int | float):
        return str(value)
    if kind == "blob" and isinstance(value, str):
        return value.encode()
    if kind == "boolean" and isinstance(value, str):
        return value == "true"
    if kind in _NUMBERS and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value


def _plain_scalar(kind: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if kind == "string" and isinstance(value, bool):
        return str(value).lower()
    if kind == "string" and isinstance(value, int | float):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if kind == "integer" and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value
