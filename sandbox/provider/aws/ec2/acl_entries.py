"""Entries of network ACLs as EC2's API and Pulumi's wire spell them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from sandbox.provider.aws.ec2.common import given, network6_failures, network_failures
from sandbox.provider.errors import Failure
from sandbox.provider.values import UNKNOWN, Properties

LAST = 32767
"""The number of the entry that denies the rest; AWS keeps it, nobody declares it (32768 for IPv6)."""
_NUMBERS = {"all": "-1", "icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58"}
_WITH_PORTS = ("6", "17")
_ICMP = ("1", "58")


def protocol(name: Any) -> str:
    """The number that AWS keeps for a protocol's name; -1 stands for all."""
    text = str(name).lower()
    return _NUMBERS.get(text, text)


def failures(path: str, entry: Properties) -> list[Failure]:
    """What is wrong with an inline entry."""
    found: list[Failure] = []
    number, action = entry.get("ruleNo"), entry.get("action")
    if number is not UNKNOWN and not 1 <= int(number or 0) < LAST:
        found.append(Failure(f"{path}.ruleNo", f"must be 1 to {LAST - 1} (got {number})"))
    if action is not UNKNOWN and str(action).lower() not in ("allow", "deny"):
        found.append(Failure(f"{path}.action", f"must be allow or deny (got {action})"))
    return found + shape_failures(path, entry, entry.get("protocol"))


def shape_failures(path: str, entry: Properties, name: Any) -> list[Failure]:
    """What is wrong with protocol, ports and network, which inline entries and single rules spell alike."""
    prefix = f"{path}." if path else ""
    found = network_failures(f"{prefix}cidrBlock", entry.get("cidrBlock"))
    found += network6_failures(f"{prefix}ipv6CidrBlock", entry.get("ipv6CidrBlock"))
    networks = [key for key in ("cidrBlock", "ipv6CidrBlock") if entry.get(key)]
    if len(networks) != 1:
        got = " and ".join(networks) or "none"
        found.append(Failure(f"{prefix}cidrBlock", f"exactly one of cidrBlock and ipv6CidrBlock must be given (got {got})"))
    if name is UNKNOWN:
        return found
    number, ports = protocol(name), (entry.get("fromPort") or 0, entry.get("toPort") or 0)
    if number != "-1" and not (number.isdecimal() and int(number) <= 255):
        allowed = ", ".join(_NUMBERS)
        found.append(Failure(f"{prefix}protocol", f"must be {allowed}, -1, or a protocol's number up to 255 (got {name})"))
    if UNKNOWN in ports:
        return found
    if number == "-1" and ports != (0, 0):
        found.append(Failure(f"{prefix}fromPort", f"must be 0, like toPort, for all protocols (got {ports[0]} to {ports[1]})"))
    if not 0 <= ports[0] <= ports[1] <= 65535:
        found.append(Failure(f"{prefix}fromPort", f"ports must be 0 to 65535 and in order (got {ports[0]} to {ports[1]})"))
    return found


def collisions(path: str, entries: Iterable[Any]) -> list[Failure]:
    """Entries of one direction that carry the same number."""
    seen: set[int] = set()
    found = []
    for position, entry in enumerate(entries):
        number = entry.get("ruleNo") if isinstance(entry, dict) else None
        if isinstance(number, int) and number in seen:
            found.append(Failure(f"{path}[{position}].ruleNo", f"another entry of {path} has this number (got {number})"))
        elif isinstance(number, int):
            seen.add(number)
    return found


def request(entry: Properties, egress: bool) -> Properties:
    """The parameters that make an inline entry."""
    return shape_request(entry, entry["protocol"]) | {
        "RuleNumber": entry["ruleNo"],
        "RuleAction": str(entry["action"]).lower(),
        "Egress": egress,
    }


def shape_request(entry: Properties, name: str) -> Properties:
    """The parameters for protocol, ports and network."""
    number = protocol(name)
    asked = given(CidrBlock=entry.get("cidrBlock"), Ipv6CidrBlock=entry.get("ipv6CidrBlock")) | {"Protocol": number}
    if number in _WITH_PORTS:
        asked["PortRange"] = {"From": entry.get("fromPort") or 0, "To": entry.get("toPort") or 0}
    if number in _ICMP:
        asked["IcmpTypeCode"] = {"Type": entry.get("icmpType") or 0, "Code": entry.get("icmpCode") or 0}
    return asked


def from_api(entry: Properties) -> Properties:
    """A described entry as an inline one; AWS speaks protocol numbers only."""
    ports, icmp = entry.get("PortRange", {}), entry.get("IcmpTypeCode", {})
    return {
        "ruleNo": entry["RuleNumber"],
        "action": entry["RuleAction"],
        "protocol": entry["Protocol"],
        "fromPort": ports.get("From", 0),
        "toPort": ports.get("To", 0),
        **given(cidrBlock=entry.get("CidrBlock"), ipv6CidrBlock=entry.get("Ipv6CidrBlock")),
        **({"icmpType": icmp.get("Type", 0), "icmpCode": icmp.get("Code", 0)} if icmp else {}),
    }


def declarable(entries: list[Properties], egress: bool) -> list[Properties]:
    """The described entries of one direction that somebody may have declared."""
    return [entry for entry in entries if entry["Egress"] is egress and entry["RuleNumber"] < LAST]


def canonical(entry: Properties) -> tuple[Any, ...]:
    """Equal for entries that mean the same."""
    ipv6 = entry.get("ipv6CidrBlock")
    return (
        entry["ruleNo"],
        str(entry["action"]).lower(),
        protocol(entry["protocol"]),
        entry.get("fromPort") or 0,
        entry.get("toPort") or 0,
        entry.get("cidrBlock") or "",
        str(ipaddress.IPv6Network(ipv6)) if ipv6 else "",
        entry.get("icmpType") or 0,
        entry.get("icmpCode") or 0,
    )
