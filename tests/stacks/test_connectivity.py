"""Who reaches whom is computed from the routes of all stacks: regions each other, staging nobody, tenants no other tenant."""

from functools import cache
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from stacks.connectivity import remote_networks
from tests.kit.composed import composed, shipped_graph
from tests.kit.plans import shipped, stack, write
from tests.kit.recorder import Graph

PRODUCTION = ("us-east-1", "eu-west-1", "sa-east-1")
HOSTS = {"us-east-1": "10.0.1.1", "eu-west-1": "10.1.1.1", "sa-east-1": "10.2.1.1", "staging": "10.3.1.1"}
ROUTE = "aws:ec2transitgateway/route:Route"
MEMBER = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
ASNS = {"us-east-1": "64512", "eu-west-1": "64513", "sa-east-1": "64514"}
CORE = "transit-core-id"


def best(routes: list[dict[str, Any]], address: str) -> dict[str, Any] | None:
    """Return the route with the longest prefix for an address."""
    fitting = [route for route in routes if IPv4Address(address) in IPv4Network(route["destinationCidrBlock"])]
    return max(fitting, key=lambda route: IPv4Network(route["destinationCidrBlock"]).prefixlen, default=None)


def routes_of(graph: Graph, table: str) -> list[dict[str, Any]]:
    return [each.inputs for each in graph.of_type(ROUTE) if each.inputs["transitGatewayRouteTableId"] == table]


def table_of(graph: Graph, attachment: str) -> str:
    (member,) = (each.inputs for each in graph.of_type(MEMBER) if each.inputs["transitGatewayAttachmentId"] == attachment)
    return str(member["transitGatewayRouteTableId"])


@cache
def world() -> dict[str, list[dict[str, Any]]]:
    """Return the routes of each stack's core table, those that later stacks write there included."""
    found = {name: routes_of(shipped_graph(name), CORE) for name in HOSTS}
    for name in HOSTS:
        for other in HOSTS:
            found[other] += routes_of(shipped_graph(name), f"transit_core_table_id-of-{other}")
    return found


def leaves(graph: Graph, address: str) -> set[str]:
    """Return the gateways by which the private subnets send what goes to an address; "" where only the internet is left."""
    tables = {each.inputs["routeTableId"] for each in graph.of_type("aws:ec2/route:Route") if "natGatewayId" in each.inputs}
    found = set()
    for table in tables:
        routes = [each.inputs for each in graph.of_type("aws:ec2/route:Route") if each.inputs["routeTableId"] == table]
        found.add((best([each for each in routes if "destinationCidrBlock" in each], address) or {}).get("transitGatewayId", ""))
    return found


def reaches(source: str, destination: str) -> bool:
    """Whether a private subnet's packet gets from one stack's VPC to a host of another's."""
    host = HOSTS[destination]
    if leaves(shipped_graph(source), host) != {"transit-gateway-id"}:
        return False
    hop = best(world()[source], host)
    if hop is None or "transitGatewayAttachmentId" not in hop:
        return False
    later = max(source, destination, key=PRODUCTION.index)
    pair = shipped_graph(later)
    mine = {ASNS[other]: other for other in (source, destination) if other != later}
    assert hop["transitGatewayAttachmentId"] in {f"transit-peering-{asn}-attachment-id" for asn in mine}
    arriving = "transit-peers-id" if destination == later else f"transit_peers_table_id-of-{destination}"
    assert any(each.inputs["transitGatewayRouteTableId"] == arriving for each in pair.of_type(MEMBER))
    end = best(routes_of(shipped_graph(destination), "transit-peers-id"), host)
    return end is not None and end["transitGatewayAttachmentId"] == "transit-vpc-id"


@pytest.mark.parametrize("source", PRODUCTION)
@pytest.mark.parametrize("destination", PRODUCTION)
def test_each_production_region_reaches_every_other_and_is_answered(source: str, destination: str) -> None:
    if source != destination:
        assert reaches(source, destination) and reaches(destination, source)


@pytest.mark.parametrize("other", PRODUCTION)
def test_staging_and_production_have_no_way_to_each_other(other: str) -> None:
    assert leaves(shipped_graph("staging"), HOSTS[other]) == {""}
    assert leaves(shipped_graph(other), HOSTS["staging"]) == {""}
    assert best(world()["staging"], HOSTS[other]) is None and best(world()[other], HOSTS["staging"]) is None


def test_staging_is_peered_with_nobody() -> None:
    assert not shipped_graph("staging").of_type("aws:ec2transitgateway/peeringAttachment:PeeringAttachment")
    assert remote_networks(load("staging")) == {}


