"""Transit gateways: what joins networks and regions, and the routes between them."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, one, text
from scripts.evidence.running.reader import Reader

_OFF = ("deleted", "deleting", "failed", "rejected", "rejecting")


def gateway(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read what it accepts and joins by itself."""
    every = place.ask("ec2", "describe_transit_gateways")["TransitGateways"]
    found = one(each for each in every if each["TransitGatewayId"] == resource.look("id") and each["State"] not in _OFF)
    options = found and found.get("Options", {})
    names = {
        "autoAcceptSharedAttachments": "AutoAcceptSharedAttachments",
        "defaultRouteTableAssociation": "DefaultRouteTableAssociation",
        "defaultRouteTablePropagation": "DefaultRouteTablePropagation",
    }
    return found and {ours: options[theirs] for ours, theirs in names.items() if theirs in options}


def peering(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read whether two regions are joined."""
    every = place.ask("ec2", "describe_transit_gateway_peering_attachments")["TransitGatewayPeeringAttachments"]
    identity = text(resource, "id")
    found = one(each for each in every if each["TransitGatewayAttachmentId"] == identity and each["State"] not in _OFF)
    return None if found is None else {"peerRegion": found["AccepterTgwInfo"]["Region"]}


def nat_gateway(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read in which subnet a way out stands."""
    every = place.ask("ec2", "describe_nat_gateways")["NatGateways"]
    found = one(each for each in every if each["NatGatewayId"] == resource.look("id") and each["State"] not in _OFF)
    return found and {"subnetId": found["SubnetId"]}


def internet_gateway(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read to which network the internet is joined."""
    every = place.ask("ec2", "describe_internet_gateways")["InternetGateways"]
    found = one(each for each in every if each["InternetGatewayId"] == resource.look("id"))
    return found and {"vpcId": (one(found["Attachments"]) or {}).get("VpcId")}


READERS = (
    Reader(
        type="aws:ec2transitgateway/transitGateway:TransitGateway",
        covers=("autoAcceptSharedAttachments", "defaultRouteTableAssociation", "defaultRouteTablePropagation"),
        read=gateway,
    ),
    Reader(type="aws:ec2transitgateway/peeringAttachment:PeeringAttachment", covers=("peerRegion",), read=peering),
    Reader(type="aws:ec2/natGateway:NatGateway", covers=("subnetId",), read=nat_gateway),
    Reader(type="aws:ec2/internetGateway:InternetGateway", covers=("vpcId",), read=internet_gateway),
)
