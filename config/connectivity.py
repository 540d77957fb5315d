"""What a region is joined to besides the estate's own regions: offices, enterprise tenants' networks, and its stand-in."""

from ipaddress import IPv4Address
from typing import Annotated

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model, Network, is_private
from config.vocabulary import Region

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=20, description="lower-case words joined by hyphens")]
_RESERVED_ASNS = (7224, 9059, 10124, 17943)
"""ASNs that AWS keeps in some region. Source: https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html"""


class VpnPlan(Model):
    """A site-to-site VPN to an office, for administrators (NET-6)."""

    name: Name
    address: Annotated[IPv4Address, Field(description="public IPv4 address of the office's VPN device")]
    networks: Annotated[tuple[Network, ...], Field(min_length=1, description="private networks of the office")]
    asn: Annotated[Count | None, Field(ge=1, le=4294967295, description="the device's BGP ASN; null routes statically")] = None

    @model_validator(mode="after")
    def _is_reachable(self) -> "VpnPlan":
        if not self.address.is_global:
            raise refuse("an address that the internet routes", "write the office's public address", key="address", given=self.address)
        for network in self.networks:
            if not is_private(network):
                raise refuse("private networks", "name the office's own networks", key="networks", given=network)
        if self.asn in _RESERVED_ASNS:
            raise refuse("an ASN that AWS does not keep for itself", "choose another", key="asn", given=self.asn)
        return self


class EnterpriseNetworkPlan(Model):
    """A VPC of an enterprise tenant's own, on the region's transit gateway (NET-8, D3)."""

    name: Name
    cidr: Annotated[Network, Field(description="private IPv4 network, /16 to /20, that overlaps no other of the estate")]

    @model_validator(mode="after")
    def _is_a_vpc(self) -> "EnterpriseNetworkPlan":
        if not is_private(self.cidr) or not 16 <= self.cidr.prefixlen <= 20:
            raise refuse("a private network with a prefix from /16 to /20", "choose another", key="cidr", given=self.cidr)
        return self


class ConnectivityPlan(Model):
    """How a region is reached, and what it reaches (NET-6, NET-7, NET-8)."""

    failover_to: Annotated[Region, Field(description="region that answers for this one's stateless front; itself for none")]
    vpn: Annotated[tuple[VpnPlan, ...], Field(description="offices joined by VPN: name, address, networks, asn")]
    enterprise_networks: Annotated[tuple[EnterpriseNetworkPlan, ...], Field(description="VPCs of enterprise tenants: name, cidr")]

    @model_validator(mode="after")
    def _has_names_that_differ(self) -> "ConnectivityPlan":
        for key, names in (("vpn", [each.name for each in self.vpn]), ("enterprise_networks", [e.name for e in self.enterprise_networks])):
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise refuse("names that differ", "rename one of the two", key=key, given=min(twice))
        return self
