"""What a reader of one type is."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place

Read = Callable[[Place, Resource], Mapping[str, Any] | None]
"""Gives what is covered as it is now: None for a property that is not there, nothing for one that nobody told of.

None instead of properties says that the resource is gone.
"""
Found = Callable[[Place, Resource], Iterable[Resource]]
"""Gives what belongs to the resource and is not in the state: made past the program."""


def unmanaged(owner: Resource, type_: str, name: str, properties: Mapping[str, Any]) -> Resource:
    """Return a resource for what belongs to `owner` and no program made; its urn says whose it is."""
    logical = f"{owner.name}/{name}"
    urn = "::".join([*owner.urn.split("::")[:2], type_, logical])
    return Resource(urn=urn, type=type_, name=logical, properties=properties, parent=owner.parent, provider_region=owner.provider_region)


def none(place: Place, resource: Resource) -> Iterable[Resource]:
    """Give nothing."""
    del place, resource
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """How resources of one type are read from the cloud."""

    type: str
    covers: tuple[str, ...]
    """Top-level properties that it reads; all others come from the state. Empty where it only tells what is gone."""
    read: Read
    gone: tuple[str, ...] = ()
    """Codes of errors with which the service says that it is not there."""
    found: Found = none


@cache
def readers() -> dict[str, Reader]:
    """Return every reader by its type, of all files beside this one that have READERS.

    Raises ValueError for a type that two of them read.
    """
    found: dict[str, Reader] = {}
    for entry in pkgutil.iter_modules([str(Path(__file__).parent)]):
        module = importlib.import_module(f"{__package__}.{entry.name}")
        for reader in getattr(module, "READERS", ()):
            if reader.type in found:
                raise ValueError(f"{entry.name} reads {reader.type}, which another file reads already: remove one")
            found[reader.type] = reader
    return found
