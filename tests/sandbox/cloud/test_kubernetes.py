"""What an emulated cluster keeps of objects, and what goes with what."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.cloud import kubernetes
from sandbox.cloud.kubernetes import NAMESPACES_OF_ANY_CLUSTER, Clusters, ObjectHeldError, Place, UnknownClusterError

SERVER = "https://a.eks.example"
MAP = Place("", "ConfigMap", "shop", "settings")


@pytest.fixture
def eks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    clusters: dict[str, Any] = {"a": SimpleNamespace(endpoint=SERVER, name="a", version="1.35")}
    backends = {"123456789012": {"eu-west-1": SimpleNamespace(clusters=clusters)}}
    monkeypatch.setattr(kubernetes, "_eks", lambda: backends)
    return clusters


def put(clusters: Clusters, place: Place, owner: str = "me", *, new: bool = False, api: str = "v1", **content: Any) -> dict[str, Any]:
    metadata = {"name": place.name, **({"namespace": place.namespace} if place.namespace else {}), **content.pop("metadata", {})}
    item = {"apiVersion": api, "kind": place.kind, "metadata": metadata, **content}
    return clusters.put(SERVER, place, item, owner, new=new)


def names(clusters: Clusters, *kinds: str, namespace: str | None = None) -> list[str]:
    return [item["metadata"]["name"] for item in clusters.list(SERVER, kinds, namespace)]


def test_a_cluster_is_known_by_its_address_while_it_stands(eks: dict[str, Any]) -> None:
    clusters = Clusters()
    assert clusters.describe(f"{SERVER}/") == {"name": "a", "version": "1.35", "account": "123456789012", "region": "eu-west-1"}
    eks.clear()
    with pytest.raises(UnknownClusterError):
        clusters.get(SERVER, MAP)


def test_every_cluster_has_its_first_namespaces(eks: dict[str, Any]) -> None:
    assert tuple(names(Clusters(), "Namespace")) == NAMESPACES_OF_ANY_CLUSTER


def test_an_object_keeps_its_identity_and_counts_what_was_meant(eks: dict[str, Any]) -> None:
    clusters = Clusters()
    first = put(clusters, MAP, data={"a": "1"})["metadata"]
    labelled = put(clusters, MAP, data={"a": "1"}, metadata={"labels": {"x": "y"}})["metadata"]
    changed = put(clusters, MAP, data={"a": "2"})["metadata"]
    assert first["uid"] == labelled["uid"] == changed["uid"]
    assert [item["generation"] for item in (first, labelled, changed)] == [1, 1, 2]
    assert len({item["resourceVersion"] for item in (first, labelled, changed)}) == 3


def test_what_is_given_out_is_no_way_to_change_what_is_kept(eks: dict[str, Any]) -> None:
    clusters = Clusters()
    put(clusters, MAP, data={"a": "1"})["data"]["a"] = "2"
    kept = clusters.get(SERVER, MAP)
    assert kept is not None
    assert kept["data"] == {"a": "1"}


def test_an_object_of_somebody_else_is_not_made_anew(eks: dict[str, Any]) -> None:
    clusters = Clusters()
    put(clusters, MAP, "first", new=True)
    put(clusters, MAP, "first", new=True)
    with pytest.raises(ObjectHeldError, match="first"):
        put(clusters, MAP, "second", new=True)


def test_a_namespace_is_labelled_with_its_name_and_takes_its_content_along(eks: dict[str, Any]) -> None:
    clusters, place = Clusters(), Place("", "Namespace", "", "shop")
    assert put(clusters, place)["metadata"]["labels"] == {"kubernetes.io/metadata.name": "shop"}
    put(clusters, MAP)
    put(clusters, Place("", "ConfigMap", "other", "settings"))
    assert clusters.delete(SERVER, place)
    assert names(clusters, "ConfigMap") == ["settings"]
    assert names(clusters, namespace="shop") == []
    assert not clusters.delete(SERVER, place)


def test_a_definition_takes_its_resources_along_and_an_owner_what_it_owns(eks: dict[str, Any]) -> None:
    clusters, definition = Clusters(), Place("apiextensions.k8s.io", "CustomResourceDefinition", "", "things.example.com")
    put(clusters, definition, spec={"group": "example.com", "names": {"kind": "Thing"}})
    put(clusters, Place("example.com", "Thing", "shop", "one"))
    owner = put(clusters, MAP)
    put(clusters, Place("", "Secret", "shop", "owned"), metadata={"ownerReferences": [{"uid": owner["metadata"]["uid"]}]})
    clusters.delete(SERVER, definition)
    clusters.delete(SERVER, MAP)
    assert names(clusters, namespace="shop") == []


def test_a_cloud_that_is_emptied_forgets_all(eks: dict[str, Any]) -> None:
    clusters = Clusters()
    put(clusters, MAP)
    clusters.clear()
    assert clusters.get(SERVER, MAP) is None
