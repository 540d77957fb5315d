"""How a mistake in the configuration is told: where, what was given, what is allowed, what to do."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

_SHOWN = 120


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake, told so that its reader can mend it without reading code."""

    file: str
    key: str
    given: str
    allowed: str
    remedy: str

    def __str__(self) -> str:
        return "\n".join(
            [f"{self.file}: {self.key}", f"  given    {self.given}", f"  allowed  {self.allowed}", f"  to do    {self.remedy}"]
        )


class ConfigError(Exception):
    """The configuration cannot be used; `problems` holds every reason at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        head = f"{count} {'mistake' if count == 1 else 'mistakes'} in the configuration; nothing was changed"
        super().__init__("\n\n".join([head, *map(str, self.problems)]))


def refuse(allowed: str, remedy: str, *, key: str | None = None, given: object = None) -> PydanticCustomError:
    """Return what a validator raises: what would have been allowed, and what to do.

    A validator of a whole model names the key below it that is wrong, and what that key was given.
    """
    context: dict[str, Any] = {"allowed": allowed, "remedy": remedy}
    if key is not None:
        context |= {"key": key, "given": show(given)}
    return PydanticCustomError("refused", "{allowed}; {remedy}", context)


def show(value: object) -> str:
    """Return a value as a person would write it, cut when long."""
    text = value if isinstance(value, str) else repr(value)
    return (text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...") or '""'


def nearest(key: str, known: Iterable[str]) -> str | None:
    """Return the known key most like `key`, or None when none is close."""
    return next(iter(difflib.get_close_matches(key.lower().replace("-", "_"), list(known), n=1, cutoff=0.6)), None)


def unknown_key(file: str, key: str, name: str, known: Iterable[str], given: str) -> Problem:
    """Return the problem of a key that no model has; `key` is its full path, `name` its last part."""
    names = sorted(known)
    like = nearest(name, names)
    return Problem(
        file=file,
        key=key,
        given=given,
        allowed=f"no such key; there is {', '.join(names)}",
        remedy=f"rename it to {like!r}, which is the nearest, or remove it" if like else "remove it",
    )


def problems_of(
    error: ValidationError, model: type[BaseModel], origin: Mapping[tuple[Any, ...], str], file: str, prefix: str
) -> list[Problem]:
    """Translate what pydantic found.

    `origin` says which file each path came from (the longest known beginning of a path counts), `file` where missing
    keys belong, and `prefix` how keys of that file begin (`morefocus:` in a stack file).
    """
    return [_problem(details, model, origin, file, prefix) for details in error.errors()]


def _problem(details: ErrorDetails, model: type[BaseModel], origin: Mapping[tuple[Any, ...], str], file: str, prefix: str) -> Problem:
    context = details.get("ctx", {})
    path = (*details["loc"], *str(context["key"]).split(".")) if "key" in context else details["loc"]
    where = _file_of(path, origin) or file
    key = prefix + _dotted(path)
    owner, field = _walk(model, path)
    if details["type"] == "extra_forbidden":
        known = [info.alias or name for name, info in owner.model_fields.items()]
        return unknown_key(where, key, str(path[-1]), known, show(details["input"]))
    meaning = field.description if field is not None and field.description else None
    if details["type"] == "missing":
        return Problem(file, key, "nothing", meaning or "a value", "add the key")
    given = str(context.get("given", show(details["input"])))
    if details["type"] == "refused":
        return Problem(where, key, given, str(context["allowed"]), str(context["remedy"]))
    said = details["msg"][0].lower() + details["msg"][1:]
    remedy = "put it in quotes" if details["type"] == "string_type" else "correct the value"
    return Problem(where, key, given, f"{meaning} ({said})" if meaning else said, remedy)


def _file_of(path: tuple[Any, ...], origin: Mapping[tuple[Any, ...], str]) -> str | None:
    for length in range(len(path), 0, -1):
        if path[:length] in origin:
            return origin[path[:length]]
    return None


def _dotted(path: tuple[Any, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _walk(model: type[BaseModel], path: tuple[Any, ...]) -> tuple[type[BaseModel], FieldInfo | None]:
    """Return the model that owns the last key of `path`, and that key's field when it has one."""
    owner, field = model, None
    current: type[BaseModel] | None = model
    named = False
    for part in path:
        if isinstance(part, int) or current is None:
            continue
        if named:
            # A name that the file chose, not a key of a model.
            named = False
            continue
        owner = current
        field = next((info for name, info in owner.model_fields.items() if part in (name, info.alias)), None)
        current = _model_in(field.annotation) if field is not None else None
        named = field is not None and get_origin(field.annotation) is dict
    return owner, field


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model an annotation holds, through lists and unions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, list, dict, Union, UnionType):
        return next((found for inner in get_args(annotation) if (found := _model_in(inner)) is not None), None)
    return None
