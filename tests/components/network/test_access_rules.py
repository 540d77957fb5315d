"""Network ACLs keep no state: each flow is followed there and back, across every filter it meets."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

import pytest

from components.network.access_rules import ALL, ICMP, TCP, AccessRules, Rule, access_rules, check_ports
from components.network.subnet_plan import SubnetPlan, SubnetTier

PLAN = SubnetPlan("10.0.0.0/16", ("us-east-1a", "us-east-1b", "us-east-1c"))
RULES = {tier: access_rules(tier, PLAN, internet_ports=(80, 443, 587), data_ports=(2049, 5432, 6379)) for tier in SubnetTier}
INTERNET = "203.0.113.7"
HOST = {
    SubnetTier.PUBLIC: "10.0.128.10",
    SubnetTier.PRIVATE: "10.0.0.10",
    SubnetTier.ISOLATED: "10.0.144.10",
}
OTHER_ZONE = {
    SubnetTier.PUBLIC: "10.0.132.10",
    SubnetTier.PRIVATE: "10.0.64.10",
    SubnetTier.ISOLATED: "10.0.148.10",
}
ASKING_PORTS = (1024, 32768, 65535)
UDP = "17"


@dataclass(frozen=True)
class Packet:
    source: str
    destination: str
    port: int
    protocol: str = TCP
    icmp: tuple[int, int] | None = None


def _matches(rule: Rule, packet: Packet, peer: str) -> bool:
    if IPv4Address(peer) not in IPv4Network(rule.cidr) or rule.protocol not in {ALL, packet.protocol}:
        return False
    if rule.protocol == ALL:
        return True
    if packet.protocol == ICMP:
        return rule.icmp == packet.icmp
    return rule.ports[0] <= packet.port <= rule.ports[1]


def _enters(rules: AccessRules, packet: Packet) -> bool:
    return any(_matches(rule, packet, packet.source) for rule in rules.ingress)


def _leaves(rules: AccessRules, packet: Packet) -> bool:
    return any(_matches(rule, packet, packet.destination) for rule in rules.egress)


def _tier(address: str) -> SubnetTier | None:
    return next((tier for tier in SubnetTier if IPv4Address(address) in IPv4Network(PLAN.block(tier))), None)


def _passes(packet: Packet) -> bool:
    """Whether a packet gets out of the subnet it starts in and into the one it ends in."""
    start, end = _tier(packet.source), _tier(packet.destination)
    out = start is None or _leaves(RULES[start], packet)
    return out and (end is None or _enters(RULES[end], packet))


def _talk(asker: str, server: str, port: int) -> bool:
    """Whether a TCP connection works, whatever port the asker chose for itself."""
    there = _passes(Packet(asker, server, port))
    return there and all(_passes(Packet(server, asker, chosen)) for chosen in ASKING_PORTS)


def _talk_by_nat(asker: str, server: str, port: int) -> bool:
    """Whether it works through a NAT gateway, which stands in the public tier and changes the asker's address."""
    gateway = RULES[SubnetTier.PUBLIC]
    there = [Packet(asker, server, port), Packet(HOST[SubnetTier.PUBLIC], server, port)]
    out = _leaves(RULES[SubnetTier.PRIVATE], there[0]) and _enters(gateway, there[0]) and _leaves(gateway, there[1])
    answers = [
        _enters(gateway, Packet(server, HOST[SubnetTier.PUBLIC], chosen))
        and _leaves(gateway, Packet(server, asker, chosen))
        and _enters(RULES[SubnetTier.PRIVATE], Packet(server, asker, chosen))
        for chosen in ASKING_PORTS
    ]
    return out and all(answers)


def test_clients_reach_the_load_balancer_on_443_and_are_answered() -> None:
    assert _talk(INTERNET, HOST[SubnetTier.PUBLIC], 443)


@pytest.mark.parametrize("port", [22, 25, 80, 111, 445, 587, 1023])
def test_the_internet_reaches_no_other_low_port_of_the_public_tier(port: int) -> None:
    assert not _passes(Packet(INTERNET, HOST[SubnetTier.PUBLIC], port))


@pytest.mark.parametrize("port", [1024, 5678, 8080, 30000])
def test_the_load_balancer_reaches_pods_in_any_zone_and_is_answered(port: int) -> None:
    assert _talk(HOST[SubnetTier.PUBLIC], OTHER_ZONE[SubnetTier.PRIVATE], port)


@pytest.mark.parametrize("port", [80, 443, 587])
def test_nodes_reach_the_internet_through_nat_and_are_answered(port: int) -> None:
    assert _talk_by_nat(HOST[SubnetTier.PRIVATE], INTERNET, port)


