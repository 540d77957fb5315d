"""Objects as files: one each, where people look for it, with no secret in it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.manifests import manifest, write

DEPLOYMENT = {"kind": "Deployment", "apiVersion": "apps/v1", "spec": {"replicas": 2}, "metadata": {"name": "web", "namespace": "shop"}}
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "hush"}


def files(folder: Path) -> dict[str, Any]:
    return {str(path.relative_to(folder)): yaml.safe_load(path.read_text()) for path in folder.rglob("*.yaml")}


def test_each_object_is_a_file_under_its_namespace(tmp_path: Path) -> None:
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "system:reader"}}
    made = [
        found
        for kind, item in (("apps/v1:Deployment", DEPLOYMENT), ("x/v1:ClusterRole", role))
        if (found := manifest(f"kubernetes:{kind}", item))
    ]
    write(tmp_path / "west", made)
    assert files(tmp_path) == {"west/shop/deployment-web.yaml": DEPLOYMENT, "west/_cluster/clusterrole-system-reader.yaml": role}
    assert (tmp_path / "west/shop/deployment-web.yaml").read_text().startswith("apiVersion: apps/v1\nkind: Deployment\n")


def test_a_second_writing_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    write(tmp_path / "west", [DEPLOYMENT])
    write(tmp_path / "west", [])
    assert files(tmp_path) == {}


def test_objects_whose_names_are_not_known_yet_do_not_overwrite_each_other(tmp_path: Path) -> None:
    nameless = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": "shop"}}
    write(tmp_path, [nameless, nameless, nameless])
    assert len(files(tmp_path)) == 3


@pytest.mark.parametrize("hidden", [SECRET, "[secret]"])
def test_no_secret_value_is_written_wherever_it_stands(hidden: Any) -> None:
    item = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"open": "yes", "closed": hidden}}
    assert manifest("kubernetes:core/v1:ConfigMap", item) == {**item, "data": {"open": "yes", "closed": "masked"}}


@pytest.mark.parametrize("content", [SECRET, {"key": "dmFsdWU="}])
def test_a_secret_object_shows_no_value_even_if_nobody_called_it_secret(content: Any) -> None:
    item = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "data": content, "stringData": {"other": "plain"}}
    shown = manifest("kubernetes:core/v1:Secret", item)
    assert shown is not None
    assert set(shown["data"].values()) == {"bWFza2Vk"}
    assert shown["stringData"] == {"other": "masked"}


def test_what_only_the_deployment_knows_says_so() -> None:
    item = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}}
    assert manifest("kubernetes:core/v1:ConfigMap", item) == {**item, "metadata": {"name": "known-after-up"}}


def test_a_chart_comes_as_its_values() -> None:
    inputs = {"name": "keda", "namespace": "keda", "chart": "keda", "version": "2.1.0", "values": {"a": 1}}
    shown = manifest("kubernetes:helm.sh/v3:Release", inputs)
    assert shown == {
        "apiVersion": "helm.sh/v3",
        "kind": "Release",
        "metadata": {"name": "keda", "namespace": "keda"},
        "spec": {"chart": "keda", "version": "2.1.0", "values": {"a": 1}},
    }


def test_resources_of_other_providers_are_no_objects() -> None:
    assert manifest("aws:s3/bucket:Bucket", {"bucket": "x"}) is None
    assert manifest("pulumi:providers:kubernetes", {}) is None
