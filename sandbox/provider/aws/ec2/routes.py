"""Routes as EC2's API and Pulumi's wire spell them; shared by route tables and single routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.aws.ec2.common import exactly_one, given, lacking, network6_failures, network_failures
from sandbox.provider.errors import Failure, already_gone
from sandbox.provider.values import Properties

TARGETS = {
    "carrierGatewayId": "CarrierGatewayId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "gatewayId": "GatewayId",
    "instanceId": "InstanceId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "transitGatewayId": "TransitGatewayId",
    "vpcEndpointId": "VpcEndpointId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
}
"""Where a route leads: wire name and API name."""
LACKING = {"coreNetworkArn": "Cloud WAN", "localGatewayId": "Outposts", "odbNetworkArn": "Oracle networks"}
"""Targets that the emulated cloud does not have, by wire name."""
DESTINATIONS = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
"""What a single route is for: wire name and API name."""
TABLE_DESTINATIONS = {
    "cidrBlock": "DestinationCidrBlock",
    "ipv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
"""The same, as a route inside a route table spells it."""


def failures(route: Properties, destinations: Mapping[str, str], path: str = "") -> list[Failure]:
    """What is wrong with one route: not exactly one destination and one target, or a network out of form."""
    prefix = f"{path}." if path else ""
    ipv4, ipv6, _ = destinations
    found = (
        exactly_one(route, tuple(destinations), path)
        + exactly_one(route, (*TARGETS, *LACKING), path)
        + network_failures(f"{prefix}{ipv4}", route.get(ipv4))
        + network6_failures(f"{prefix}{ipv6}", route.get(ipv6))
    )
    return found + [Failure(f"{prefix}{failure.path}", failure.reason) for failure in lacking(route, LACKING)]


def destination(route: Properties, destinations: Mapping[str, str]) -> Properties:
    """The request's parameter that names the destination."""
    return given(**{api: route.get(wire) for wire, api in destinations.items()})


def target(route: Properties) -> Properties:
    """The request's parameter that names the target."""
    return given(**{api: route.get(wire) for wire, api in TARGETS.items()})


def of_endpoint(route: Properties) -> bool:
    """Whether a route as described is a gateway endpoint's own, which no table declares."""
    return "DestinationPrefixListId" in route and str(route.get("GatewayId", "")).startswith("vpce-")


def from_api(route: Properties, destinations: Mapping[str, str]) -> Properties:
    """A described route as a program writes it."""
    plain = {wire: route[api] for wire, api in {**destinations, **TARGETS}.items() if route.get(api)}
    gateway = str(plain.get("gatewayId", ""))
    if gateway.startswith("vpce-"):
        plain["vpcEndpointId"] = plain.pop("gatewayId")
    return plain


def point(ec2: Any, table: str, where: Properties, route: Properties) -> None:
    """Makes an existing route lead elsewhere."""
    if route.get("vpcEndpointId") or route.get("carrierGatewayId"):
        # The emulated cloud's ReplaceRoute forgets these targets.
        with already_gone():
            ec2.delete_route(RouteTableId=table, **where)
        ec2.create_route(RouteTableId=table, **where, **target(route))
    else:
        ec2.replace_route(RouteTableId=table, **where, **target(route))


def bring(ec2: Any, table: str, live: list[Properties], old: list[Properties], new: list[Properties]) -> None:
    """Brings a table from the old declared routes to the new; routes that neither declares stay."""
    held = {_key(destination(route, TABLE_DESTINATIONS)): route for route in live}
    wanted = {_key(destination(route, TABLE_DESTINATIONS)): route for route in new}
    for key, route in wanted.items():
        where = destination(route, TABLE_DESTINATIONS)
        if key not in held:
            ec2.create_route(RouteTableId=table, **where, **target(route))
        elif target(held[key]) != target(route):
            point(ec2, table, where, route)
    for route in old:
        where = destination(route, TABLE_DESTINATIONS)
        if _key(where) in held and _key(where) not in wanted:
            ec2.delete_route(RouteTableId=table, **where)


def plain(rules: list[Properties]) -> list[Properties]:
    """Routes without members that are empty, which mean the same as absent ones."""
    return [given(**rule) for rule in rules]


def _key(where: Properties) -> str:
    return next(iter(where.values()), "")