@pytest.mark.parametrize("port", [22, 25, 53, 5432, 6667])
def test_nodes_reach_no_other_port_of_the_internet(port: int) -> None:
    assert not _leaves(RULES[SubnetTier.PRIVATE], Packet(HOST[SubnetTier.PRIVATE], INTERNET, port))


@pytest.mark.parametrize("port", [2049, 5432, 6379])
def test_nodes_reach_data_stores_in_any_zone_and_are_answered(port: int) -> None:
    assert _talk(HOST[SubnetTier.PRIVATE], OTHER_ZONE[SubnetTier.ISOLATED], port)


@pytest.mark.parametrize("port", [22, 443, 3306, 5433])
def test_nodes_reach_nothing_else_of_the_isolated_tier(port: int) -> None:
    assert not _passes(Packet(HOST[SubnetTier.PRIVATE], HOST[SubnetTier.ISOLATED], port))


@pytest.mark.parametrize("protocol", [TCP, UDP])
@pytest.mark.parametrize("tier", [SubnetTier.PRIVATE, SubnetTier.ISOLATED])
def test_neighbours_of_one_tier_talk_freely_across_zones(tier: SubnetTier, protocol: str) -> None:
    assert _passes(Packet(HOST[tier], OTHER_ZONE[tier], 53, protocol))
    assert _passes(Packet(OTHER_ZONE[tier], HOST[tier], 16379, protocol))


@pytest.mark.parametrize("port", [443, 1024, 5432, 6379, 65535])
@pytest.mark.parametrize("source", [INTERNET, HOST[SubnetTier.PUBLIC]])
def test_nothing_but_the_private_tier_reaches_a_data_store(source: str, port: int) -> None:
    packet = Packet(source, HOST[SubnetTier.ISOLATED], port)
    assert not _enters(RULES[SubnetTier.ISOLATED], packet)


@pytest.mark.parametrize("port", [53, 443, 1024, 65535])
def test_a_data_store_can_send_nothing_outside_the_vpc(port: int) -> None:
    assert not _leaves(RULES[SubnetTier.ISOLATED], Packet(HOST[SubnetTier.ISOLATED], INTERNET, port))


def test_no_rule_of_the_isolated_tier_names_an_address_outside_the_vpc() -> None:
    rules = RULES[SubnetTier.ISOLATED]
    assert all(IPv4Network(rule.cidr).subnet_of(IPv4Network(PLAN.cidr)) for rule in (*rules.ingress, *rules.egress))


@pytest.mark.parametrize("tier", [SubnetTier.PUBLIC, SubnetTier.PRIVATE])
def test_routers_may_say_that_a_packet_is_too_big_and_nothing_else_by_icmp(tier: SubnetTier) -> None:
    assert _enters(RULES[tier], Packet(INTERNET, HOST[tier], 0, ICMP, (3, 4)))
    assert not _enters(RULES[tier], Packet(INTERNET, HOST[tier], 0, ICMP, (8, 0)))


def test_udp_from_the_internet_enters_nowhere() -> None:
    for tier in SubnetTier:
        assert not _enters(RULES[tier], Packet(INTERNET, HOST[tier], 40000, UDP))


def test_more_rules_than_aws_allows_are_refused() -> None:
    with pytest.raises(ValueError, match="holds 20 rules a direction"):
        access_rules(SubnetTier.PRIVATE, PLAN, internet_ports=range(1, 30), data_ports=())


@pytest.mark.parametrize("ports", [(0,), (65536,), (443, 443), (-1,)])
def test_ports_that_are_none_are_refused_naming_the_argument(ports: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="data_ports must be different TCP ports of 1 to 65535"):
        check_ports("data_ports", ports)


ROUTED = "10.9.0.0/16"


@pytest.mark.parametrize("asked", [(443,), (587,)])
def test_networks_behind_a_gateway_exchange_https_with_the_private_tier_alone(asked: tuple[int, ...]) -> None:
    rules = {tier: access_rules(tier, PLAN, internet_ports=asked, data_ports=(5432,), routed_networks=(ROUTED,)) for tier in SubnetTier}
    private, there = HOST[SubnetTier.PRIVATE], "10.9.0.7"
    assert _enters(rules[SubnetTier.PRIVATE], Packet(there, private, 443)) and _leaves(
        rules[SubnetTier.PRIVATE], Packet(private, there, 443)
    )
    assert all(_leaves(rules[SubnetTier.PRIVATE], Packet(private, there, chosen)) for chosen in ASKING_PORTS)
    assert not [port for port in (22, 80, 1023) if _enters(rules[SubnetTier.PRIVATE], Packet(there, private, port))]
    isolated = rules[SubnetTier.ISOLATED]
    assert not [rule for rule in (*isolated.ingress, *isolated.egress) if rule.cidr == ROUTED]
