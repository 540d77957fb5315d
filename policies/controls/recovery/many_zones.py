"""BCK-06: the loss of one zone takes nothing of production along."""

from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, is_yes, same
from policies.verdict import Ruling

INSTANCE = "aws:rds/instance:Instance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
NODES = "aws:eks/nodeGroup:NodeGroup"
FILES = "aws:efs/fileSystem:FileSystem"
MOUNT = "aws:efs/mountTarget:MountTarget"
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
NAT = "aws:ec2/natGateway:NatGateway"
ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
TABLE = "aws:ec2/routeTable:RouteTable"
_ZONES = 2
_SPREAD = f"subnets in {_ZONES} zones or more"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge what stands in zones, in production. A replica of a database is a copy already, and lies where its maker puts it."""
    for database in graph.of(INSTANCE):
        if not is_staging(database) and database.look("replicateSourceDb") is ABSENT:
            yield ruled(database, need(database, "multiAz", is_yes, "true"))
    for cache in graph.of(CACHE):
        if not is_staging(cache):
            yield ruled(cache, *(need(cache, path, is_yes, "true") for path in ("multiAzEnabled", "automaticFailoverEnabled")))
    for type_, path in ((BALANCER, "subnets"), (NODES, "subnetIds")):
        for spread in graph.of(type_):
            if not is_staging(spread):
                yield ruled(spread, Need(path, _spans(graph, [(spread, path)]), _SPREAD))
    for files in graph.of(FILES):
        if not is_staging(files) and files.look("availabilityZoneName") is ABSENT:
            mounts = graph.attached(files, MOUNT, "fileSystemId")
            spread_ = _spans(graph, [(mount, "subnetId") for mount in mounts.resources])
            yield ruled(files, Need("", any_of([spread_, False if mounts.certain else None]), f"mount targets in {_SPREAD}"))
    yield from _ways_out(graph)


def _spans(graph: Graph, holders: list[tuple[Resource, str]]) -> Answer:
    """Tell whether the subnets that properties name lie in several zones."""
    linked = [graph.target(holder, path, SUBNET) for holder, path in holders]
    zones = {subnet.look("availabilityZone") for one in linked for subnet in one.resources}
    if len(zones - {UNKNOWN, ABSENT}) >= _ZONES:
        return True
    return None if UNKNOWN in zones or not all(one.certain for one in linked) else False


def _ways_out(graph: Graph) -> Iterable[Ruling]:
    """Judge each network with NAT by whether every zone has a gateway, and each subnet's table by whether it leads to its own zone's."""
    gateways = [(nat, graph.target(nat, "subnetId", SUBNET)) for nat in graph.of(NAT)]
    rest: Answer = False if all(linked.certain for _, linked in gateways) else None
    for vpc in graph.of(VPC):
        subnets = graph.attached(vpc, SUBNET, "vpcId").resources
        with_gateway = [subnet for _, linked in gateways for subnet in linked.resources if subnet in subnets]
        if with_gateway and not is_staging(vpc):
            missing = _zones(subnets) - _zones(with_gateway)
            yield ruled(vpc, Need("", any_of([not missing, rest]), "a NatGateway in each zone that it has subnets in"))
    for association in graph.of(ASSOCIATION):
        tables = graph.target(association, "routeTableId", TABLE).resources
        routes = [route for table in tables for route in graph.attached(table, ROUTE, "routeTableId").resources]
        ways = [nat for route in routes for nat in graph.target(route, "natGatewayId", NAT).resources]
        ends = _zones(subnet for nat in ways for subnet in graph.target(nat, "subnetId", SUBNET).resources)
        for subnet in graph.target(association, "subnetId", SUBNET).resources:
            if not is_staging(subnet):
                beside = all_of([same(subnet.look("availabilityZone"), zone) for zone in ends])
                yield ruled(association, Need("routeTableId", beside, "a table that leads to the NatGateway of the subnet's own zone"))


def _zones(subnets: Iterable[Resource]) -> set[Any]:
    return {subnet.look("availabilityZone") for subnet in subnets}


CONTROL = Control(
    id="BCK-06",
    title="Databases, caches, balancers, nodes, files and ways out of production stand in several zones",
    severity=Severity.MEDIUM,
    why="A zone fails every year or two, for hours; what stands in it alone is gone for as long.",
    fix="set multi_az and automatic failover, give subnets of every zone, and keep nat per-zone in the stack's file",
    clauses=clauses(gdpr="32(1)(b)*", lgpd="46", soc2="A1.2*", iso27001="5.30 8.14"),
    governs=(INSTANCE, CACHE, BALANCER, NODES, FILES, MOUNT, VPC, NAT, ASSOCIATION),
    check=check,
)
