"""Objects against the schemas of a version of Kubernetes, and custom resources against their definitions."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.provider.errors import HandlerError
from sandbox.provider.kubernetes import definitions
from sandbox.provider.kubernetes.kinds import Kinds
from sandbox.provider.kubernetes.objects import Kind, kind_of
from sandbox.provider.kubernetes.schemas import Schemas
from sandbox.provider.values import UNKNOWN
from tests.sandbox.provider.kubernetes.manifests import Manifest, config_map, container, deployment, pod_spec

SHARED = Path(__file__).resolve().parents[4].parent / "shared" / "crds"
BOTH: Manifest = {"type": "object", "properties": {"a": {}, "b": {}}}
EITHER = [{"required": ["a"]}, {"required": ["b"]}]
FIRST = "spec.template.spec.containers[0]"
RULE = Kind("monitoring.coreos.com", "v1", "PrometheusRule")


def wrong(item: Manifest, version: str = "1.35") -> dict[str, str]:
    return {problem.path: problem.message for problem in Schemas(version).problems(kind_of(item), item)}


def with_container(**more: Any) -> Manifest:
    return {"template": {"spec": pod_spec(container(**more))}}


def test_an_object_that_a_cluster_takes_has_no_problems() -> None:
    assert wrong(deployment()) == {}


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"replicas": "2"}, "spec.replicas", "a whole number"),
        ({"replicas": True}, "spec.replicas", "a whole number"),
        ({"replicas": 2**31}, "spec.replicas", "at most"),
        ({"selector": None}, "spec.selector", "is required"),
        ({"strategy": {"type": "Rolling"}}, "spec.strategy.type", "Recreate, RollingUpdate"),
        ({"strategy": {"rollingUpdate": {"maxSurge": [1]}}}, "spec.strategy.rollingUpdate.maxSurge", ""),
        (with_container(resources={"limits": {"cpu": "1 core"}}), f"{FIRST}.resources.limits.cpu", "quantity"),
        (with_container(env=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]), f"{FIRST}.env[1]", "same entry"),
        (with_container(ports=[{"containerPort": 80}, {"containerPort": 80, "protocol": "TCP"}]), f"{FIRST}.ports[1]", "same entry"),
    ],
)
def test_what_a_cluster_refuses_is_named_with_its_path(change: Manifest, path: str, words: str) -> None:
    item = deployment()
    item["spec"] |= change
    assert words in wrong(item)[path]


def test_the_same_port_for_two_protocols_is_two_entries() -> None:
    ports = [{"containerPort": 53, "protocol": protocol} for protocol in ("TCP", "UDP")]
    assert wrong(deployment(spec=pod_spec(container(ports=ports)))) == {}


def test_what_is_not_known_yet_is_not_judged() -> None:
    assert wrong(deployment(spec=pod_spec(container(image=UNKNOWN, ports=UNKNOWN, env=[{"name": "A", "value": UNKNOWN}])))) == {}


def test_bytes_must_be_base64_and_numbers_in_maps_of_texts_are_refused() -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "data": {"a": "not base64!"}}
    assert wrong(secret) == {"data.a": "must be base64"}
    assert "must be text" in wrong(config_map(port=8080))["data.port"]  # type: ignore[arg-type]


def test_a_version_without_schemas_is_told_with_those_that_there_are() -> None:
    with pytest.raises(HandlerError, match=r"no schemas of Kubernetes 1.99 .* has 1.25 to 1\."):
        Schemas("1.99")


def test_a_hundred_objects_are_judged_in_a_fraction_of_a_second() -> None:
    schemas, item = Schemas("1.35"), deployment()
    began = time.perf_counter()
    for _ in range(100):
        assert not list(schemas.problems(kind_of(item), item))
    assert time.perf_counter() - began < 0.3


def crd(**schema: Any) -> Manifest:
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": schema}}},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {"group": "example.com", "names": {"kind": "Thing", "plural": "things"}, "scope": "Cluster", "versions": [version]},
    }


def custom(spec: Any, **schema: Any) -> dict[str, str]:
    kinds = Kinds(Schemas("1.35"), list)
    kinds.remember(crd(**schema))
    item = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "x"}, "spec": spec}
    return {problem.path: problem.message for problem in kinds.problems(kind_of(item), item)}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "object", "properties": {"a": {"type": "integer", "minimum": 1, "maximum": 3}}}, {"a": 3}, {"a": 4}),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": "x"}, {"b": "x"}),
        ({"type": "object", "properties": {"a": {"type": "string", "pattern": "^[a-z]+$"}}}, {"a": "x"}, {"a": "X"}),
        ({"type": "object", "properties": {"a": {"type": "string", "enum": ["x"]}}}, {"a": "x"}, {"a": "y"}),
        ({"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2}, ["x"], []),
        ({"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"}, ["x", "y"], ["x", "x"]),
        ({"x-kubernetes-int-or-string": True}, "80%", 1.5),
        ({"type": "object", "additionalProperties": {"type": "string"}}, {"a": "x"}, {"a": 1}),
        (BOTH | {"oneOf": EITHER}, {"a": {}}, {"a": {}, "b": {}}),
        (BOTH | {"anyOf": EITHER}, {"a": {}, "b": {}}, {}),
        (BOTH | {"not": {"properties": {"a": {"enum": ["x"]}}}}, {"a": "y"}, {"a": "x"}),
        ({"type": "object", "minProperties": 1, "x-kubernetes-preserve-unknown-fields": True}, {"any": {"depth": [1]}}, {}),
    ],
)
def test_a_custom_resource_is_checked_against_the_definition_that_the_program_declares(schema: Manifest, good: Any, bad: Any) -> None:
    assert custom(good, **schema) == {}
    assert len(custom(bad, **schema)) == 1


def test_a_custom_resource_of_another_version_is_told_which_there_is() -> None:
    kinds = Kinds(Schemas("1.35"), lambda: [crd(type="object")])
    item = {"apiVersion": "example.com/v2", "kind": "Thing", "metadata": {"name": "x"}}
    (problem,) = kinds.problems(kind_of(item), item)
    assert problem.message == "Thing is not defined in example.com/v2: take example.com/v1"


def test_what_nobody_defines_is_taken_and_known_to_be_so() -> None:
    kinds, kind = Kinds(Schemas("1.35"), list), Kind("example.com", "v1", "Thing")
    assert list(kinds.problems(kind, {"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"a": 1}})) == []
    assert not kinds.is_defined(kind)
    assert not kinds.cluster_wide(kind)


def test_a_definition_in_the_folder_is_found_by_group_and_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_CRDS", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    other = json.loads(json.dumps(crd(type="object")).replace("Thing", "Other"))
    (tmp_path / "all.yaml").write_text(yaml.safe_dump_all([other, crd(type="object", properties={"a": {"type": "string"}})]))
    found = definitions.in_folder(Kind("example.com", "v1", "Thing"))
    assert found is not None
    assert found.cluster_wide
    assert found.schema["properties"]["spec"]["properties"] == {"a": {"type": "string"}}
    assert definitions.in_folder(Kind("example.com", "v2", "Thing")) is None
    assert definitions.in_folder(Kind("example.org", "v1", "Thing")) is None


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"NOT RUN: there are no operators' definitions in {SHARED}")
def test_operators_definitions_judge_what_is_written_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_CRDS", str(SHARED))
    kinds = Kinds(Schemas("1.35"), list)
    rule = {"apiVersion": RULE.api_version, "kind": RULE.name, "metadata": {"name": "x", "namespace": "y"}}
    good = rule | {"spec": {"groups": [{"name": "a", "rules": [{"alert": "X", "expr": "up == 0", "for": "5m"}]}]}}
    assert list(kinds.problems(RULE, good)) == []
    bad = rule | {"spec": {"groups": [{"name": "a", "rules": [{"alert": "X", "for": "soon"}], "interval": 1}]}}
    assert {problem.path for problem in kinds.problems(RULE, bad)} == {
        "spec.groups[0].rules[0].expr",
        "spec.groups[0].rules[0].for",
        "spec.groups[0].interval",
    }
