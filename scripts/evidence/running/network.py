"""Networks: subnets, routes, endpoints and flow logs."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, given, one, text, told
from scripts.evidence.running.reader import Reader

_ROUTE = "aws:ec2/route:Route"
_TARGETS = {
    "gatewayId": "GatewayId",
    "natGatewayId": "NatGatewayId",
    "transitGatewayId": "TransitGatewayId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
}
_DESTINATIONS = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}


def vpc(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read whether it is there."""
    every = place.ask("ec2", "describe_vpcs")["Vpcs"]
    return None if one(each for each in every if each["VpcId"] == resource.look("id")) is None else {}


def subnet(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read its network, and whether what starts there has a public address."""
    every = place.ask("ec2", "describe_subnets")["Subnets"]
    found = one(each for each in every if each["SubnetId"] == resource.look("id"))
    return found and given(found, vpcId="VpcId", mapPublicIpOnLaunch="MapPublicIpOnLaunch", availabilityZone="AvailabilityZone")


def _tables(place: Place) -> list[dict[str, Any]]:
    return list(place.ask("ec2", "describe_route_tables")["RouteTables"])


def route_table(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read the routes that no resource of its own says; those within the network, and to gateway endpoints, make themselves."""
    found = one(each for each in _tables(place) if each["RouteTableId"] == resource.look("id"))
    if found is None:
        return None
    own = [route for route in place.graph.of(_ROUTE) if route.look("routeTableId") == found["RouteTableId"]]
    said = {route.look(path) for route in own for path in _DESTINATIONS}
    rest = [
        route
        for route in found["Routes"]
        if route.get("Origin") == "CreateRoute"
        and not str(route.get("GatewayId", "")).startswith(("vpce-", "local"))
        and said.isdisjoint(route[member] for member in _DESTINATIONS.values() if member in route)
    ]
    return {"vpcId": found["VpcId"], "routes": [_inline(route) for route in rest] or None}


def _inline(route: dict[str, Any]) -> dict[str, Any]:
    where = {"cidrBlock": "DestinationCidrBlock", "ipv6CidrBlock": "DestinationIpv6CidrBlock"}
    return {key: value for key, value in given(route, **where, **_TARGETS).items() if value is not None}


def route(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read where a route leads."""
    table = one(each for each in _tables(place) if each["RouteTableId"] == resource.look("routeTableId"))
    for each in table["Routes"] if table else ():
        if any(member in each and each[member] == resource.look(path) for path, member in _DESTINATIONS.items()):
            return given(each, **_TARGETS)
    return None


def association(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read which table a subnet follows."""
    every = [each for table in _tables(place) for each in table["Associations"]]
    found = one(each for each in every if each["RouteTableAssociationId"] == resource.look("id"))
    return found and given(found, routeTableId="RouteTableId", subnetId="SubnetId")


def flow_log(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read what of the traffic is told; where to is as it was made, since AWS cannot change it."""
    found = one(place.ask("ec2", "describe_flow_logs", FlowLogIds=[text(resource, "id")])["FlowLogs"])
    return found and {"trafficType": found.get("TrafficType")}


def endpoint(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read the policy of an endpoint."""
    every = place.ask("ec2", "describe_vpc_endpoints")["VpcEndpoints"]
    found = one(each for each in every if each["VpcEndpointId"] == resource.look("id"))
    return found and told(found, policy="PolicyDocument")


READERS = (
    Reader(type="aws:ec2/vpc:Vpc", covers=(), read=vpc),
    Reader(type="aws:ec2/subnet:Subnet", covers=("vpcId", "mapPublicIpOnLaunch", "availabilityZone"), read=subnet),
    Reader(type="aws:ec2/routeTable:RouteTable", covers=("vpcId", "routes"), read=route_table),
    Reader(type=_ROUTE, covers=tuple(_TARGETS), read=route),
    Reader(type="aws:ec2/routeTableAssociation:RouteTableAssociation", covers=("routeTableId", "subnetId"), read=association),
    Reader(type="aws:ec2/flowLog:FlowLog", covers=("trafficType",), read=flow_log, gone=("InvalidFlowLogId.NotFound",)),
    Reader(type="aws:ec2/vpcEndpoint:VpcEndpoint", covers=("policy",), read=endpoint),
)
