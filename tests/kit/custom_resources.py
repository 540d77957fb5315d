"""The custom resources of a recorded graph, checked against their operators' own definitions where those are at hand."""

from tests.kit.recorder import Graph, Recorded
from tests.kit.schemas import custom_problems, is_own_kind


def custom_resources(graph: Graph) -> list[Recorded]:
    """Return all objects of kinds that Kubernetes itself does not know; releases of charts are none."""
    found = [each for each in graph.resources if each.custom and {"apiVersion", "kind"} <= set(each.inputs)]
    return [each for each in found if not is_own_kind(each.inputs)]


def findings(resources: list[Recorded]) -> list[str]:
    """Return what the definitions have against resources; skips the test where there are no definitions."""
    return [problem for each in resources for problem in custom_problems(each.inputs)]
