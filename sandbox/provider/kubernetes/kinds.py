"""Every kind that a cluster knows: its version's own, and custom resources as far as they are defined."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sandbox.provider.facts.problem import Problem, choices
from sandbox.provider.kubernetes import definitions
from sandbox.provider.kubernetes.definitions import Definition
from sandbox.provider.kubernetes.objects import Kind
from sandbox.provider.kubernetes.schemas import Schemas
from sandbox.provider.values import Properties, known

_DEFINITION = Kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition")


class Kinds:
    """Thread-safe. Definitions come from the program as it declares them, from what is applied, and from the folder."""

    def __init__(self, schemas: Schemas, applied: Callable[[], Iterable[Properties]]) -> None:
        """`applied` gives the definitions that stand in the cluster; asked for once, and only when a custom resource comes."""
        self._schemas = schemas
        self._applied = applied
        self._declared: dict[Kind, Definition] = {}
        self._asked = False
        self._lock = threading.Lock()

    def remember(self, item: Properties) -> None:
        """Takes notice of a definition that the program declares."""
        if item.get("kind") == _DEFINITION.name and known(item.get("spec")):
            with self._lock:
                try:
                    self._declared |= {found.kind: found for found in definitions.versions(item)}
                except (KeyError, TypeError, AttributeError):
                    return  # its own check says what is wrong with it

    def definition(self, kind: Kind) -> Definition | None:
        """What defines a custom resource; None when nobody does."""
        with self._lock:
            found = self._declared.get(kind) or definitions.in_folder(kind)
            if found is None and not self._asked:
                self._asked = True
                for item in self._applied():
                    self._declared = {made.kind: made for made in definitions.versions(item)} | self._declared
                found = self._declared.get(kind)
            return found

    def is_defined(self, kind: Kind) -> bool:
        """Whether objects of this kind can be judged."""
        return self._schemas.has(kind) or self.definition(kind) is not None

    def cluster_wide(self, kind: Kind) -> bool:
        """Whether objects of this kind stand in no namespace; what nobody defines is taken to stand in one."""
        if kind.cluster_wide or kind.built_in:
            return kind.cluster_wide
        found = self.definition(kind)
        return found is not None and found.cluster_wide

    def problems(self, kind: Kind, item: Properties) -> Iterator[Problem]:
        """What the API server would refuse about an object's structure."""
        told = Kind(*str(item.get("apiVersion")).rpartition("/")[::2], str(item.get("kind")))
        if told != kind:
            yield Problem("kind", f"must be {kind} for this type (got {told})")
        elif self._schemas.has(kind):
            yield from self._schemas.problems(kind, item)
        elif kind.built_in:
            served = self._schemas.served(kind.group, kind.name)
            instead = f"take {choices(served)}" if served else "it has no such kind in any version"
            yield Problem("apiVersion", f"Kubernetes {self._schemas.version} does not serve {kind}: {instead}")
        elif (found := self.definition(kind)) is not None:
            yield from self._schemas.custom_problems(found, item)
        else:
            yield from self._other_versions(kind)

    def _other_versions(self, kind: Kind) -> Iterator[Problem]:
        with self._lock:
            served = {
                known_kind.api_version for known_kind in self._declared if (known_kind.group, known_kind.name) == (kind.group, kind.name)
            }
        served |= {found.kind.api_version for found in definitions.of_group(kind.group, kind.name)}
        if served:
            yield Problem("apiVersion", f"{kind.name} is not defined in {kind.api_version}: take {choices(sorted(served))}")


def from_cluster(read: Callable[..., list[Any]]) -> Callable[[], list[Any]]:
    """Asks a target for the definitions that stand in its cluster."""
    return lambda: read((_DEFINITION.name,), "")
