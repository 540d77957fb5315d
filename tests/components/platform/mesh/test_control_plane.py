import pytest

from components.platform.mesh.control_plane import MeshCharts, MeshControlPlane, MeshControlPlaneArgs
from components.platform.mesh.values import MeshImages
from components.platform.release import Chart
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, Recorded, record

RELEASE = "kubernetes:helm.sh/v3:Release"


def _chart(name: str, version: str = "1.30.4") -> Chart:
    return Chart(chart=name, repository="oci://registry.example.org/charts", version=version)


CHARTS = MeshCharts(base=_chart("base"), plugin=_chart("cni"), discovery=_chart("istiod"))


def _plane() -> Graph:
    args = MeshControlPlaneArgs(
        namespace="istio-system",
        plugin_namespace="mesh-nodes",
        charts=CHARTS,
        images=MeshImages(discovery="r/pilot:1", proxy="r/proxyv2:1", plugin="r/install-cni:1"),
    )
    return record(lambda: MeshControlPlane("mesh", a_context(), args))


def _release(graph: Graph, role: str) -> Recorded:
    return graph.one(RELEASE, f"mesh-{role}-release")


def test_only_the_plugin_stands_where_pods_may_write_to_their_node() -> None:
    graph = _plane()
    assert {role: _release(graph, role).inputs["namespace"] for role in ("base", "plugin", "discovery")} == {
        "base": "istio-system",
        "plugin": "mesh-nodes",
        "discovery": "istio-system",
    }


def test_the_control_plane_comes_after_its_definitions_its_authority_and_the_plugin() -> None:
    graph = _plane()
    after = graph.named("mesh-discovery").depends_on
    earlier = (graph.named("mesh-base-release"), graph.named("mesh-plugin-release"), graph.named("mesh-authority-authority"))
    assert {each.urn for each in earlier} <= set(after)


def test_charts_of_different_versions_are_refused() -> None:
    with pytest.raises(ValueError, match="of one version"):
        MeshCharts(base=_chart("base"), plugin=_chart("cni", "1.30.3"), discovery=_chart("istiod"))


def test_a_control_plane_of_one_pod_is_refused() -> None:
    with pytest.raises(ValueError, match="replicas must be 2"):
        MeshControlPlaneArgs(
            namespace="istio-system",
            plugin_namespace="mesh-nodes",
            charts=CHARTS,
            images=MeshImages(discovery="a/b", proxy="a/c", plugin="a/d"),
            replicas=1,
        )
