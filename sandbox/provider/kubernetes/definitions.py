"""Definitions of custom resources: those that the program applies, and those in the folder of operators' definitions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from sandbox import paths
from sandbox.provider.facts.cache import remembered
from sandbox.provider.kubernetes.objects import Kind

_DOCUMENT = re.compile(r"^---\s*$", re.MULTILINE)
_GROUP = re.compile(r"^  group: (\S+)$", re.MULTILINE)
_KIND = re.compile(r"^    kind: (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a custom resource."""

    kind: Kind
    plural: str
    cluster_wide: bool
    schema: Mapping[str, Any]
    """Its OpenAPI v3 schema."""


def versions(item: Mapping[str, Any]) -> Iterator[Definition]:
    """The versions that a CustomResourceDefinition serves."""
    spec = item["spec"]
    for version in spec["versions"]:
        if version.get("served", True):
            schema = (version.get("schema") or {}).get("openAPIV3Schema") or {"x-kubernetes-preserve-unknown-fields": True}
            kind = Kind(spec["group"], version["name"], spec["names"]["kind"])
            yield Definition(kind, spec["names"]["plural"], spec["scope"] == "Cluster", schema)


def in_folder(kind: Kind) -> Definition | None:
    """The definition of a kind in the folder; None without a folder, or when nobody there defines it."""
    return next((found for found in of_group(kind.group, kind.name) if found.kind == kind), None)


def of_group(group: str, name: str) -> tuple[Definition, ...]:
    """Every version of a kind that the folder defines."""
    folder = paths.definitions()
    return _from_folder(folder, group, name) if folder.is_dir() else ()


@cache
def _from_folder(folder: Path, group: str, name: str) -> tuple[Definition, ...]:
    for path in sorted(folder.glob("*.yaml")):
        mark = f"{path.stat().st_size}-{path.stat().st_mtime_ns}"
        place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
        # Reading megabytes of YAML takes a second; the one definition that is needed takes milliseconds.
        listed = remembered(f"crds/{place}/index", mark, partial(_index, path))
        if f"{group}/{name}" in listed:
            item = remembered(f"crds/{place}/{group}-{name}", mark, partial(_read, path, group, name))
            return tuple(versions(item))
    return ()


def _index(path: Path) -> list[str]:
    found = []
    for text in _DOCUMENT.split(path.read_text()):
        group, kind = _GROUP.search(text), _KIND.search(text)
        if group and kind:
            found.append(f"{group[1]}/{kind[1]}")
    return found


def _read(path: Path, group: str, name: str) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for text in _DOCUMENT.split(path.read_text()):
        found = _GROUP.search(text), _KIND.search(text)
        if all(found) and f"{found[0][1]}/{found[1][1]}" == f"{group}/{name}":  # type: ignore[index]
            return yaml.load(text, Loader=loader)  # noqa: S506 - one of the two safe loaders
    raise LookupError(f"{path} defines no {name} of {group}")
