"""What AWS accepts in a request, as botocore's service models describe it: members, types, values, patterns, ranges.

botocore itself checks members, types and what is required; a value outside an enumeration, a pattern or a range travels
to AWS and is refused there. Here it is refused before it travels.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import metadata
from typing import Any, Final

from sandbox.provider.facts.cache import fingerprint, remembered
from sandbox.provider.facts.patterns import matches
from sandbox.provider.facts.problem import Problem, choices, did_you_mean, join, nearest, shown

_NEVER: Final = object()
"""Stands for the unknown value where there is none: real calls know all."""

_WRONG_PATTERNS: Final = frozenset({("cognito-idp", "DomainType")})
"""Shapes whose published pattern refuses what the service takes: a pool's own domain has dots, its prefix has none.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html
"""


class RefusedRequestError(ValueError):
    """A request with values that AWS would refuse; `problems` lists all of them."""

    def __init__(self, service: str, operation: str, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(f"AWS would refuse {service} {operation}: {'; '.join(map(str, problems))}")


class UnknownOperationError(LookupError):
    """A service or operation that the installed botocore does not have; the message names the nearest ones."""


def check_request(service: str, operation: str, params: Mapping[str, Any], unknown: Any) -> list[Problem]:
    """What in `params` the service model does not allow.

    `service` is boto3's name (`elbv2`), `operation` the API's (`CreateAddon`). `unknown` is the object that stands for a
    value not known yet: it is accepted at any depth. UnknownOperationError when botocore has no such operation.
    """
    model = _operation(service, operation)
    problems: list[Problem] = []
    if model.input:
        _Check(model.shapes, unknown, problems).value(model.input, params, "")
    elif params:
        problems.append(Problem("", f"{operation} takes no parameters (got {choices(params)})"))
    return problems


def input_shapes(service: str, operation: str) -> tuple[str, Mapping[str, Any]]:
    """The name of the operation's input shape, and every shape it can meet by name, as the service model writes them."""
    model = _operation(service, operation)
    if model.input is None:
        raise UnknownOperationError(f"{service} {operation} takes no parameters")
    return model.input, model.shapes


def install(client: Any) -> None:
    """Checks every call of this boto3 client first; a call with problems raises RefusedRequestError and is not sent."""
    service = client.meta.service_model.service_name

    def check(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        problems = check_request(service, model.name, params, _NEVER)
        if problems:
            raise RefusedRequestError(service, model.name, problems)

    # Last, so that what botocore makes of a convenience form (a CopySource given as dict, say) is what gets checked.
    client.meta.events.register_last("before-parameter-build", check, unique_id=f"facts-{service}")


@cache
def service_regions(service: str, partition: str = "aws") -> set[str]:
    """The regions where botocore's endpoint data has the service; all of the partition for a global one such as IAM.

    Empty when the endpoint data does not list the service, which is not a statement that it is nowhere.
    """
    _require_service(service)
    data = next(item for item in _loader().load_data("endpoints")["partitions"] if item["partition"] == partition)
    prefix = _model(service)["metadata"]["endpointPrefix"]
    listed = data["services"].get(prefix)
    if listed is None:
        return set()
    if listed.get("isRegionalized") is False:
        return set(data["regions"])
    return set(listed["endpoints"]) & set(data["regions"])


@dataclass(frozen=True, slots=True)
class _Operation:
    input: str | None
    shapes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Check:
    shapes: Mapping[str, Any]
    unknown: Any
    problems: list[Problem]

    def value(self, name: str, value: Any, path: str) -> None:
        if value is self.unknown:
            return
        shape = self.shapes[name]
        kind = shape["type"]
        if shape.get("document") or shape.get("jsonvalue"):
            return
        if not _is_kind(value, kind):
            self._add(path, f"must be a {_KIND_NAMES.get(kind, kind)} (got {type(value).__name__} {_shown(shape, value)})")
        elif kind == "structure":
            self._structure(shape, value, path)
        elif kind == "list":
            self._size(shape, len(value), path, "items")
            for position, item in enumerate(value):
                self.value(shape["member"]["shape"], item, join(path, position))
        elif kind == "map":
            self._size(shape, len(value), path, "entries")
            for key, item in value.items():
                self.value(shape["key"]["shape"], key, f"{path} (key)")
                self.value(shape["value"]["shape"], item, join(path, key))
        elif kind == "string":
            self._string(shape, value, path)
        elif kind in _NUMERIC:
            self._range(shape, value, path)
        elif kind == "blob" and isinstance(value, bytes | bytearray | str):
            self._size(shape, len(value), path, "bytes")

    def _structure(self, shape: Mapping[str, Any], value: Mapping[str, Any], path: str) -> None:
        members = shape["members"]
        for key, item in value.items():
            if key not in members:
                self._add(join(path, key), f"no such parameter; {did_you_mean(key, list(members))}")
            elif not (members[key].get("jsonvalue") or item is self.unknown):
                self.value(members[key]["shape"], item, join(path, key))
        for key in shape.get("required", ()):
            # botocore itself makes up a token that serves to repeat a request safely.
            if key not in value and not members[key].get("idempotencyToken"):
                self._add(join(path, key), "required, but not given")
        if shape.get("union") and len(value) != 1:
            self._add(path, f"must have exactly one of {choices(members)} (got {choices(value) or 'none'})")

    def _string(self, shape: Mapping[str, Any], value: str, path: str) -> None:
        allowed = shape.get("enum")
        if allowed and value not in allowed:
            close = nearest(value, allowed)
            hint = f" (nearest: {', '.join(close)})" if close and len(allowed) > len(close) else ""
            self._add(path, f"must be one of {choices(allowed)}{hint} (got {_shown(shape, value)})")
            return
        self._size(shape, len(value), path, "characters")
        pattern = shape.get("pattern")
        if pattern and not matches(pattern, value):
            self._add(path, f"must match {pattern} (got {_shown(shape, value)})")

    def _size(self, shape: Mapping[str, Any], size: int, path: str, unit: str) -> None:
        low, high = shape.get("min"), shape.get("max")
        if (low is not None and size < low) or (high is not None and size > high):
            self._add(path, f"must have {_between(low, high)} {unit} (got {size})")

    def _range(self, shape: Mapping[str, Any], value: Any, path: str) -> None:
        low, high = shape.get("min"), shape.get("max")
        if (low is not None and value < low) or (high is not None and value > high):
            self._add(path, f"must be {_between(low, high)} (got {value})")

    def _add(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))


