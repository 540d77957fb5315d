"""Checks custom resources against their operators' own definitions, where those are at hand.

The API server prunes what a definition does not know, or refuses it; here an unknown field is always an error.
"""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from config.load import ROOT
from tests.kit.recorder import Graph, Recorded

DEFINITIONS = ROOT.parent / "shared" / "crds"
"""One file for each operator; absent on machines that have the repository alone."""


def custom_resources(graph: Graph) -> list[Recorded]:
    """Return all custom resources of a graph, which the SDK registers by group, version and kind."""
    return [each for each in graph.resources if each.custom and _group(each).partition("/")[0] in _groups()]


def findings(file: str, resources: list[Recorded]) -> list[str]:
    """Return what the definitions in one file have against resources; skips where there is no such file."""
    path = DEFINITIONS / file
    if not path.is_file():
        pytest.skip(f"no {file} beside the repository: custom resources are not checked against their definitions")
    return [f"{each.name}: {text}" for each in resources for text in _errors(path, each)]


def _errors(path: Path, resource: Recorded) -> list[str]:
    group, _, version = resource.inputs["apiVersion"].partition("/")
    key = (group, version, resource.inputs["kind"])
    schemas = _schemas(path)
    if key not in schemas:
        return [f"there is no {'/'.join(key)} in {path.name}"]
    body = {name: value for name, value in resource.inputs.items() if name not in ("apiVersion", "kind", "metadata")}
    validator = jsonschema.Draft7Validator(schemas[key])
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator.iter_errors(body)]


@cache
def _schemas(path: Path) -> dict[tuple[str, str, str], Any]:
    found: dict[tuple[str, str, str], Any] = {}
    for definition in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        if not definition:
            continue
        spec = definition["spec"]
        for version in spec["versions"]:
            if version["served"] and "schema" in version:
                key = (spec["group"], version["name"], spec["names"]["kind"])
                found[key] = _strict(version["schema"]["openAPIV3Schema"])
    return found


def _strict(schema: Any) -> Any:
    """Return a schema of the API server as JSON schema: unknown fields are errors where it would prune them."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        key: ({name: _strict(each) for name, each in value.items()} if key == "properties" else _strict(value))
        for key, value in schema.items()
    }
    if made.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
    if (
        "properties" in made
        and "type" in made
        and "additionalProperties" not in made
        and not made.get("x-kubernetes-preserve-unknown-fields")
    ):
        made["additionalProperties"] = False
    if made.get("nullable") and "type" in made:
        made["type"] = [made["type"], "null"]
    made.pop("format", None)
    return made


def _group(resource: Recorded) -> str:
    return str(resource.inputs.get("apiVersion", ""))


@cache
def _groups() -> frozenset[str]:
    return frozenset(
        {
            *("security.istio.io", "networking.istio.io", "telemetry.istio.io", "cert-manager.io", "external-secrets.io"),
            *("elasticsearch.k8s.elastic.co", "kibana.k8s.elastic.co", "logstash.k8s.elastic.co", "beat.k8s.elastic.co"),
        }
    )
