import pytest

from components.platform.chart_values import Size
from components.platform.logs.templates import pod_template, version_of, volume_claim

SIZE = Size(cpu="1", memory="1Gi", cpu_limit="2")


def test_a_pod_is_restricted_sized_and_spread_over_zones() -> None:
    spec = pod_template("main", SIZE, {"app": "x"}, priority_class="platform")["spec"]
    (container,) = spec["containers"]
    assert spec["automountServiceAccountToken"] is False and spec["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"] and container["resources"]["limits"]["memory"] == "1Gi"
    assert spec["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"] == {"app": "x"}


def test_a_volume_is_of_the_class_given() -> None:
    claim = volume_claim("data", 10, "gp3")
    assert claim["spec"]["storageClassName"] == "gp3" and claim["spec"]["resources"]["requests"]["storage"] == "10Gi"


@pytest.mark.parametrize(
    "image",
    ["docker.elastic.co/x/y:9.5.1", "docker.elastic.co/x/y:9.5.1@sha256:" + "a" * 64, "sandbox.invalid/docker.elastic.co/x/y:9.5.1"],
)
def test_the_version_is_the_images_own(image: str) -> None:
    assert version_of(image) == "9.5.1"


def test_an_image_that_says_no_version_is_refused() -> None:
    with pytest.raises(ValueError, match="tagged with its version"):
        version_of("docker.elastic.co/x/y:latest")
