"""Rules inside security groups, taken apart into what AWS keeps: one source or destination each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.provider.aws.ec2.common import given, network6_failures, network_failures
from sandbox.provider.errors import Failure
from sandbox.provider.values import UNKNOWN, Properties

_NAMES = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
_WITH_PORTS = ("tcp", "udp")
# Wire list, kind of peer.
_PEERS = {"cidrBlocks": "ipv4", "ipv6CidrBlocks": "ipv6", "prefixListIds": "prefix", "securityGroups": "group"}
# The API's list, the member of its items that names the peer, kind of peer.
_LISTS = (("IpRanges", "CidrIp", "ipv4"), ("Ipv6Ranges", "CidrIpv6", "ipv6"), ("PrefixListIds", "PrefixListId", "prefix"))


def protocol(name: Any) -> str:
    """The name that AWS keeps for a protocol's number; -1 stands for all."""
    text = str(name).lower()
    return _NAMES.get(text, text)


@dataclass(frozen=True, order=True)
class Permission:
    """One allowed flow: protocol, ports, and one peer. A peer of kind `self` is the group itself."""

    protocol: str
    from_port: int
    to_port: int
    kind: str
    peer: str
    description: str = ""

    @property
    def flow(self) -> Permission:
        """The same without its description, which is no part of its identity."""
        return replace(self, description="")


def expand(rules: Iterable[Properties]) -> set[Permission]:
    """The permissions that inline rules stand for."""
    found = set()
    for rule in rules:
        ports = (int(rule.get("fromPort") or 0), int(rule.get("toPort") or 0))
        text = rule.get("description") or ""
        peers = [(kind, peer) for name, kind in _PEERS.items() for peer in rule.get(name) or ()]
        if rule.get("self"):
            peers.append(("self", ""))
        found |= {Permission(protocol(rule["protocol"]), *ports, kind, peer, text) for kind, peer in peers}
    return found


def collapse(permissions: Iterable[Permission]) -> list[Properties]:
    """Inline rules for these permissions, grouped as the real provider groups what AWS describes."""
    groups: dict[tuple[str, int, int, str], list[Permission]] = defaultdict(list)
    for permission in sorted(permissions):
        key = (permission.protocol, permission.from_port, permission.to_port, permission.description)
        groups[key].append(permission)
    return [
        {
            "protocol": name,
            "fromPort": from_port,
            "toPort": to_port,
            "description": text,
            **{field: [item.peer for item in members if item.kind == kind] for field, kind in _PEERS.items()},
            "self": any(item.kind == "self" for item in members),
        }
        for (name, from_port, to_port, text), members in groups.items()
    ]


def from_api(group_id: str, owner: str, described: Iterable[Properties]) -> set[Permission]:
    """The permissions in a group's description."""
    found = set()
    for item in described:
        name = item["IpProtocol"]
        low, high = (0, 0) if name == "-1" else (item.get("FromPort", 0), item.get("ToPort", 0))
        peers = [(kind, entry[field], entry) for listing, field, kind in _LISTS for entry in item.get(listing, ())]
        peers += [(*_group_peer(pair, group_id, owner), pair) for pair in item.get("UserIdGroupPairs", ())]
        found |= {Permission(protocol(name), low, high, kind, peer, entry.get("Description") or "") for kind, peer, entry in peers}
    return found


def _group_peer(pair: Properties, group_id: str, owner: str) -> tuple[str, str]:
    """(kind, peer) of a group as described; `<account>/<group>` for one of another account."""
    if pair["GroupId"] == group_id:
        return "self", ""
    account = pair.get("UserId", owner)
    return "group", pair["GroupId"] if account == owner else f"{account}/{pair['GroupId']}"


def of_rule(rule: Properties, owner: str) -> Permission:
    """What a described single rule allows; without a description, which is not told for every kind of peer."""
    name = protocol(rule["IpProtocol"])
    low, high = (0, 0) if name == "-1" else (rule["FromPort"], rule["ToPort"])
    for field, kind in (("CidrIpv4", "ipv4"), ("CidrIpv6", "ipv6"), ("PrefixListId", "prefix")):
        if rule.get(field):
            return Permission(name, low, high, kind, rule[field])
    return Permission(name, low, high, *_group_peer(rule["ReferencedGroupInfo"], rule["GroupId"], owner))


def request(group_id: str, permissions: Iterable[Permission]) -> list[Properties]:
    """The IpPermissions parameter: one entry for each permission."""
    return [_one(group_id, permission) for permission in sorted(permissions)]


def _one(group_id: str, permission: Permission) -> Properties:
    asked: Properties = {"IpProtocol": permission.protocol}
    if permission.protocol != "-1":
        asked |= {"FromPort": permission.from_port, "ToPort": permission.to_port}
    text = given(Description=permission.description)
    for listing, field, kind in _LISTS:
        if permission.kind == kind:
            return asked | {listing: [{field: permission.peer, **text}]}
    account, _, group = (permission.peer or group_id).rpartition("/")
    return asked | {"UserIdGroupPairs": [{"GroupId": group, **given(UserId=account), **text}]}


def failures(path: str, rule: Properties) -> list[Failure]:
    """What is wrong with one inline rule."""
    found: list[Failure] = []
    for name, check in (("cidrBlocks", network_failures), ("ipv6CidrBlocks", network6_failures)):
        values = rule.get(name) or []
        for position, value in enumerate([] if values is UNKNOWN else values):
            found += check(f"{path}.{name}[{position}]", value)
    if not any(rule.get(name) for name in (*_PEERS, "self")):
        names = ", ".join((*_PEERS, "self"))
        found.append(Failure(path, f"allows nothing: give at least one of {names}"))
    return found + port_failures(f"{path}.", "protocol", rule["protocol"], rule.get("fromPort"), rule.get("toPort"))


def port_failures(prefix: str, field: str, name: Any, low: Any, high: Any) -> list[Failure]:
    """What is wrong with a rule's protocol (an input called `field`) and ports (None where they were left out)."""
    if UNKNOWN in (name, low, high):
        return []
    kind = protocol(name)
    if kind == "-1":
        bad = any(port not in (None, 0, -1) for port in (low, high))
        return [Failure(f"{prefix}fromPort", f"all protocols means all ports: use 0 (got {low} to {high})")] if bad else []
    if kind in _WITH_PORTS:
        if low is None or high is None:
            return [Failure(f"{prefix}fromPort", f"required together with toPort for {kind} (got {low} and {high})")]
        if not 0 <= low <= high <= 65535:
            return [Failure(f"{prefix}fromPort", f"ports must be 0 to 65535 and in order (got {low} to {high})")]
        return []
    if kind in ("icmp", "icmpv6"):
        if any(port is not None and not -1 <= port <= 255 for port in (low, high)):
            return [Failure(f"{prefix}fromPort", f"is {kind}'s type and toPort its code: -1 (any) to 255 (got {low} and {high})")]
        return []
    if not (kind.isdecimal() and int(kind) <= 255):
        return [Failure(f"{prefix}{field}", f"must be tcp, udp, icmp, icmpv6, -1 or a protocol's number up to 255 (got {name})")]
    return []
