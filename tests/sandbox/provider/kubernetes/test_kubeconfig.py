"""Which cluster a provider's configuration means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.kubernetes.kubeconfig import Configuration

TWO: dict[str, Any] = {
    "current-context": "a",
    "clusters": [{"name": name, "cluster": {"server": f"https://{name}/"}} for name in ("a", "b")],
    "contexts": [{"name": name, "context": {"cluster": name, "user": "u"}} for name in ("a", "b")],
}


def parsed(**properties: Any) -> Configuration:
    return Configuration.parse({"kubeconfig": yaml.safe_dump(TWO), **properties})


def refused(**properties: Any) -> str:
    with pytest.raises(InvalidInputs) as caught:
        parsed(**properties)
    return str(caught.value)


def test_the_current_context_is_meant_unless_another_is_named() -> None:
    assert parsed().cluster.server == "https://a"
    assert parsed(context="b").cluster.server == "https://b"
    assert parsed(cluster="b").cluster.server == "https://b"


def test_a_kubeconfig_may_be_text_or_the_path_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(yaml.safe_dump(TWO))
    assert parsed(kubeconfig=str(tmp_path / "config")).cluster.name == "a"
    assert "cannot be read" in refused(kubeconfig=str(tmp_path / "none"))


def test_objects_go_where_the_provider_or_else_the_context_says() -> None:
    assert parsed().namespace is None
    assert parsed(namespace="shop").namespace == "shop"
    there = {**TWO, "contexts": [{"name": "a", "context": {"cluster": "a", "namespace": "there"}}]}
    assert parsed(kubeconfig=yaml.safe_dump(there)).namespace == "there"


def test_flags_arrive_as_text_and_have_the_real_providers_defaults() -> None:
    assert (parsed().mutable_config_maps, parsed().mutable_secrets) == (False, False)
    assert parsed(enableSecretMutable="true").mutable_secrets
    assert parsed(enableConfigMapMutable=True).mutable_config_maps


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"kubeconfig": ""}, "no kubeconfig"),
        ({"kubeconfig": "{"}, "neither JSON nor YAML"),
        ({"context": "c"}, "has no context 'c'; it has a, b"),
        ({"cluster": "c"}, "has no cluster 'c'; it has a, b"),
        ({"renderYamlToDirectory": "x"}, "make manifests"),
        ({"enableServerSideApply": "false"}, "applies objects on the server only"),
    ],
)
def test_what_names_no_cluster_is_refused_with_what_there_is(properties: dict[str, Any], words: str) -> None:
    assert words in refused(**properties)
