"""RES-04: networks of two regions are joined only where the register of transfers lets something flow."""

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.residency._register import ALLOWED, lawful
from policies.graph import Graph, Resource
from policies.holdings import data_class
from policies.values import ABSENT, UNKNOWN, Answer, all_of, asks, each
from policies.verdict import Ruling

PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
TRANSIT_ROUTE = "aws:ec2transitgateway/route:Route"
VPC_PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
ROUTE = "aws:ec2/route:Route"
VPC = "aws:ec2/vpc:Vpc"
RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
GROUP = "aws:ec2/securityGroup:SecurityGroup"
_WIDEST = 16
"""A VPC has at most so many addresses, and so has what one region lets another reach."""
_PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_JOINED = f"{ALLOWED}, there and back"
_KNOWN = "a network of this stack's, or one that a route of it leads to"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge peerings with their acceptance, routes over them, and private networks that security groups let in or out."""
    for peering in graph.of(PEERING, VPC_PEERING):
        # Without a region the peer is in this one.
        if peering.look("peerRegion") is not ABSENT:
            yield ruled(peering, Need("peerRegion", _may_join(peering, peering.region, peering.look("peerRegion")), _JOINED))
    for accepter in graph.of(ACCEPTER):
        yield ruled(accepter, Need("transitGatewayAttachmentId", _is_accepted(graph, accepter), _JOINED))
    for route in graph.of(TRANSIT_ROUTE):
        if over := _over(graph, route):
            bounded = asks(route.properties, "destinationCidrBlock", _is_bounded, absent=False)
            joined = all_of([_leads_lawfully(graph, one) for one in over])
            yield ruled(
                route,
                Need("transitGatewayAttachmentId", joined, _JOINED),
                Need("destinationCidrBlock", bounded, f"one network of /{_WIDEST} or smaller"),
            )
    yield from _rules(graph)


def _may_join(resource: Resource, here: Any, there: Any) -> Answer:
    """Tell whether what the peering carries may go both ways; what two networks are joined for is asked and answered."""
    data = data_class(resource)
    return all_of([lawful(data, here, there), lawful(data, there, here)])


def _is_accepted(graph: Graph, accepter: Resource) -> Answer:
    # Whoever asks accepts as well: a request that this stack has not made tells nothing of where it comes from.
    asked = graph.target(accepter, "transitGatewayAttachmentId", PEERING)
    return all_of([_may_join(accepter, one.region, accepter.region) for one in asked.resources] or [None if not asked.certain else False])


def _over(graph: Graph, route: Resource) -> tuple[Resource, ...]:
    return graph.target(route, "transitGatewayAttachmentId", PEERING, ACCEPTER).resources


def _leads_lawfully(graph: Graph, end: Resource) -> Answer:
    return _is_accepted(graph, end) if end.type == ACCEPTER else _may_join(end, end.region, end.look("peerRegion"))


def _rules(graph: Graph) -> Iterable[Ruling]:
    known = [net for vpc in graph.of(VPC) for net in _networks(vpc, "cidrBlock")]
    known += [net for route in graph.of(TRANSIT_ROUTE) for net in _networks(route, "destinationCidrBlock")]
    known += [net for route in graph.of(ROUTE) if _is_inner(route) for net in _networks(route, "destinationCidrBlock")]
    for rule in graph.of(*RULES):
        yield ruled(rule, Need("cidrIpv4", asks(rule.properties, "cidrIpv4", lambda cidr: _is_known(cidr, known), absent=True), _KNOWN))
    for group in graph.of(GROUP):
        inline = [
            (f"{side}.{order}.cidrBlocks", cidr)
            for side in ("ingress", "egress")
            for order, _ in enumerate(each(group.properties, side))
            for cidr in each(group.properties, f"{side}.{order}.cidrBlocks")
        ]
        yield ruled(group, *(Need(path, None if cidr is UNKNOWN else _is_known(cidr, known), _KNOWN) for path, cidr in inline))


def _is_inner(route: Resource) -> bool:
    return any(route.look(path) is not ABSENT for path in ("transitGatewayId", "vpcPeeringConnectionId"))


def _networks(resource: Resource, path: str) -> list[IPv4Network]:
    network = _network(resource.look(path))
    return [network] if network is not None and network.prefixlen >= _WIDEST else []


def _network(cidr: Any) -> IPv4Network | None:
    try:
        return IPv4Network(cidr, strict=False)
    except ValueError:
        return None


def _is_bounded(cidr: Any) -> bool:
    network = _network(cidr)
    return network is not None and network.prefixlen >= _WIDEST


def _is_known(cidr: Any, known: list[IPv4Network]) -> bool:
    """Tell whether a network is one of the internet's, which other controls judge, or one that is known here."""
    network = _network(cidr)
    if network is None or not any(network.subnet_of(block) for block in _PRIVATE):
        return True
    return any(network.subnet_of(one) for one in known)


CONTROL = Control(
    id="RES-04",
    title="Networks of two regions are joined, routed and let in only where the register of transfers lets something flow",
    severity=Severity.HIGH,
    why="Over a peering anything can be read from anywhere; a ground for each pair of regions keeps it to what was thought of.",
    fix="peer regions with a row of config/transfers.yaml both ways, route one network of the peer's, and name it in rules of groups",
    clauses=clauses(gdpr="30* 44* 45* 46*", lgpd="33 37", soc2="CC6.7*", iso27001="5.14* 8.22*", pci="1.2.4* 1.4.2*"),
    governs=(PEERING, ACCEPTER, TRANSIT_ROUTE, VPC_PEERING, *RULES, GROUP),
    check=check,
    house=True,
)
