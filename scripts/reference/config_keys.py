"""The keys of a configuration model with their types and what they allow, asked of the model itself."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

_NAMES: dict[Any, str] = {
    str: "text",
    int: "integer",
    float: "number",
    Decimal: "number",
    bool: "true or false",
    date: "date",
    IPv4Address: "IPv4 address",
    IPv4Network: "IPv4 network",
}


LISTED_APART = 12
"""An enumeration with more members is listed once, under its own heading, and not with each key."""


@dataclass(frozen=True)
class Key:
    """One key, by its dotted path from the top of its file."""

    path: str
    type: str
    allowed: str
    required: bool
    default: Any
    meaning: str


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[Key]:
    """Yield every key of a model and of the models in it, in the order of the source.

    `[]` stands for the rows of a list, `<name>` for the names of a mapping.
    """
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        inner = _model_in(field.annotation)
        if inner is None:
            yield Key(
                path=path,
                type=_type(field.annotation),
                allowed=_allowed(field),
                required=field.is_required(),
                default=None if field.default is PydanticUndefined else field.default,
                meaning=field.description or "",
            )
        else:
            yield from keys_of(inner, _below(path, field))


def models_in(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield a model and the models in it, each with what its keys begin with."""
    yield prefix, model
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner is not None:
            yield from models_in(inner, _below(f"{prefix}{field.alias or name}", field))


def _below(path: str, field: FieldInfo) -> str:
    match get_origin(field.annotation):
        case kind if kind is tuple:
            return f"{path}[]."
        case kind if kind in (dict, Mapping):
            return f"{path}.<name>."
    return f"{path}."


def _model_in(annotation: Any) -> type[BaseModel] | None:
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return None


def _type(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(inner[0])
    if origin is tuple:
        return f"list of {_type(inner[0])}"
    if origin in (dict, Mapping):
        return f"mapping of {_type(inner[0])} to {_type(inner[1])}"
    if origin in (Union, UnionType):
        return _type(next(each for each in inner if each is not type(None)))
    if origin is Literal or _is_enumeration(annotation):
        return "text"
    return _NAMES[annotation]


def _is_enumeration(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, enum.StrEnum)


def long_enumerations(model: type[BaseModel]) -> set[type[enum.StrEnum]]:
    """Return the enumerations of a model's keys that are listed apart."""
    found = {each for _, inner in models_in(model) for field in inner.model_fields.values() for each in _enumerations(field.annotation)}
    return {each for each in found if len(each) > LISTED_APART}


def _enumerations(annotation: Any) -> Iterator[type[enum.StrEnum]]:
    if _is_enumeration(annotation):
        yield annotation
    for each in get_args(annotation):
        yield from _enumerations(each)


def _allowed(field: FieldInfo) -> str:
    """Return what a field allows: its choices, its bounds, and what its own validators answer to nonsense."""
    said = [*_choices(field.annotation), *_bounds(field.metadata)]
    for inner in _annotated_in(field.annotation):
        said += _bounds(_metadata(inner))
    answer = _answer(field)
    if answer and answer not in said:
        said.append(answer)
    return "; ".join(said)


def _annotated_in(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield annotation
    for each in get_args(annotation):
        yield from _annotated_in(each)


def _metadata(annotated: Any) -> list[Any]:
    """Return the constraints of an Annotated type, as pydantic gathers them."""
    return create_model("Probe", probe=(annotated, ...)).model_fields["probe"].metadata


def _choices(annotation: Any) -> Iterator[str]:
    if _is_enumeration(annotation):
        is_long = len(annotation) > LISTED_APART
        yield f"one of [{annotation.__name__}](#{annotation.__name__.lower()})" if is_long else ", ".join(annotation)
    elif get_origin(annotation) is Literal:
        yield ", ".join(map(str, get_args(annotation)))
    else:
        for each in get_args(annotation):
            yield from _choices(each)


def _bounds(metadata: list[Any]) -> Iterator[str]:
    low = next((each.ge for each in metadata if isinstance(each, Ge)), None)
    high = next((each.le for each in metadata if isinstance(each, Le)), None)
    if low is not None or high is not None:
        yield f"{low} to {high}" if low is not None and high is not None else f"at least {low}" if high is None else f"at most {high}"
    fewest = next((each.min_length for each in metadata if isinstance(each, MinLen)), None)
    most = next((each.max_length for each in metadata if isinstance(each, MaxLen)), None)
    if fewest is not None:
        yield f"length {fewest} to {most}" if most is not None else f"length at least {fewest}"
    for each in metadata:
        if pattern := getattr(each, "pattern", None):
            yield f"`{pattern}`"


_NONSENSE = "\N{REPLACEMENT CHARACTER}"


def _answer(field: FieldInfo) -> str:
    """Return what a validator of ours says is allowed, when it is given what nothing allows."""
    constrained: Any = Annotated[field.annotation, *field.metadata, Field()]
    try:
        TypeAdapter(constrained).validate_python(_NONSENSE)
    except ValidationError as error:
        refused = [each for each in error.errors() if each["type"] == "refused"]
        return str(refused[0]["ctx"]["allowed"]) if refused else ""
    return ""
