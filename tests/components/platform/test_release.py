import pytest

from components.platform.release import Chart, Release, ReleaseArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Recorded, record

RELEASE = "kubernetes:helm.sh/v3:Release"


def _made(repository: str) -> Recorded:
    chart = Chart(chart="keda", repository=repository, version="2.18.1")
    args = ReleaseArgs(chart=chart, namespace="keda", values={"replicas": 2}, release="keda")
    graph = record(lambda: Release("keda", a_context(), args))
    assert graph.outputs_of(graph.one("morefocus:platform:Release")) == {"release": "keda"}
    return graph.one(RELEASE)


def test_one_version_is_installed_where_it_is_told_to_and_makes_no_namespace() -> None:
    inputs = _made("https://charts.example.org").inputs
    assert (inputs["chart"], inputs["version"], inputs["namespace"]) == ("keda", "2.18.1", "keda")
    assert inputs["repositoryOpts"] == {"repo": "https://charts.example.org"}
    assert inputs["createNamespace"] is False
    assert inputs["values"] == {"replicas": 2}


def test_an_oci_chart_is_named_in_full_since_it_has_no_index() -> None:
    inputs = _made("oci://registry.example.org/charts/").inputs
    assert inputs["chart"] == "oci://registry.example.org/charts/keda"
    assert not inputs.get("repositoryOpts")


def test_a_release_that_does_not_come_up_is_undone_as_a_whole() -> None:
    inputs = _made("https://charts.example.org").inputs
    assert inputs["atomic"] is True
    assert inputs["timeout"] == 600


@pytest.mark.parametrize("repository", ["http://charts.example.org", "charts.example.org", ""])
def test_a_chart_comes_by_an_address_that_proves_itself(repository: str) -> None:
    with pytest.raises(ValueError, match="chart keda: repository must be an https or oci address"):
        Chart(chart="keda", repository=repository, version="2.18.1")