_NUMERIC = {"integer", "long", "float", "double", "short", "byte"}
_KIND_NAMES = {"structure": "dictionary", "map": "dictionary", "long": "whole number", "integer": "whole number"}


def _is_kind(value: Any, kind: str) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "structure" | "map":
            return isinstance(value, Mapping)
        case "list":
            return isinstance(value, list | tuple)
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "long" | "short" | "byte":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float" | "double":
            return isinstance(value, int | float | decimal.Decimal) and not isinstance(value, bool)
        case "timestamp":
            return isinstance(value, str | int | float | datetime.datetime) and not isinstance(value, bool)
        case "blob":
            return isinstance(value, bytes | bytearray | str) or hasattr(value, "read")
        case _:
            return True


def _shown(shape: Mapping[str, Any], value: Any) -> str:
    return shown(value, secret=bool(shape.get("sensitive")))


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high}"
    if high is None:
        return f"at least {low}"
    return f"{low} to {high}" if low != high else f"exactly {low}"


@cache
def _operation(service: str, operation: str) -> _Operation:
    # Reading a service's whole model takes up to 50 ms; what one operation needs of it is kept on disk.
    kept = remembered(f"{_version()}/operations/{service}-{operation}", _mark(), lambda: _read_operation(service, operation))
    return _Operation(kept["input"], kept["shapes"])


def _read_operation(service: str, operation: str) -> dict[str, Any]:
    model = _model(service)
    if operation not in model["operations"]:
        hint = did_you_mean(operation, list(model["operations"]))
        raise UnknownOperationError(f"botocore's model of {service} has no operation {operation}; {hint}")
    name = model["operations"][operation].get("input", {}).get("shape")
    shapes = _reachable(model["shapes"], name) if name else {}
    for wrong in (shape for place, shape in _WRONG_PATTERNS if place == service and shape in shapes):
        shapes[wrong] = {key: rule for key, rule in shapes[wrong].items() if key != "pattern"}
    return {"input": name, "shapes": shapes}


@cache
def _version() -> str:
    return f"botocore-{metadata.version('botocore')}"


@cache
def _mark() -> str:
    return fingerprint(__file__)


def _reachable(shapes: Mapping[str, Any], start: str) -> dict[str, Any]:
    """The shapes one operation can meet, so that the whole model (tens of megabytes for EC2) need not be kept."""
    found: dict[str, Any] = {}
    wanted = [start]
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = shapes[name]
            wanted.extend(_referenced(shapes[name]))
    return found


def _referenced(shape: Mapping[str, Any]) -> Iterable[str]:
    for member in shape.get("members", {}).values():
        yield member["shape"]
    for role in ("member", "key", "value"):
        if role in shape:
            yield shape[role]["shape"]


@lru_cache(maxsize=4)
def _model(service: str) -> dict[str, Any]:
    _require_service(service)
    # A new loader each time: a loader keeps every model it has read for as long as it lives.
    model: dict[str, Any] = _loader().load_service_model(service, "service-2")
    return model


@cache
def _services() -> frozenset[str]:
    return frozenset(_loader().list_available_services("service-2"))


def _require_service(service: str) -> None:
    if service not in _services():
        raise UnknownOperationError(f"botocore has no service {service}; {did_you_mean(service, sorted(_services()))}")


def _loader() -> Any:
    from botocore.loaders import Loader

    return Loader()
