"""NET-07: no subnet gives public addresses to what starts in it."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Severity, clauses, need, ruled
from policies.graph import Graph
from policies.values import is_no
from policies.verdict import Ruling

SUBNET = "aws:ec2/subnet:Subnet"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each subnet; public ones too, since load balancers and NAT gateways there have addresses of their own."""
    for subnet in graph.of(SUBNET):
        yield ruled(
            subnet,
            need(subnet, "mapPublicIpOnLaunch", is_no, "false", absent=True),
            need(subnet, "assignIpv6AddressOnCreation", is_no, "false", absent=True),
        )


def remedy(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Switch off what gives addresses."""
    switches = ("mapPublicIpOnLaunch", "assignIpv6AddressOnCreation")
    return {switch: False for switch in switches if inputs.get(switch) is not None and not is_no(inputs[switch])}


CONTROL = Control(
    id="NET-07",
    title="No subnet gives public addresses by itself",
    severity=Severity.HIGH,
    why="An instance that nobody meant to publish is on the internet the moment it starts.",
    fix="leave map_public_ip_on_launch out, or set it to False; give an address to what needs one",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.6", iso27001="5.15 8.3 8.20", pci="1.3.1 1.4.2"),
    governs=(SUBNET,),
    check=check,
    remedies={SUBNET: remedy},
)
