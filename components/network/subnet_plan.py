"""Which addresses each subnet of a VPC has: plain arithmetic, fixed for ever, since a moved subnet is a replaced one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network

MAX_ZONES = 4
"""Slots kept in every tier, used or not."""
MIN_ZONES = 2
"""EKS and RDS both want subnets in two zones."""
LARGEST, SMALLEST = 16, 20
"""Prefixes a VPC may have: AWS allows none larger than /16, and below /20 a public subnet would be too small."""

_SIXTEENTHS = 4
_ZONE = re.compile(r"[a-z]{2}(-[a-z]+)+-\d[a-z]")


class SubnetTier(StrEnum):
    """What a subnet may reach (NET-1)."""

    PUBLIC = "public"
    """The internet, both ways: load balancers and NAT gateways."""
    PRIVATE = "private"
    """The internet, outwards by NAT: nodes and their pods."""
    ISOLATED = "isolated"
    """The VPC alone: databases, caches, file systems."""


@dataclass(frozen=True, slots=True)
class SubnetPlan:
    """The addresses of every subnet of one VPC.

    The private tier has the first half of the VPC, since every pod takes an address there; public and isolated have a
    sixteenth each; the rest is spare. Each tier is cut in four equal slots, one a zone, in the order of `zones`: a zone
    appended takes the next slot and moves none. Of 10.0.0.0/16: private 10.0.0.0/17 in /19, public 10.0.128.0/20 in
    /22, isolated 10.0.144.0/20 in /22.

    Raises ValueError when the CIDR is no network of /16 to /20, and when zones are too few, too many, repeated or
    malformed.
    """

    cidr: str
    zones: tuple[str, ...]

    def __post_init__(self) -> None:
        _parse(self.cidr)
        if not MIN_ZONES <= len(self.zones) <= MAX_ZONES:
            raise ValueError(f"zones must be {MIN_ZONES} to {MAX_ZONES} (got {len(self.zones)}: {self.zones})")
        if len(set(self.zones)) != len(self.zones):
            raise ValueError(f"zones must differ (got {', '.join(self.zones)})")
        for zone in self.zones:
            if not _ZONE.fullmatch(zone):
                raise ValueError(f"zones must be availability zone names such as 'eu-west-1a' (got {zone!r})")

    def block(self, tier: SubnetTier) -> str:
        """Return the CIDR that holds all subnets of a tier and nothing else, for rules about the whole tier."""
        return str(self._block(tier))

    def subnet(self, tier: SubnetTier, zone: str) -> str:
        """Return the CIDR of one subnet. Raises ValueError for a zone that is not in the plan."""
        if zone not in self.zones:
            raise ValueError(f"zone {zone!r} is not one of {', '.join(self.zones)}")
        slots = list(self._block(tier).subnets(prefixlen_diff=2))
        return str(slots[self.zones.index(zone)])

    def _block(self, tier: SubnetTier) -> IPv4Network:
        vpc = _parse(self.cidr)
        if tier is SubnetTier.PRIVATE:
            return next(vpc.subnets(prefixlen_diff=1))
        sixteenths = list(vpc.subnets(prefixlen_diff=_SIXTEENTHS))
        return sixteenths[8 if tier is SubnetTier.PUBLIC else 9]


def zone_letter(zone: str) -> str:
    """Return the letter that ends a zone's name, for logical names: `eu-west-1b` gives `b`."""
    return zone[-1]


def check_zones(region: str, zones: Sequence[str]) -> None:
    """Raise ValueError when a zone is not of `region`."""
    foreign = [zone for zone in zones if zone[:-1] != region]
    if foreign:
        raise ValueError(f"zones of {region} are named {region}a, {region}b and so on (got {', '.join(foreign)})")


def _parse(cidr: str) -> IPv4Network:
    try:
        network = IPv4Network(cidr)
    except ValueError as error:
        raise ValueError(f"cidr must be an IPv4 network such as 10.0.0.0/16 (got {cidr!r}: {error})") from error
    if not LARGEST <= network.prefixlen <= SMALLEST:
        raise ValueError(f"cidr must be a /{LARGEST} to /{SMALLEST} (got {cidr})")
    if not network.is_private:
        raise ValueError(f"cidr must be private addresses, such as 10.0.0.0/16 (got {cidr})")
    return network
