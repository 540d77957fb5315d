"""K8S-01: a cluster is administered from where its people are, by roles that it names, and its nodes stand in private subnets."""

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.values import Answer, any_of, asks, is_no, is_yes
from policies.verdict import Ruling

CLUSTER, NODES = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
ENTRY, ACCESS = "aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
SUBNET, TABLE = "aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable"
ROUTE, ASSOCIATION = "aws:ec2/route:Route", "aws:ec2/routeTableAssociation:RouteTableAssociation"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
ROLE = "aws:iam/role:Role"
_WIDEST = 8
"""Bits that a network must at least fix: two halves of the internet are the internet."""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each control plane, each group of nodes, and each identity that may enter."""
    for cluster in graph.of(CLUSTER):
        yield ruled(
            cluster,
            need(cluster, "vpcConfig.endpointPrivateAccess", is_yes, "true"),
            Need("vpcConfig.publicAccessCidrs", _is_closed(cluster), "named networks, or endpointPublicAccess false"),
            need(cluster, "accessConfig.authenticationMode", lambda mode: mode == "API", "API"),
            # Left out, whoever creates the cluster administers it for ever.
            need(cluster, "accessConfig.bootstrapClusterCreatorAdminPermissions", is_no, "false"),
        )
    public = _public_subnets(graph)
    for nodes in graph.of(NODES):
        yield ruled(
            nodes,
            Need("subnetIds", _are_private(graph, nodes, public), "subnets without a way to or from the internet"),
            need(nodes, "remoteAccess", lambda _: False, "nothing: nodes are entered by Systems Manager", absent=True),
        )
    for entry in graph.of(ENTRY, ACCESS):
        made = bool(graph.target(entry, "principalArn", ROLE).resources)
        role = made or asks(entry.properties, "principalArn", lambda arn: ":role/" in arn, absent=False)
        yield ruled(entry, Need("principalArn", role, "a role, which people and programs take on for a while"))


def _is_closed(cluster: Resource) -> Answer:
    # AWS opens the endpoint to all unless told otherwise.
    off = asks(cluster.properties, "vpcConfig.endpointPublicAccess", is_no, absent=False)
    return any_of([off, asks(cluster.properties, "vpcConfig.publicAccessCidrs", _are_narrow, absent=False)])


def _are_narrow(cidrs: Any) -> bool:
    return bool(cidrs) and all(ip_network(cidr).prefixlen >= _WIDEST for cidr in cidrs)


def _public_subnets(graph: Graph) -> frozenset[str]:
    """Return the urns of subnets whose table has a route to an internet gateway, or that give out public addresses."""
    tables = {
        table.urn
        for route in graph.of(ROUTE)
        if graph.target(route, "gatewayId", GATEWAY).resources
        for table in graph.target(route, "routeTableId", TABLE).resources
    }
    routed = {
        subnet.urn
        for association in graph.of(ASSOCIATION)
        if any(table.urn in tables for table in graph.target(association, "routeTableId", TABLE).resources)
        for subnet in graph.target(association, "subnetId", SUBNET).resources
    }
    return frozenset(routed | {subnet.urn for subnet in graph.of(SUBNET) if is_yes(subnet.look("mapPublicIpOnLaunch"))})


def _are_private(graph: Graph, nodes: Resource, public: frozenset[str]) -> Answer:
    subnets = graph.target(nodes, "subnetIds", SUBNET)
    if any(subnet.urn in public for subnet in subnets.resources):
        return False
    # A subnet of another stack is judged there.
    return True if subnets.certain else None


CONTROL = Control(
    id="K8S-01",
    title="Clusters answer in private or to named networks, let in roles by access entries, and keep nodes private",
    severity=Severity.CRITICAL,
    why="Who reaches the Kubernetes API with the right token owns every pod and every secret in it.",
    fix="set endpoint_public_access=False or public_access_cidrs, authentication_mode='API', and give node groups private subnets",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.6*", iso27001="8.3 8.20*", pci="1.3.1 1.4.2"),
    governs=(CLUSTER, NODES, ENTRY, ACCESS),
    check=check,
)
