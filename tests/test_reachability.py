"""Who reaches whom in the estate as shipped: data stores from the cluster only, the internet to 443 of the edge only (NET-5, SEC-7)."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from config.load import load
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS
from tests.kit.reachability import Place, Reachability, outside
from tests.kit.recorder import Graph, Recorded

CLOUDFRONT = outside("cloudfront", "130.176.0.10", "pl-cloudfront")
SOMEBODY = outside("somebody", "203.0.113.9")
STORES = {"rds/instance": 5432, "elasticache/replicationGroup": 6379, "efs/mountTarget": 2049}


@cache
def network(stack: str) -> Reachability:
    return Reachability(shipped_graph(stack))


def nodes(found: Reachability) -> set[str]:
    return {place.name for place in found.of_kind("eks/nodeGroup")}


def others(stack: str) -> list[Place]:
    """A private host in the network of each other stack."""
    return [outside(name, str(load(name).plan.network.cidr[20])) for name in STACKS if name != stack]


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("kind", STORES)
def test_a_data_store_is_reached_from_the_cluster_and_from_nowhere_else(stack: str, kind: str) -> None:
    found = network(stack)
    for store in found.of_kind(kind):
        assert found.who_reaches(store, STORES[kind], [CLOUDFRONT, SOMEBODY, *others(stack)]) == nodes(found), store
        open_ports = {port for port in found.ports() for node in found.of_kind("eks/nodeGroup") if found.reaches(node, store, port)}
        assert open_ports == {STORES[kind]}, store


@pytest.mark.parametrize("stack", STACKS)
def test_of_the_internet_only_the_cdn_reaches_anything_and_only_443_of_the_load_balancer(stack: str) -> None:
    found = network(stack)
    reached = {
        (source.name, place.name, port)
        for source in (CLOUDFRONT, SOMEBODY)
        for place in found.places
        for port in found.ports()
        if found.reaches(source, place, port)
    }
    assert reached == {("cloudfront", "entry-balancer", 443)}


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_but_the_load_balancer_has_a_public_address(stack: str) -> None:
    assert {place.name for place in network(stack).places if place.public} == {"entry-balancer"}


@pytest.mark.parametrize("stack", STACKS)
def test_requests_find_their_way_from_the_load_balancer_to_the_nodes_and_no_further(stack: str) -> None:
    found = network(stack)
    balancer = found.of_kind("lb/loadBalancer")[0]
    reached = {(place.name, port) for place in found.places for port in found.ports() if found.reaches(balancer, place, port)}
    assert reached == {(node, 8443) for node in nodes(found)}


@pytest.mark.parametrize("stack", STACKS)
def test_nodes_and_control_plane_speak_with_each_other(stack: str) -> None:
    found = network(stack)
    control_plane = found.of_kind("eks/cluster")[0]
    for node in found.of_kind("eks/nodeGroup"):
        assert found.reaches(node, control_plane, 443) and not found.reaches(node, control_plane, 10250)
        for other in found.of_kind("eks/nodeGroup"):
            assert found.reaches(node, other, 10250)


@pytest.mark.parametrize("stack", STACKS)
def test_nodes_reach_every_service_endpoint_by_https(stack: str) -> None:
    found = network(stack)
    for endpoint in found.of_kind("ec2/vpcEndpoint"):
        assert nodes(found) <= found.who_reaches(endpoint, 443), endpoint
        assert not found.who_reaches(endpoint, 22), endpoint


def changed(graph: Graph, name: str, **inputs: Any) -> Graph:
    """The graph with other inputs of the resource of that name."""
    assert any(each.name == name for each in graph.resources), name
    return replace(graph, resources=tuple(_with(each, inputs) if each.name == name else each for each in graph.resources))


def _with(resource: Recorded, inputs: dict[str, Any]) -> Recorded:
    merged = {key: value for key, value in {**resource.inputs, **inputs}.items() if value is not None}
    return replace(resource, inputs=merged)


def test_a_load_balancer_open_to_the_world_would_be_found() -> None:
    graph = changed(shipped_graph("eu-west-1"), "entry-access-from-cloudfront", prefixListId=None, cidrIpv4="0.0.0.0/0")
    assert Reachability(graph).reaches(SOMEBODY, Reachability(graph).of_kind("lb/loadBalancer")[0], 443)


def test_a_database_open_to_the_load_balancer_would_be_found_where_the_network_acl_lets_it_through() -> None:
    graph = shipped_graph("eu-west-1")
    opened = changed(graph, "database-access-from-nodes", referencedSecurityGroupId="entry-access-id")
    opened = changed(opened, "entry-access-to-nodes", referencedSecurityGroupId="database-access-id", fromPort=5432, toPort=5432)
    found = Reachability(opened)
    balancer, database = found.of_kind("lb/loadBalancer")[0], found.of_kind("rds/instance")[0]
    assert not found.reaches(balancer, database, 5432), "the network ACL of the isolated tier is the second wall"
    everything = [{"ruleNo": 100, "action": "allow", "protocol": "-1", "cidrBlock": "0.0.0.0/0", "fromPort": 0, "toPort": 0}]
    for name in ("network-access-isolated", "network-access-public"):
        opened = changed(opened, name, ingress=everything, egress=everything)
    assert Reachability(opened).reaches(balancer, database, 5432)


def test_a_public_database_would_be_found() -> None:
    graph = changed(shipped_graph("eu-west-1"), "database-access-from-nodes", referencedSecurityGroupId=None, cidrIpv4="0.0.0.0/0")
    graph = changed(graph, "database-primary", publiclyAccessible=True)
    assert not Reachability(graph).reaches(SOMEBODY, Reachability(graph).of_kind("rds/instance")[0], 5432), "no route leads there"
    everything = [{"ruleNo": 100, "action": "allow", "protocol": "-1", "cidrBlock": "0.0.0.0/0", "fromPort": 0, "toPort": 0}]
    graph = changed(graph, "network-access-isolated", ingress=everything, egress=everything)
    route = changed(graph, "network-public-route", routeTableId="network-isolated-table-id")
    database = next(place for place in Reachability(route).places if place.name == "database-primary")
    assert Reachability(route).reaches(SOMEBODY, database, 5432)
