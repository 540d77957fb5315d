"""Checks objects against the schemas of Kubernetes and of the operators, as an API server would: what it does not know is an error."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from config.load import ROOT
from tests.kit.kubernetes import Item, called

_KUBERNETES = ("v1", "apps/v1", "batch/v1", "policy/v1", "autoscaling/v2")


def definitions() -> Path:
    """Return the folder of the operators' definitions: of `SANDBOX_CRDS`, or beside the repository; without one the test is skipped."""
    folder = Path(os.environ.get("SANDBOX_CRDS") or ROOT.parent / "shared" / "crds")
    if not folder.is_dir():
        pytest.skip(f"NOT CHECKED: no operators' definitions in {folder}; name their folder in SANDBOX_CRDS")
    return folder


def is_own_kind(item: Item) -> bool:
    """Return whether Kubernetes itself knows the kind; custom resources are the operators'."""
    version = str(item["apiVersion"])
    return version in _KUBERNETES or version.partition("/")[0].endswith(".k8s.io")


def schema_problems(item: Item, version: str) -> list[str]:
    """Return what Kubernetes of a version such as `1.35` would refuse about an object of its own kinds."""
    try:
        kubernetes_validate.validate(dict(item), version, strict=True)
    except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
        return [f"{called(item)}: {getattr(error, 'message', error)}"]
    return []


def custom_problems(item: Item) -> list[str]:
    """Return what an operator's definition would refuse about a custom resource; skips the test where there are no definitions."""
    group, _, version = str(item["apiVersion"]).partition("/")
    schema = _schemas(definitions()).get((group, version, str(item["kind"])))
    if schema is None:
        return [f"{called(item)}: nobody defines {item['kind']} in {item['apiVersion']}"]
    own = {key: value for key, value in item.items() if key not in ("apiVersion", "kind", "metadata")}
    errors = Draft202012Validator(schema).iter_errors(own)
    return [f"{called(item)}: {'.'.join(map(str, error.absolute_path))}: {error.message}" for error in errors]


@cache
def _schemas(folder: Path) -> dict[tuple[str, str, str], Any]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        for document in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            spec = (document or {}).get("spec") or {}
            for version in spec.get("versions") or ():
                schema = _closed(version["schema"]["openAPIV3Schema"])
                for known in ("apiVersion", "kind", "metadata"):
                    schema.get("properties", {}).pop(known, None)
                found[(spec["group"], version["name"], spec["names"]["kind"])] = schema
    return found


def _closed(schema: Any) -> Any:
    """Return the schema in which a member that it does not name is an error; an API server drops such a member, and says so."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    closed = {key: _members(value) if key == "properties" else _closed(value) for key, value in schema.items()}
    open_ = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if schema.get("type") == "object" and "properties" in schema and not open_:
        closed["additionalProperties"] = False
    if schema.get("nullable") and isinstance(schema.get("type"), str):
        closed["type"] = [schema["type"], "null"]
    return closed


def _members(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _closed(inner) for name, inner in properties.items()}
