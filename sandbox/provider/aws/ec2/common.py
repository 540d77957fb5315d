"""What EC2's resource types share: tags, and networks in CIDR form."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call
from sandbox.provider.values import UNKNOWN, Properties


def tagged(kind: str, tags: Mapping[str, str]) -> Properties:
    """The parameter that tags a resource while it is made; none without tags, which the service refuses to be given empty."""
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tagging.pairs(tags)}]} if tags else {}


def retag(call: Call, resource_id: str, old: Properties, new: Properties) -> None:
    """Brings a resource's tags from those of the old outputs to those of the new."""
    setting, removing = tagging.changed(old, new)
    replace_tags(call, resource_id, setting, removing)


def adopt_tags(call: Call, resource_id: str, live: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Brings a resource that existed before its declaration to the declared tags."""
    setting = {key: value for key, value in wanted.items() if live.get(key) != value}
    replace_tags(call, resource_id, setting, [key for key in live if key not in wanted])


def replace_tags(call: Call, resource_id: str, setting: Mapping[str, str], removing: list[str]) -> None:
    """Sets some tags and removes others."""
    ec2 = call.client("ec2")
    if setting:
        ec2.create_tags(Resources=[resource_id], Tags=tagging.pairs(setting))
    if removing:
        ec2.delete_tags(Resources=[resource_id], Tags=[{"Key": key} for key in sorted(removing)])


def given(**parameters: Any) -> Properties:
    """A request's parameters without those that have no value."""
    return {name: value for name, value in parameters.items() if value not in (None, "", [], {})}


def where(**filters: str) -> dict[str, Any]:
    """The Filters parameter of a describing call; `vpc_id="vpc-1"` filters on `vpc-id`, `__` stands for a dot."""
    return {"Filters": [{"Name": name.replace("__", ".").replace("_", "-"), "Values": [value]} for name, value in filters.items()]}


def network_failures(path: str, value: Any, smallest: int = 32, largest: int = 0) -> list[Failure]:
    """What is wrong with an IPv4 network: its form, bits set beyond its prefix, or a prefix outside `largest` to `smallest`."""
    if value in (None, "", UNKNOWN):
        return []
    try:
        network = ipaddress.IPv4Network(value)
    except ValueError as error:
        return [Failure(path, f"must be an IPv4 network such as 10.0.0.0/16 (got {value!r}: {error})")]
    if not largest <= network.prefixlen <= smallest:
        return [Failure(path, f"must be a network of /{largest} to /{smallest} (got {value})")]
    return []


def network6_failures(path: str, value: Any) -> list[Failure]:
    """What is wrong with an IPv6 network."""
    if value in (None, "", UNKNOWN):
        return []
    try:
        ipaddress.IPv6Network(value)
    except ValueError as error:
        return [Failure(path, f"must be an IPv6 network such as 2001:db8::/32 (got {value!r}: {error})")]
    return []


def lacking(inputs: Properties, names: Mapping[str, str]) -> list[Failure]:
    """One failure for each input given that needs what the emulated cloud does not have (by input: what it would need)."""
    return [
        Failure(name, f"the emulated cloud has no {what}, so this cannot be tried in the sandbox; AWS would accept it")
        for name, what in names.items()
        if inputs.get(name) not in (None, "", False, 0, [])
    ]


def exactly_one(inputs: Properties, names: tuple[str, ...], path: str = "") -> list[Failure]:
    """A failure unless exactly one of these inputs is given; it stands at `path`, or at the input that is too much or missing."""
    found = [name for name in names if inputs.get(name) not in (None, "")]
    if len(found) == 1:
        return []
    place = path or (found[1] if found else names[0])
    return [Failure(place, f"exactly one of {', '.join(names)} must be given (got {', '.join(found) or 'none'})")]
