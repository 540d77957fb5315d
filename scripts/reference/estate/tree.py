"""The tree of components of all stacks at once, with the resources of each counted by type."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.kit.recorder import Graph, Recorded

Counts = dict[str, int]
"""Number by stack."""


@dataclass
class Node:
    """A component, in every stack that has it."""

    name: str
    type: str
    total: Counts = field(default_factory=lambda: defaultdict(int))
    """Provider resources in it and below it."""
    types: dict[str, Counts] = field(default_factory=dict)
    """Its own resources by type."""
    below: dict[str, "Node"] = field(default_factory=dict)

    @property
    def children(self) -> list["Node"]:
        """Return the components directly below, by name."""
        return [self.below[name] for name in sorted(self.below)]

    @property
    def domain(self) -> str:
        """Return the part of the program it comes from: `network` of `morefocus:network:Network`."""
        return self.type.split(":")[1]


def grow(graphs: Mapping[str, Graph]) -> list[Node]:
    """Return the components that hang directly under the stacks, by name."""
    root = Node("", "")
    for stack, graph in graphs.items():
        by_urn = {each.urn: each for each in graph.resources}
        for resource in graph.resources:
            _place(root, stack, resource, by_urn)
    return root.children


def _place(root: Node, stack: str, resource: Recorded, by_urn: Mapping[str, Recorded]) -> None:
    line = [resource]
    while line[0].parent in by_urn:
        line.insert(0, by_urn[str(line[0].parent)])
    components = [each for each in line if each.type.startswith("morefocus:")]
    node = root
    for component in components:
        node = node.below.setdefault(component.name, Node(component.name, component.type))
        if resource.type.startswith("aws:"):
            node.total[stack] += 1
    if resource.type.startswith("aws:") and components:
        node.types.setdefault(resource.type, defaultdict(int))[stack] += 1
