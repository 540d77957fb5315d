"""Which changes replace an object, which are refused, and which are none."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from sandbox.provider.kubernetes.changes import changes, immutable, replaced_in_place
from sandbox.provider.kubernetes.objects import kind_of
from sandbox.provider.values import UNKNOWN
from tests.sandbox.provider.kubernetes.manifests import Manifest, config_map, deployment


def thing(api: str, kind: str, **content: Any) -> Manifest:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "x", "namespace": "shop"}, **content}


def found(old: Manifest, new: Manifest) -> dict[str, bool]:
    return {change.path: change.replaces for change in changes(kind_of(new), old, new)}


@pytest.mark.parametrize(
    ("api", "kind", "before", "after", "path"),
    [
        ("v1", "Service", {"spec": {"clusterIP": "1"}}, {"spec": {"clusterIP": "2"}}, "spec.clusterIP"),
        ("v1", "Secret", {"type": "Opaque"}, {"type": "tls"}, "type"),
        ("v1", "PersistentVolumeClaim", {"spec": {"storageClassName": "a"}}, {"spec": {"storageClassName": "b"}}, "spec.storageClassName"),
        ("apps/v1", "StatefulSet", {"spec": {"serviceName": "a"}}, {"spec": {"serviceName": "b"}}, "spec.serviceName"),
        ("batch/v1", "Job", {"spec": {"template": {"spec": {"a": 1}}}}, {"spec": {"template": {"spec": {"a": 2}}}}, "spec.template.spec.a"),
        ("rbac.authorization.k8s.io/v1", "RoleBinding", {"roleRef": {"name": "a"}}, {"roleRef": {"name": "b"}}, "roleRef.name"),
        ("storage.k8s.io/v1", "StorageClass", {"provisioner": "a"}, {"provisioner": "b"}, "provisioner"),
        ("v1", "Pod", {"spec": {"containers": [{"image": "a"}]}}, {"spec": {"containers": [{"image": "b"}]}}, "spec.containers[0].image"),
    ],
)
def test_what_the_real_provider_replaces_for_replaces(api: str, kind: str, before: Manifest, after: Manifest, path: str) -> None:
    assert found(thing(api, kind, **before), thing(api, kind, **after)) == {path: True}


def test_a_pod_template_is_changed_in_place_and_its_selector_is_not() -> None:
    new = deepcopy(deployment())
    new["spec"]["template"]["spec"]["containers"][0]["image"] = "other"
    assert found(deployment(), new) == {"spec.template.spec.containers[0].image": False}
    new = deepcopy(deployment())
    new["spec"]["selector"]["matchLabels"]["tier"] = "front"
    assert found(deployment(), new) == {"spec.selector.matchLabels.tier": True}


def test_another_version_of_the_same_kind_is_the_same_object_and_another_group_is_not() -> None:
    old, new = (thing(f"autoscaling/{version}", "HorizontalPodAutoscaler", spec={"maxReplicas": 3}) for version in ("v1", "v2"))
    assert found(old, new) == {"apiVersion": False}
    assert found(thing("a.example/v1", "Thing"), thing("b.example/v1", "Thing")) == {"apiVersion": True}


def test_what_is_not_known_yet_counts_as_changed() -> None:
    assert found(config_map(a="1"), config_map(a=UNKNOWN)) == {"data.a": False}  # type: ignore[arg-type]
    named = config_map(a="1")
    named["metadata"]["name"] = UNKNOWN
    assert found(config_map(a="1"), named) == {"metadata.name": True}


def test_the_default_namespace_and_empty_labels_say_nothing() -> None:
    old, new = config_map(in_namespace="default"), config_map()
    del new["metadata"]["namespace"]
    new["metadata"]["labels"] = {}
    assert found(old, new) == {}


def test_only_a_replacement_of_the_same_name_waits() -> None:
    assert replaced_in_place(config_map(), config_map())
    assert not replaced_in_place(config_map("a"), config_map("b"))
    assert not replaced_in_place(config_map(), config_map(in_namespace="elsewhere"))
    drawn = config_map()
    drawn["metadata"]["annotations"] = {"pulumi.com/autonamed": "true"}
    assert not replaced_in_place(drawn, drawn)


def test_fields_that_no_cluster_changes_are_named() -> None:
    old = thing("apps/v1", "StatefulSet", spec={"replicas": 1, "serviceName": "a", "minReadySeconds": 1})
    new = thing("apps/v1", "StatefulSet", spec={"replicas": 2, "serviceName": "b", "minReadySeconds": 2})
    assert immutable(kind_of(new), old, new) == ["spec.serviceName"]
    frozen = config_map(a="1") | {"immutable": True}
    assert immutable(kind_of(frozen), frozen, config_map(a="2") | {"immutable": True}) == ["data"]
    assert immutable(kind_of(frozen), config_map(a="1"), config_map(a="2")) == []
