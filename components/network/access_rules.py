"""Rules of the network ACLs of each tier: plain data, least open that still works (NET-5).

A network ACL keeps no state, so the answer of every flow needs a rule of its own, to the port the asker chose.
Sources: https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html (ephemeral ports),
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html (ICMP for path MTU discovery).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from components.network.subnet_plan import SubnetPlan, SubnetTier

EVERYWHERE = "0.0.0.0/0"
HTTPS = 443
EPHEMERAL = (1024, 65535)
"""What a NAT gateway and a load balancer choose from as their own port."""
MAX_RULES = 20
"""Rules in one direction that AWS allows without a raised quota."""

ALL, ICMP, TCP = "-1", "1", "6"
"""Protocols by number, as AWS keeps and returns them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One thing that is let through; all else is denied."""

    protocol: str
    cidr: str
    ports: tuple[int, int] = (0, 0)
    """First and last port; both 0 where ports have no meaning."""
    icmp: tuple[int, int] | None = None
    """Type and code of ICMP."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessRules:
    """What may enter and leave the subnets of one tier."""

    ingress: tuple[Rule, ...]
    egress: tuple[Rule, ...]

    def __post_init__(self) -> None:
        most = max(len(self.ingress), len(self.egress))
        if most > MAX_RULES:
            raise ValueError(f"a network ACL holds {MAX_RULES} rules a direction (got {most}): give fewer ports")


def access_rules(
    tier: SubnetTier, plan: SubnetPlan, *, internet_ports: Sequence[int], data_ports: Sequence[int], routed_networks: Sequence[str] = ()
) -> AccessRules:
    """Return the rules of a tier.

    `internet_ports` are the TCP ports that private subnets may reach outside; `data_ports` those that data stores in
    the isolated tier listen on. Load balancer targets in the private tier listen at 1024 or above. With the
    `routed_networks` of a transit gateway the private tier exchanges HTTPS, both ways; no other tier hears of them.
    """
    private, public = plan.block(SubnetTier.PRIVATE), plan.block(SubnetTier.PUBLIC)
    isolated = plan.block(SubnetTier.ISOLATED)
    answers = _tcp(EVERYWHERE, *EPHEMERAL)
    too_big = Rule(protocol=ICMP, cidr=EVERYWHERE, icmp=(3, 4))
    outside = tuple(_tcp(EVERYWHERE, port) for port in internet_ports)
    if tier is SubnetTier.PUBLIC:
        # What the NAT gateway forwards comes in with the port of the far end, not with one of its own.
        forwarded = [port for port in internet_ports if port < EPHEMERAL[0] and port != HTTPS]
        return AccessRules(
            ingress=(_tcp(EVERYWHERE, HTTPS), *(_tcp(private, port) for port in forwarded), answers, too_big),
            egress=(*outside, answers, too_big),
        )
    if tier is SubnetTier.PRIVATE:
        stores = tuple(_tcp(isolated, port) for port in data_ports)
        asked = tuple(_tcp(network, HTTPS) for network in routed_networks)
        answered = tuple(_tcp(network, *EPHEMERAL) for network in routed_networks)
        asking = () if HTTPS in internet_ports else asked
        return AccessRules(
            ingress=(Rule(protocol=ALL, cidr=private), *asked, answers, too_big),
            egress=(Rule(protocol=ALL, cidr=private), *stores, _tcp(public, *EPHEMERAL), *answered, *asking, *outside, too_big),
        )
    within = Rule(protocol=ALL, cidr=isolated)
    return AccessRules(ingress=(within, *(_tcp(private, port) for port in data_ports)), egress=(within, _tcp(private, *EPHEMERAL)))


def check_ports(name: str, ports: Sequence[int]) -> None:
    """Raise ValueError, naming the argument, when a port is out of range or given twice."""
    wrong = [port for port in ports if not 1 <= port <= EPHEMERAL[1]]
    if wrong or len(set(ports)) != len(ports):
        raise ValueError(f"{name} must be different TCP ports of 1 to {EPHEMERAL[1]} (got {list(ports)})")


def _tcp(cidr: str, first: int, last: int | None = None) -> Rule:
    return Rule(protocol=TCP, cidr=cidr, ports=(first, first if last is None else last))
