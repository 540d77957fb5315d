"""Prices of the network: NAT, endpoints, load balancers, transit, VPN, CDN, DNS (NET-1 to NET-9)."""

from __future__ import annotations

from decimal import Decimal

from scripts.cost.graph import Item
from scripts.cost.line import HOURS, Till

GROUP = "networking"


def nat_gateway(item: Item, till: Till) -> None:
    """Its hours, and what is assumed to go through each."""
    till.bill(item, "nat:hour", HOURS, group=GROUP, service="NAT", what="gateway")
    till.bill(item, "nat:gb", till.assumed("nat_gb"), group=GROUP, service="NAT", what="processed", driver="traffic", assumes="nat_gb")


def address(item: Item, till: Till) -> None:
    """A public IPv4 address, used or not."""
    till.bill(item, "ipv4:hour", HOURS, group=GROUP, service="VPC", what="public IPv4 address")


def endpoint(item: Item, till: Till) -> None:
    """An interface endpoint is billed for every zone it stands in; a gateway endpoint is free."""
    if item.inputs.get("vpcEndpointType") != "Interface":
        return
    zones = len(item.inputs.get("subnetIds") or ()) or till.zones
    till.bill(item, "endpoint:hour", HOURS * zones, group=GROUP, service="VPC", what=f"endpoint in {zones} zones")
    size = till.assumed("endpoint_gb") * zones
    till.bill(item, "endpoint:gb", size, group=GROUP, service="VPC", what="endpoint, processed", driver="traffic", assumes="endpoint_gb")


def load_balancer(item: Item, till: Till) -> None:
    """Its hours, its capacity units, and an address in every zone when the internet reaches it."""
    kind = "alb" if item.inputs.get("loadBalancerType", "application") == "application" else "nlb"
    till.bill(item, f"{kind}:hour", HOURS, group=GROUP, service="Load balancing", what="load balancer")
    units = till.assumed("lb_units") * HOURS
    till.bill(
        item, f"{kind}:unit", units, group=GROUP, service="Load balancing", what="capacity units", driver="traffic", assumes="lb_units"
    )
    if not item.inputs.get("internal"):
        addresses = HOURS * (len(item.inputs.get("subnets") or ()) or till.zones)
        till.bill(item, "ipv4:hour", addresses, group=GROUP, service="VPC", what="public IPv4 addresses")


def attachment(item: Item, till: Till) -> None:
    """A network joined to the region's transit gateway, and what it sends through it."""
    till.bill(item, "tgw:hour", HOURS, group=GROUP, service="Transit Gateway", what="attachment")
    size = till.assumed("tgw_gb", item.type)
    till.bill(item, "tgw:gb", size, group=GROUP, service="Transit Gateway", what="processed", driver="traffic", assumes="tgw_gb")


def peering(item: Item, till: Till) -> None:
    """One end of a peering between regions; each end is billed where it stands."""
    till.bill(item, "tgw:hour", HOURS, group=GROUP, service="Transit Gateway", what="peering")


def transit_gateway(item: Item, till: Till) -> None:
    """What leaves for other regions: replicas, backups, peers. And what leaves for the internet past the CDN."""
    size = till.assumed("interregion_gb", item.type)
    till.bill(
        item, "transfer:region", size, group=GROUP, service="Transfer", what="to other regions", driver="traffic", assumes="interregion_gb"
    )
    out = till.assumed("internet_gb", item.type)
    till.bill(
        item, "transfer:internet", out, group=GROUP, service="Transfer", what="to the internet", driver="traffic", assumes="internet_gb"
    )
    zone = till.assumed("crosszone_gb", item.type)
    till.bill(item, "transfer:zone", zone, group=GROUP, service="Transfer", what="between zones", driver="traffic", assumes="crosszone_gb")


def vpn(item: Item, till: Till) -> None:
    """Hours of a connection."""
    till.bill(item, "vpn:hour", HOURS, group=GROUP, service="VPN", what="connection")


def distribution(item: Item, till: Till) -> None:
    """What is delivered, an even share for each distribution, by where viewers are."""
    for key, share, what in (
        ("us", "cdn_share_us", "North America"),
        ("eu", "cdn_share_eu", "Europe"),
        ("sa", "cdn_share_sa", "South America"),
    ):
        part = till.usage.assumptions[share].value
        size = till.assumed("cdn_gb", item.type) * part
        till.bill(item, f"cdn:{key}-gb", size, group=GROUP, service="CloudFront", what=f"to {what}", driver="traffic", assumes="cdn_gb")
        calls = till.assumed("cdn_requests", item.type) * part / Decimal(10_000)
        till.bill(
            item,
            f"cdn:{key}-requests",
            calls,
            group=GROUP,
            service="CloudFront",
            what=f"requests, {what}",
            driver="traffic",
            assumes="cdn_requests",
        )


def zone(item: Item, till: Till) -> None:
    """A hosted zone and its queries."""
    till.bill(item, "dns:zone", 1, group=GROUP, service="Route 53", what="hosted zone")
    queries = till.assumed("dns_queries", item.type) / Decimal(1_000_000)
    till.bill(item, "dns:queries", queries, group=GROUP, service="Route 53", what="queries", driver="traffic", assumes="dns_queries")


def health_check(item: Item, till: Till) -> None:
    """A check of an address outside AWS's own, with what is added for HTTPS, a fast interval and latency."""
    till.bill(item, "dns:check", 1, group=GROUP, service="Route 53", what="health check")
    inputs = item.inputs
    extras = (str(inputs.get("type", "")).startswith("HTTPS")) + (inputs.get("requestInterval") == 10) + bool(inputs.get("measureLatency"))
    extras += "STR_MATCH" in str(inputs.get("type"))
    till.bill(item, "dns:check-option", extras, group=GROUP, service="Route 53", what="options of a health check")