@pytest.mark.parametrize(("name", "peers"), [("us-east-1", []), ("eu-west-1", ["us-east-1"]), ("sa-east-1", ["eu-west-1", "us-east-1"])])
def test_the_later_region_of_a_pair_asks_and_accepts(name: str, peers: list[str]) -> None:
    graph = shipped_graph(name)
    asked = graph.of_type("aws:ec2transitgateway/peeringAttachment:PeeringAttachment")
    assert sorted(each.inputs["peerRegion"] for each in asked) == peers
    assert sorted(each.inputs["peerTransitGatewayId"] for each in asked) == [f"transit_gateway_id-of-{peer}" for peer in peers]
    assert len(graph.of_type("aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter")) == len(peers)


@pytest.mark.parametrize("name", PRODUCTION)
def test_a_region_passes_nothing_through(name: str) -> None:
    ends = {route["transitGatewayAttachmentId"] for route in routes_of(shipped_graph(name), "transit-peers-id")}
    assert ends == {"transit-vpc-id"}


@pytest.mark.parametrize("name", PRODUCTION)
def test_data_stores_have_no_route_beyond_the_vpc(name: str) -> None:
    graph = shipped_graph(name)
    isolated = f"{graph.named('network-isolated-table').name}-id"
    assert not [each for each in graph.of_type("aws:ec2/route:Route") if each.inputs["routeTableId"] == isolated]


TENANTS = {"tenant-a": "10.128.0.0/20", "tenant-b": "10.129.0.0/20"}
OFFICE: dict[str, Any] = {"name": "office", "address": "8.8.4.4", "networks": ["192.168.10.0/24"], "asn": 65010}


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """eu-west-1 with two tenants and an office."""
    documents = shipped()
    tenants = [{"name": name, "cidr": cidr} for name, cidr in TENANTS.items()]
    stack(documents, "eu-west-1")["morefocus:connectivity"] = {"vpn": [OFFICE], "enterprise_networks": tenants}
    root: Path = write(documents, tmp_path_factory.mktemp("joined"))
    return composed(load("eu-west-1", root=root))


def end_of(graph: Graph, table: str, address: str) -> str:
    """Return the attachment a segment's packet to an address leaves by; "" when it leads nowhere."""
    return str((best(routes_of(graph, table), address) or {}).get("transitGatewayAttachmentId", ""))


def test_a_tenants_network_reaches_the_shared_services_and_is_answered(joined: Graph) -> None:
    table = table_of(joined, "tenant-tenant-a-vpc-id")
    assert end_of(joined, table, "10.1.1.1") == "transit-vpc-id"
    assert end_of(joined, CORE, "10.128.0.5") == "tenant-tenant-a-vpc-id"


@pytest.mark.parametrize("address", ["10.129.0.5", "10.1.144.1", "10.0.1.1", "10.2.1.1", "10.3.1.1", "192.168.10.5"])
def test_a_tenants_network_reaches_no_tenant_no_data_store_no_region_and_no_office(joined: Graph, address: str) -> None:
    assert end_of(joined, table_of(joined, "tenant-tenant-a-vpc-id"), address) == ""


@pytest.mark.parametrize("cidr", TENANTS.values())
def test_tenants_are_kept_apart_by_routes_that_no_propagation_can_overrule(joined: Graph, cidr: str) -> None:
    table = table_of(joined, "tenant-tenant-a-vpc-id")
    assert [route["blackhole"] for route in routes_of(joined, table) if route["destinationCidrBlock"] == cidr] == [True]


def test_an_office_reaches_the_region_and_no_tenant_and_no_other_region(joined: Graph) -> None:
    connection = joined.one("aws:ec2/vpnConnection:VpnConnection")
    member = joined.named("vpn-office-segment").inputs
    assert member["transitGatewayRouteTableId"] == "transit-vpn-id"
    assert end_of(joined, "transit-vpn-id", "10.1.1.1") == "transit-vpc-id"
    assert {end_of(joined, "transit-vpn-id", address) for address in ("10.128.0.5", "10.0.1.1", "10.3.1.1")} == {""}
    assert connection.inputs["transitGatewayId"] == "transit-gateway-id"


def test_other_regions_reach_neither_tenants_nor_offices(joined: Graph) -> None:
    assert {end_of(joined, "transit-peers-id", address) for address in ("10.128.0.5", "192.168.10.5")} == {""}


def test_offices_and_tenants_are_let_in_by_the_network_acl_on_443_alone(joined: Graph) -> None:
    acl = joined.named("network-access-private").inputs["ingress"]
    rules = {
        rule["cidrBlock"]: (rule["fromPort"], rule["toPort"])
        for rule in acl
        if rule["cidrBlock"] in {*TENANTS.values(), *OFFICE["networks"]}
    }
    assert rules == dict.fromkeys([*TENANTS.values(), "192.168.10.0/24"], (443, 443))
