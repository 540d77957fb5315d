"""What a new region's file can be given without asking: addresses, ASN, zones, and what AWS does not have there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network

from cfnlint.helpers import AVAILABILITY_ZONES

from config.vocabulary import Region
from sandbox.provider import registry
from sandbox.provider.facts import cloudformation
from sandbox.provider.facts.cfn_schemas import UnknownRegionError

_ADDRESSES = IPv4Network("10.0.0.0/8")
_ASNS = range(64512, 65535)
_ZONES = 3


class NothingFreeError(ValueError):
    """Every address block or ASN of the estate's kind is taken."""


def free_network(taken: Iterable[IPv4Network]) -> IPv4Network:
    """Return the lowest /16 of 10.0.0.0/8 that overlaps none. Raises NothingFreeError when all are taken."""
    used = list(taken)
    for candidate in _ADDRESSES.subnets(new_prefix=16):
        if not any(candidate.overlaps(network) for network in used):
            return candidate
    raise NothingFreeError(f"no /16 of {_ADDRESSES} is free: write a smaller or another private network by hand")


def next_asn(taken: Iterable[int]) -> int:
    """Return the ASN after the highest: a region added later comes later in the order of regions.

    Raises NothingFreeError past the last private ASN of 16 bits.
    """
    following = max((asn for asn in taken if asn in _ASNS), default=_ASNS.start - 1) + 1
    if following not in _ASNS:
        raise NothingFreeError(f"no private ASN is free after {following - 1}: write one from 4200000000 on by hand")
    return following


def zones_of(region: Region) -> tuple[str, ...]:
    """Return the region's first three zones, or both where it offers a new account two.

    Source: the zones that cfn-lint ships with its schemas; an account may see others, which `aws ec2 describe-availability-zones` lists.
    """
    return tuple(sorted(AVAILABILITY_ZONES.get(region.value, ()))[:_ZONES])


def lacking(region: Region) -> Sequence[str] | None:
    """Return the resource types of the estate that AWS does not have in the region; None when that is not known offline."""
    try:
        return [token for token in sorted(registry.handlers()) if cloudformation.exists(token, region.value) is False]
    except UnknownRegionError:
        return None
