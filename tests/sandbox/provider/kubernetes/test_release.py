"""Charts: checked as far as they can be, recorded with their values."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from sandbox.protos import provider_pb2
from sandbox.provider.kubernetes import release
from tests.kit.kubernetes_plugin import Engine, Refused
from tests.sandbox.provider.kubernetes.manifests import namespace

TOKEN = "kubernetes:helm.sh/v3:Release"
KEDA = {"name": "keda", "namespace": "keda", "chart": "keda", "version": "2.1.0", "repositoryOpts": {"repo": "https://charts.example"}}


def wrong(engine: Engine, **change: Any) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        engine.check({**KEDA, **change}, token=TOKEN)
    return caught.value.failures


def test_a_release_is_recorded_with_its_values_through_its_whole_life(engine: Engine) -> None:
    engine.create(namespace("keda"))
    made = engine.create({**KEDA, "values": {"replicas": 2}}, token=TOKEN)
    assert made.id == "keda/keda"
    assert made.outputs["status"]["revision"] == 1
    assert made.outputs["__support"] == "recorded"
    same = engine.diff(made, {**KEDA, "values": {"replicas": 2}})
    assert same.changes == provider_pb2.DiffResponse.DIFF_NONE
    changed = engine.diff(made, {**KEDA, "values": {"replicas": 3}})
    assert (list(changed.diffs), list(changed.replaces)) == (["values.replicas"], [])
    after = engine.update(made, {**KEDA, "values": {"replicas": 3}})
    assert after.outputs["status"]["revision"] == 2
    read = engine.read(after)
    assert read is not None
    assert (read.inputs, read.outputs) == (after.inputs, after.outputs)
    assert list(engine.diff(made, {**KEDA, "namespace": "other"}).replaces) == ["namespace"]
    engine.delete(after)
    assert engine.read(after) is None


def test_what_helm_would_refuse_is_refused_without_the_chart(engine: Engine) -> None:
    assert "did you mean version" in wrong(engine, versoin="1")["versoin"]
    assert "must be one version" in wrong(engine, version=">=2.0")["version"]
    assert "at most 53 characters" in wrong(engine, name="k" * 54)["name"]
    assert "is required" in wrong(engine, chart="")["chart"]
    assert "must be int" in wrong(engine, timeout="600")["timeout"]


def test_a_release_needs_a_namespace_unless_it_makes_it(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        engine.create(KEDA, token=TOKEN)
    assert "there is no namespace keda" in caught.value.details()
    assert engine.create({**KEDA, "createNamespace": True}, token=TOKEN).id == "keda/keda"


def test_a_release_without_a_name_is_named_once(engine: Engine) -> None:
    nameless = {key: value for key, value in KEDA.items() if key != "name"}
    inputs = engine.check(nameless, token=TOKEN, name="scaler")
    assert inputs["name"].startswith("scaler-")
    assert engine.check(nameless, olds=inputs, token=TOKEN, name="scaler")["name"] == inputs["name"]


def test_the_fields_are_those_of_the_sdk() -> None:
    from pulumi._types import input_type_py_to_pulumi_names
    from pulumi_kubernetes.helm.v3 import ReleaseArgs

    assert release.FIELDS.keys() == set(input_type_py_to_pulumi_names(ReleaseArgs).values())
