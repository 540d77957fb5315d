import pytest

from components.platform.chart_values import Size, container_values, image_values, pod_values, registry_values, zone_values
from tests.components.platform.made import DIGEST, assert_restricted, assert_sized


@pytest.mark.parametrize(
    ("reference", "repository", "tag"),
    [
        (f"ghcr.io/team/tool:v1.2.3@{DIGEST}", "ghcr.io/team/tool", f"v1.2.3@{DIGEST}"),
        ("sandbox.invalid/ghcr.io/team/tool:v1.2.3", "sandbox.invalid/ghcr.io/team/tool", "v1.2.3"),
        ("registry.example.org:5000/tool:1.2.3", "registry.example.org:5000/tool", "1.2.3"),
    ],
)
def test_an_image_keeps_its_digest_in_a_chart_that_knows_tags_alone(reference: str, repository: str, tag: str) -> None:
    assert image_values(reference) == {"repository": repository, "tag": tag}
    assert f"{repository}:{tag}" == reference


def test_a_registry_is_told_apart_for_charts_that_join_it_themselves() -> None:
    assert registry_values(f"ghcr.io/kedacore/keda:2.20.2@{DIGEST}") == {
        "registry": "ghcr.io",
        "repository": "kedacore/keda",
        "tag": f"2.20.2@{DIGEST}",
    }


@pytest.mark.parametrize("reference", ["ghcr.io/team/tool", f"ghcr.io/team/tool@{DIGEST}", "ghcr.io/team/tool:1@sha256:abc", ""])
def test_an_image_without_tag_or_with_half_a_digest_is_refused(reference: str) -> None:
    with pytest.raises(ValueError, match="an image must be given as repository:tag"):
        image_values(reference)


def test_what_charts_are_told_is_restricted_sized_and_spread() -> None:
    assert_restricted(pod_values(), container_values())
    assert_sized(Size(cpu="100m", memory="128Mi", cpu_limit="1").values())
    assert Size(cpu="100m", memory="128Mi", cpu_limit="1").values()["limits"] == {"cpu": "1", "memory": "128Mi"}
    (spread,) = zone_values({"app": "tool"})
    assert spread["topologyKey"] == "topology.kubernetes.io/zone"
    assert spread["labelSelector"] == {"matchLabels": {"app": "tool"}}
