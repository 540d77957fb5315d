"""Every clause of every framework, and how far infrastructure can show that it is kept: nothing is dropped (COM-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from policies.control import Clause, Framework

FOLDER = Path(__file__).resolve().parents[1] / "clauses"
_GROUNDS = "grounds.yaml"


class Proof(StrEnum):
    """How far infrastructure can show that a clause is kept."""

    PROVEN = "proven"
    """What resources declare decides it."""
    SUPPORTED = "supported"
    """Resources carry a part of it."""
    NONE = "none"
    """No resource shows it."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Ground(_Strict):
    proof: Proof
    why: Annotated[str, Field(min_length=20)]


class _Entry(_Strict):
    ground: str
    title: Annotated[str, Field(min_length=4, max_length=100)]


class _File(_Strict):
    title: str
    scope: str
    clauses: dict[str, _Entry]


@dataclass(frozen=True, slots=True)
class Listed:
    """A clause as its framework has it."""

    name: str
    title: str
    """In our own words."""
    proof: Proof
    why: str
    """Why infrastructure can show it, a part of it, or nothing."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All clauses of a framework."""

    title: str
    scope: str
    """What is counted, and what is left out."""
    clauses: Mapping[str, Listed]
    """By name, in the order of the framework."""


_Model = TypeVar("_Model")


@cache
def clauses_of(framework: Framework, folder: Path = FOLDER) -> Catalogue:
    """Return all clauses of a framework; raises ValueError for a file of another shape or a ground that is not listed."""
    grounds = _read(folder / _GROUNDS, TypeAdapter(dict[str, _Ground]))
    path = folder / f"{framework}.yaml"
    found = _read(path, TypeAdapter(_File))
    if unknown := {entry.ground for entry in found.clauses.values()} - set(grounds):
        raise ValueError(f"{path.name} names the grounds {', '.join(sorted(unknown))}: allowed are {', '.join(grounds)}")
    listed = {
        name: Listed(name, entry.title, grounds[entry.ground].proof, grounds[entry.ground].why) for name, entry in found.clauses.items()
    }
    return Catalogue(found.title, found.scope, listed)


def whole(clause: Clause) -> str:
    """Return the name a clause is listed by: the article of a paragraph, as 5 is of 5(1)(e)."""
    return clause.name.partition("(")[0]


def _read(path: Path, shape: TypeAdapter[_Model]) -> _Model:
    return shape.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
