"""NET-02: data stores stand in subnets that have no way to the internet's gateway."""

from collections.abc import Iterable, Mapping

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.controls.network._data_tier import STORES, SUBNET_GROUPS, inherits_network, is_elsewhere, named, stores
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, each, negated
from policies.verdict import Ruling

SUBNET = "aws:ec2/subnet:Subnet"
TABLE = "aws:ec2/routeTable:RouteTable"
DEFAULT_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
_ISOLATED = "subnets of this stack, each with a RouteTableAssociation to a table that leads to no internet gateway"
_AWAY = "no way to an internet gateway for subnets of data stores"
_TABLES = (TABLE, DEFAULT_TABLE)


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge what places stores in subnets; and of the tables that these subnets follow the routes, where the fault mostly is.

    A subnet without a table of its own follows its VPC's main one, which is everybody's to change. A store in another region has to name
    its place there, which is judged by the stack that makes it.
    """
    placements: list[tuple[Resource, str]] = [(group, "subnetIds") for group in graph.of(*SUBNET_GROUPS)]
    for store, where in stores(graph):
        if is_elsewhere(store):
            yield ruled(store, need(store, where.placed, bool, "a subnet group, or subnets"))
        elif not where.within:
            placements.append((store, where.placed))
        elif not (inherits_network(store) and store.look(where.placed) is ABSENT):
            # Without one it stands in the account's default VPC, all of whose subnets are public.
            group = named(graph, store, where.placed, where.within)
            yield ruled(store, Need(where.placed, group.all(lambda _: True), "a subnet group of this stack"))
    held: dict[str, Resource] = {}
    for holder, path in placements:
        subnets = named(graph, holder, path, SUBNET)
        held.update({subnet.urn: subnet for subnet in subnets.resources})
        yield ruled(holder, Need(path, subnets.all(lambda subnet: _is_isolated(graph, subnet)), _ISOLATED))
    yield from _ways(graph, held)


def _is_isolated(graph: Graph, subnet: Resource) -> Answer:
    associations = graph.attached(subnet, ASSOCIATION, "subnetId")
    if not associations.resources:
        return False if associations.certain else None
    return all_of([_follows_isolated(graph, association) for association in associations.resources])


def _follows_isolated(graph: Graph, association: Resource) -> Answer:
    return named(graph, association, "routeTableId", *_TABLES).all(lambda table: negated(_leads_out(graph, table)))


def _leads_out(graph: Graph, table: Resource) -> Answer:
    routes = graph.attached(table, ROUTE, "routeTableId")
    split = [_is_gateway(graph, route, "gatewayId") for route in routes.resources]
    return any_of([*split, _leads_out_itself(graph, table), False if routes.certain else None])


def _leads_out_itself(graph: Graph, table: Resource) -> Answer:
    return any_of([_is_gateway(graph, table, f"routes.{order}.gatewayId") for order, _ in enumerate(each(table.properties, "routes"))])


def _is_gateway(graph: Graph, holder: Resource, path: str) -> Answer:
    value = holder.look(path)
    if graph.target(holder, path, GATEWAY).resources:
        return True
    return None if value is UNKNOWN else isinstance(value, str) and value.startswith("igw-")


def _ways(graph: Graph, held: Mapping[str, Resource]) -> Iterable[Ruling]:
    """Judge what leads subnets anywhere: wrong where the subnet is one of `held`, those of stores."""
    followed: set[str] = set()
    for association in graph.of(ASSOCIATION):
        subnets = graph.target(association, "subnetId", SUBNET)
        concerned: Answer = any(subnet.urn in held for subnet in subnets.resources) or (False if subnets.certain else None)
        yield ruled(association, Need("routeTableId", any_of([negated(concerned), _follows_isolated(graph, association)]), _AWAY))
        if concerned is not False:
            followed.update(table.urn for table in graph.target(association, "routeTableId", *_TABLES).resources)
    for route in graph.of(ROUTE):
        tables = graph.target(route, "routeTableId", *_TABLES)
        concerned = any(table.urn in followed for table in tables.resources) or (False if tables.certain else None)
        yield ruled(route, Need("gatewayId", any_of([negated(concerned), negated(_is_gateway(graph, route, "gatewayId"))]), _AWAY))
    for table in graph.of(*_TABLES):
        yield ruled(table, Need("routes", True if table.urn not in followed else negated(_leads_out_itself(graph, table)), _AWAY))


CONTROL = Control(
    id="NET-02",
    title="Data stores stand in subnets without a route to an internet gateway",
    severity=Severity.HIGH,
    why="Where no route leads out, one wrong security group or public address does not yet publish a store.",
    fix="take isolated subnets for subnet groups and mount targets; put routes to the internet in the public tier's table",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.6", iso27001="8.3 8.22", pci="1.3.1 1.4.1 1.4.4"),
    governs=(*SUBNET_GROUPS, *sorted(STORES), ASSOCIATION, ROUTE, TABLE, DEFAULT_TABLE),
    check=check,
)
