"""NET-08: nothing joins a transit gateway by itself, and what joins it reaches the region's own network alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

from config.vocabulary import Environment, TagKey
from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging
from policies.values import UNKNOWN, Answer, all_of, asks, is_no, is_yes
from policies.verdict import Ruling

GATEWAY = "aws:ec2transitgateway/transitGateway:TransitGateway"
TABLE = "aws:ec2transitgateway/routeTable:RouteTable"
ROUTE = "aws:ec2transitgateway/route:Route"
PREFIX_ROUTE = "aws:ec2transitgateway/prefixListReference:PrefixListReference"
ASSOCIATION = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
PROPAGATION = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
VPC = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
VPC_ACCEPTER = "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter"
PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
PEERING_ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
_ENDS = (TABLE, VPC, PEERING, PEERING_ACCEPTER, "aws:ec2/vpnConnection:VpnConnection", GATEWAY)
"""What tables, routes and attachments name."""
_TABLE, _ATTACHMENT, _GATEWAY = "transitGatewayRouteTableId", "transitGatewayAttachmentId", "transitGatewayId"
_DEFAULTS = ("transitGatewayDefaultRouteTableAssociation", "transitGatewayDefaultRouteTablePropagation")
_ENVIRONMENT = f"tags.{TagKey.ENVIRONMENT}"
_STAR = "what leads to the region's own network, or from it: regions, offices and tenants do not reach each other"
_STATIC = "no propagation: what a neighbour announces changes no table"


class _Joined:
    """Which attachments reach which: those that follow a table reach what its routes lead to."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._followers: dict[str, set[str]] = defaultdict(set)
        self._led_to: dict[str, set[str]] = defaultdict(set)
        for type_, pairs in ((ASSOCIATION, self._followers), (ROUTE, self._led_to), (PREFIX_ROUTE, self._led_to)):
            for each in graph.of(type_):
                table, attachment = self.key(each, _TABLE), self.key(each, _ATTACHMENT)
                if table is not None and attachment is not None and not is_yes(each.look("blackhole")):
                    pairs[table].add(attachment)

    def key(self, holder: Resource, path: str) -> str | None:
        """Return what a property names: a resource's urn, the id of one elsewhere, or None where it is not known."""
        found = self._graph.target(holder, path, *_ENDS).resources
        value = holder.look(path)
        return found[0].urn if found else value if isinstance(value, str) else None

    @cached_property
    def _centres(self) -> frozenset[str]:
        """The VPC that most ways lead to or from, for each gateway: the region's own."""
        ways: dict[str | None, Counter[str]] = defaultdict(Counter)
        for vpc in self._graph.of(VPC):
            ways[self.key(vpc, _GATEWAY)][vpc.urn] = sum(vpc.urn in pair for table in self._followers for pair in self._pairs(table))
        return frozenset(max(sorted(count), key=count.__getitem__) for count in ways.values())

    def _pairs(self, table: str) -> Iterable[tuple[str, str]]:
        return ((one, other) for one in self._followers.get(table, ()) for other in self._led_to.get(table, ()))

    def is_star(self, holder: Resource) -> Answer:
        """Tell whether each way that a route or an association is part of begins or ends at the region's own network."""
        if is_yes(holder.look("blackhole")):
            return True
        table, attachment = self.key(holder, _TABLE), self.key(holder, _ATTACHMENT)
        if table is None or attachment is None:
            return None
        mine = (pair for pair in self._pairs(table) if attachment == pair[0 if holder.type == ASSOCIATION else 1])
        return all(not self._centres.isdisjoint(pair) for pair in mine)


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge gateways by what they do unasked, attachments by their environment, and each way by whom it joins (NET-2, NET-8)."""
    joined = _Joined(graph)
    for gateway in graph.of(GATEWAY):
        yield ruled(
            gateway,
            need(gateway, "autoAcceptSharedAttachments", _is_off, "disable", absent=True),
            # AWS switches both on for a gateway that says nothing.
            need(gateway, "defaultRouteTableAssociation", _is_off, "disable"),
            need(gateway, "defaultRouteTablePropagation", _is_off, "disable"),
        )
    for attachment in graph.of(VPC, VPC_ACCEPTER):
        needs = [need(attachment, path, is_no, "false") for path in _DEFAULTS]
        if attachment.type == VPC:
            needs.append(Need(_GATEWAY, _same_environment(graph, attachment), "a gateway of this stack and of the same environment"))
        yield ruled(attachment, *needs)
    for peering in graph.of(PEERING, PEERING_ACCEPTER):
        yield ruled(peering, Need("", not is_staging(peering), f"no gateway of {Environment.STAGING} at either end"))
    for way in graph.of(ROUTE, PREFIX_ROUTE, ASSOCIATION):
        yield ruled(way, Need(_ATTACHMENT, joined.is_star(way), _STAR))
    for propagation in graph.of(PROPAGATION):
        yield ruled(propagation, Need("", False, _STATIC))


def _is_off(value: object) -> bool:
    return value == "disable"


def _same_environment(graph: Graph, attachment: Resource) -> Answer:
    gateways = graph.target(attachment, _GATEWAY, GATEWAY)
    if not gateways.resources:
        return False if gateways.certain else None
    own = attachment.look(_ENVIRONMENT)
    if own is UNKNOWN:
        return None
    return all_of([asks(gateway.properties, _ENVIRONMENT, lambda name: name == own, absent=False) for gateway in gateways.resources])


CONTROL = Control(
    id="NET-08",
    title="Transit gateways join nothing by themselves, and lead to the region's own network alone",
    severity=Severity.HIGH,
    why="A gateway joins whole networks: one table too open, and a tenant or an office reaches another, or staging production.",
    fix="disable acceptance and default tables on gateway and attachments; give each segment a table with static routes to the core",
    clauses=clauses(gdpr="32* 44*", lgpd="33 46", soc2="CC6.7", iso27001="8.20 8.22", pci="1.2.8 1.3.1"),
    governs=(GATEWAY, VPC, VPC_ACCEPTER, PEERING, PEERING_ACCEPTER, ROUTE, PREFIX_ROUTE, ASSOCIATION, PROPAGATION),
    check=check,
)
