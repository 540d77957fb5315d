"""What the installed pulumi_aws SDK knows of a resource type or data source: names, kinds, what is required.

Every answer comes from the SDK's own sources (see `sdk_source`) and is kept on disk per SDK version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal

from sandbox.provider.facts import sdk_source
from sandbox.provider.facts.cache import fingerprint, remembered
from sandbox.provider.facts.problem import Problem, did_you_mean, join, nearest, reveal, shown

Kind = Literal["string", "integer", "number", "boolean", "array", "map", "object", "asset", "any"]


class UnknownType(LookupError):  # noqa: N818 - named for what is missing
    """A token that the installed SDK does not have; the message names the nearest ones."""


@dataclass(frozen=True)
class Property:
    """One property on Pulumi's wire."""

    name: str
    """Wire name (camelCase); empty for the items of an array or map."""
    required: bool
    """Input: must be given. Output: always present."""
    kind: Kind
    items: Property | None = None
    """What an array or map holds."""
    alternatives: tuple[Property, ...] = ()
    """Other shapes the SDK accepts, such as an object in place of a JSON string."""
    deprecated: str | None = None
    """What to use instead, where the SDK says that this is deprecated."""
    type_name: str | None = None
    """The SDK's class of an object."""
    _types: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def fields(self) -> Mapping[str, Property]:
        """The properties of an object, by wire name; empty for any other kind."""
        return _properties(self._types[self.type_name], self._types) if self.type_name else {}


@dataclass(frozen=True)
class ResourceFacts:
    """What the SDK says about one resource type or data source."""

    token: str
    inputs: Mapping[str, Property]
    outputs: Mapping[str, Property]
    secret_outputs: frozenset[str]
    """Outputs that the SDK marks as secret."""
    deprecated: str | None
    """What to use instead, where the SDK says that the type is deprecated."""

    @property
    def has_region(self) -> bool:
        """Whether the type takes `region` (global services do not)."""
        return "region" in self.inputs


@cache
def resource(token: str) -> ResourceFacts:
    """The facts of a resource type such as `aws:ec2/vpc:Vpc`; UnknownType when the SDK has none of that name."""
    index = _index("resources", sdk_source.resource_index)
    if token not in index:
        raise UnknownType(_unknown("resource type", token, list(index)))
    folder, name = index[token]
    return _facts(token, lambda: sdk_source.read_resource(token, folder, name))


@cache
def function(token: str) -> ResourceFacts:
    """The facts of a data source such as `aws:index/getRegion:getRegion`; UnknownType when the SDK has none."""
    index = _index("functions", sdk_source.function_index)
    if token not in index:
        raise UnknownType(_unknown("data source", token, list(index)))
    return _facts(token, lambda: sdk_source.read_function(index[token]))


def resource_tokens() -> list[str]:
    """Every resource type of the installed SDK."""
    return sorted(_index("resources", sdk_source.resource_index))


def check_inputs(token: str, inputs: Mapping[str, Any], unknown: Any) -> list[Problem]:
    """What in `inputs` the SDK does not allow: names it lacks, required ones not given, values of another kind.

    `unknown` is the object that stands for a value not known yet: it is allowed wherever a value is.
    None counts as not given.
    """
    facts = function(token) if _is_function(token) else resource(token)
    check = _Check(unknown, facts.secret_outputs)
    check.fields(facts.inputs, inputs, "")
    return check.problems


@dataclass(frozen=True, slots=True)
class _Check:
    unknown: Any
    secrets: frozenset[str]
    problems: list[Problem] = field(default_factory=list)

    def fields(self, fields: Mapping[str, Property], given: Mapping[str, Any], path: str, *, secret: bool = False) -> None:
        for name, value in given.items():
            known = fields.get(name)
            if known is None:
                self.problems.append(Problem(join(path, name), f"no such property; {did_you_mean(name, list(fields))}"))
            elif value is not self.unknown and value is not None:
                self.value(known, value, join(path, name), secret=secret or (not path and name in self.secrets))
        for name, known in fields.items():
            if known.required and given.get(name) is None:
                self.problems.append(Problem(join(path, name), "required, but not given"))

    def value(self, known: Property, value: Any, path: str, *, secret: bool) -> None:
        revealed = reveal(value)
        secret = secret or revealed is not value
        value = revealed
        if value is self.unknown or value is None:
            return
        if not _is_kind(value, known.kind):
            fitting = next((other for other in known.alternatives if _is_kind(value, other.kind)), None)
            if fitting is None:
                kinds = " or ".join(dict.fromkeys(_with_article(shape.kind) for shape in (known, *known.alternatives)))
                self.problems.append(Problem(path, f"must be {kinds} (got {_kind_of(value)} {shown(value, secret=secret)})"))
                return
            known = fitting
        if known.kind == "array" and known.items:
            for position, item in enumerate(value):
                self.value(known.items, item, join(path, position), secret=secret)
        elif known.kind == "map" and known.items:
            for key, item in value.items():
                self.value(known.items, item, join(path, key), secret=secret)
        elif known.kind == "object":
            self.fields(known.fields, value, path, secret=secret)


def _is_kind(value: Any, kind: Kind) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":  # numbers cross the wire as floating point
            return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "array":
            return isinstance(value, list | tuple)
        case "map" | "object":
            return isinstance(value, Mapping)
        case _:
            return True


def _kind_of(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", tuple: "array"}
    return names.get(type(value), "object" if isinstance(value, Mapping) else type(value).__name__)


def _with_article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aio" else f"a {kind}"


def _is_function(token: str) -> bool:
    return token.rpartition(":")[2].startswith("get")


def _unknown(what: str, token: str, known: list[str]) -> str:
    # Same service first: a name is more often mistyped than the service it belongs to.
    service = token.partition("/")[0] + "/"
    close = nearest(token, [k for k in known if k.startswith(service)]) or nearest(token, known)
    hint = f"nearest are {', '.join(close)}" if close else "no similar one exists"
    return f"pulumi_aws {_version()} has no {what} {token}; {hint}"


@cache
def _version() -> str:
    return sdk_source.version()


@cache
def _mark() -> str:
    return fingerprint(sdk_source.__file__)


@cache
def _index(name: str, compute: Any) -> dict[str, Any]:
    found: dict[str, Any] = remembered(f"{_version()}/{name}", _mark(), compute)
    return found


def _facts(token: str, compute: Any) -> ResourceFacts:
    data = remembered(f"{_version()}/{token.replace(':', '-').replace('/', '-')}", _mark(), compute)
    types = data["types"]
    return ResourceFacts(
        token=token,
        inputs=_properties(data["inputs"], types),
        outputs=_properties(data["outputs"], types),
        secret_outputs=frozenset(data["secrets"]),
        deprecated=data["deprecated"],
    )


def _properties(fields: Mapping[str, Any], types: Mapping[str, Any]) -> Mapping[str, Property]:
    return {name: _property(name, types, *described) for name, described in fields.items()}


def _property(name: str, types: Mapping[str, Any], required: bool, shape: Any, deprecated: str | None) -> Property:
    if isinstance(shape, str):
        return Property(name, required, shape, deprecated=deprecated)  # type: ignore[arg-type]
    kind, *inner = shape
    if kind == "union":
        first, *others = (_property(name, types, required, part, deprecated) for part in inner)
        return Property(name, required, first.kind, first.items, tuple(others), deprecated, first.type_name, types)
    if kind == "object":
        return Property(name, required, "object", deprecated=deprecated, type_name=inner[0], _types=types)
    return Property(name, required, kind, items=_property("", types, True, inner[0], None), deprecated=deprecated)
