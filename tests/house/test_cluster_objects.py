"""What is applied to the shipped stacks' clusters: closed namespaces, pods that may do little, pinned software, flows with two ends."""

from collections.abc import Callable

import pytest

from config.load import load
from tests.kit import kubernetes, network_policies, references, schemas
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS
from tests.kit.recorder import Graph

LAWS: dict[str, Callable[[Graph], list[str]]] = {
    "a namespace refuses by default, looks up names, and restricts pods": kubernetes.namespace_problems,
    "what every cluster has refuses by default": kubernetes.system_namespace_problems,
    "nothing stands in a namespace that nobody made": kubernetes.stray_problems,
    "a pod may do little, says what it needs, and shows that it lives": kubernetes.pod_problems,
    "replicas survive a zone and a drained node": kubernetes.replica_problems,
    "what a pod names is there": references.reference_problems,
    "what is scaled is there": references.scaler_problems,
    "no pod reaches instance metadata": network_policies.metadata_problems,
    "a flow names its ports": network_policies.port_problems,
    "a flow is allowed at both of its ends": network_policies.one_sided_flows,
}


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("law", LAWS)
def test_the_objects_of_every_cluster_keep_the_laws(law: str, stack: str) -> None:
    problems = LAWS[law](shipped_graph(stack))
    assert not problems, f"{law}:\n" + "\n".join(problems)


@pytest.mark.parametrize("stack", STACKS)
def test_every_image_and_chart_is_of_the_catalogue_and_pinned(stack: str) -> None:
    graph, known = shipped_graph(stack), load(stack).digests
    assert list(kubernetes.images(graph)) and kubernetes.releases(graph)
    problems = [*kubernetes.image_problems(graph, known), *kubernetes.chart_problems(graph, known)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("stack", STACKS)
def test_kubernetes_takes_every_object_of_its_own_kinds(stack: str) -> None:
    version = load(stack).plan.cluster.version
    own = [item for item in kubernetes.objects(shipped_graph(stack)) if schemas.is_own_kind(item)]
    assert own
    assert not [problem for item in own for problem in schemas.schema_problems(item, version)]


@pytest.mark.parametrize("stack", STACKS)
def test_operators_take_every_custom_resource(stack: str) -> None:
    schemas.definitions()
    custom = [item for item in kubernetes.objects(shipped_graph(stack)) if not schemas.is_own_kind(item)]
    assert custom
    assert not [problem for item in custom for problem in schemas.custom_problems(item)]
