"""The schemas of Kubernetes itself, version by version, and those of custom resources."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.provider.errors import HandlerError
from sandbox.provider.facts.problem import Problem
from sandbox.provider.kubernetes import structure
from sandbox.provider.kubernetes.definitions import Definition
from sandbox.provider.kubernetes.objects import Kind
from sandbox.provider.kubernetes.vocabulary import LISTED, WORDS

_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"


class Schemas:
    """One version of Kubernetes, as `1.35`: its kinds in strict form, in which an unknown field is an error."""

    def __init__(self, version: str) -> None:
        """Raises HandlerError when there are no schemas of this version."""
        self.version = version
        self._all, self._kinds = _load(version)

    def has(self, kind: Kind) -> bool:
        """Whether this version of Kubernetes serves the kind."""
        return kind in self._kinds

    def all(self) -> list[Kind]:
        """Every kind of objects that this version of Kubernetes serves."""
        return [kind for kind in self._kinds if not kind.name.endswith("List")]

    def served(self, group: str, name: str) -> list[str]:
        """The API versions in which this version of Kubernetes serves a kind."""
        return sorted(kind.api_version for kind in self._kinds if (kind.group, kind.name) == (group, name))

    def problems(self, kind: Kind, item: Mapping[str, Any]) -> Iterator[Problem]:
        """What the API server would refuse about an object of a kind of its own."""
        return structure.problems(item, self._all[self._kinds[kind]], self._resolve)

    def custom_problems(self, definition: Definition, item: Mapping[str, Any]) -> Iterator[Problem]:
        """What the API server would refuse about a custom resource."""
        yield from structure.problems(item.get("metadata"), self._all[_META], self._resolve, "metadata")
        plain = {name: value for name, value in item.items() if name not in ("apiVersion", "kind", "metadata")}
        schema = {
            **definition.schema,
            "required": [name for name in definition.schema.get("required", ()) if name not in ("apiVersion", "kind", "metadata")],
        }
        yield from structure.problems(plain, schema, self._resolve)

    def _resolve(self, reference: str) -> structure.Schema:
        found: structure.Schema = self._all[reference.rpartition("/")[2]]
        return found


@cache
def _load(version: str) -> tuple[dict[str, Any], dict[Kind, str]]:
    root = _folder()
    minor = ".".join(version.removeprefix("v").split(".")[:2])
    path = root / f"v{minor}.0-local-strict" / "_definitions.json"
    if not path.exists():
        shipped = sorted((folder.name.removeprefix("v").removesuffix(".0-local-strict") for folder in root.glob("*-strict")), key=_order)
        raise HandlerError(
            f"there are no schemas of Kubernetes {minor} to check objects against: kubernetes-validate has {shipped[0]} to {shipped[-1]}; "
            "take one of these for the cluster, or a newer kubernetes-validate"
        )
    schemas = json.loads(path.read_bytes())["$defs"]
    for words, listed in ((WORDS, False), (LISTED, True)):
        for name, members in words.items():
            for member, allowed in members.items():
                # An older version may lack a member that a newer one has.
                found = (schemas.get(name, {}).get("properties") or {}).get(member)
                if found is not None:
                    (found["items"] if listed else found)["enum"] = list(allowed)
    kinds = {}
    for name, schema in schemas.items():
        for told in schema.get("x-kubernetes-group-version-kind") or ():
            kind = Kind(told["group"], told["version"], told["kind"])
            # Options of requests name every group that knows them; an object's own schema has members of its kind.
            if "metadata" in (schema.get("properties") or {}):
                kinds[kind] = name
    return schemas, kinds


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@cache
def _folder() -> Path:
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        raise HandlerError("kubernetes-validate is not installed: run `make up`, which installs the locked requirements")
    return Path(spec.origin).parent / "kubernetes-json-schema"
