"""The tree counts each resource in its component and in all components above it."""

from scripts.reference.estate.tree import Node, grow
from tests.kit.composed import shipped_graph
from tests.scripts.reference.shipped import NAMES, graph_of, resource


def flat(nodes: list[Node]) -> list[Node]:
    return [each for node in nodes for each in (node, *flat(node.children))]


def test_every_resource_is_in_the_tree_once() -> None:
    for name in NAMES:
        graph = shipped_graph(name)
        nodes = grow({name: graph})
        own = sum(count[name] for node in flat(nodes) for count in node.types.values())
        assert own == sum(node.total[name] for node in nodes) == sum(each.type.startswith("aws:") for each in graph.resources)


def test_every_component_is_in_the_tree() -> None:
    graph = shipped_graph("us-east-1")
    components = {each.name for each in graph.resources if each.type.startswith("morefocus:")}
    assert {node.name for node in flat(grow({"us-east-1": graph}))} == components


def test_stacks_are_counted_beside_each_other() -> None:
    outer = resource("morefocus:network:Network", "network")
    inner = resource("morefocus:network:Subnets", "network-public", outer.urn)
    first = graph_of(outer, inner, *(resource("aws:ec2/subnet:Subnet", f"s{n}", inner.urn) for n in range(3)))
    second = graph_of(outer, resource("aws:ec2/vpc:Vpc", "vpc", outer.urn))
    (network,) = grow({"a": first, "b": second})
    (subnets,) = network.children
    assert (network.domain, network.total) == ("network", {"a": 3, "b": 1})
    assert network.types == {"aws:ec2/vpc:Vpc": {"b": 1}}
    assert subnets.types == {"aws:ec2/subnet:Subnet": {"a": 3}}
