"""Charts and images for tests of what is installed from them."""

from typing import Any

from components.platform.release import Chart
from tests.kit.recorder import Graph

RELEASE = "kubernetes:helm.sh/v3:Release"
DIGEST = "sha256:" + "0123456789abcdef" * 4


def a_chart(name: str = "tool") -> Chart:
    """A chart that is pinned."""
    return Chart(chart=name, repository="https://charts.example.org", version="1.2.3")


def an_image(name: str = "tool") -> str:
    """An image as the catalogue gives it."""
    return f"registry.example.org/team/{name}:1.2.3@{DIGEST}"


def values_of(graph: Graph) -> dict[str, Any]:
    """The values of the one chart in a graph."""
    values: dict[str, Any] = graph.one(RELEASE).inputs["values"]
    return values


def assert_restricted(pod: dict[str, Any], container: dict[str, Any]) -> None:
    """The pod's and the container's part of the Pod Security Standard `restricted`."""
    assert pod["runAsNonRoot"] is True and pod["runAsUser"] > 0
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["allowPrivilegeEscalation"] is False
    assert container["capabilities"] == {"drop": ["ALL"]}
    assert container["readOnlyRootFilesystem"] is True


def assert_sized(resources: dict[str, Any]) -> None:
    """Something is requested and limited of both."""
    assert {"cpu", "memory"} == set(resources["requests"]) == set(resources["limits"])
