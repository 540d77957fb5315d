"""Reads a stack's network from its graph."""

from scripts.reference.estate.facts import Subnet, Transit, Vpc
from scripts.reference.estate.recorded import by_id
from tests.kit.recorder import Graph

_ANYWHERE = "0.0.0.0/0"
_TIERS = ("public", "private", "isolated")


def read_vpc(graph: Graph) -> Vpc:
    """Return the stack's one VPC; tiers are told by where routes go, not by names.

    Raises AssertionError when there is none, or more than one.
    """
    vpc = graph.one("aws:ec2/vpc:Vpc")
    subnets = _subnets(graph)
    endpoints = graph.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    return Vpc(
        cidr=vpc.inputs["cidrBlock"],
        zones=tuple(sorted({subnet.zone for subnet in subnets})),
        subnets=subnets,
        flow_log_days=_flow_log_days(graph),
        gateway_endpoints=tuple(sorted(_service(each.inputs) for each in endpoints if _kind(each.inputs) == "Gateway")),
        interface_endpoints=tuple(sorted(_service(each.inputs) for each in endpoints if _kind(each.inputs) == "Interface")),
    )


def read_transits(graph: Graph) -> tuple[Transit, ...]:
    """Return the transit gateways with the regions that this stack joins them to."""
    peerings = [each.inputs for each in graph.of_type("aws:ec2transitgateway/peeringAttachment:PeeringAttachment")]
    return tuple(
        Transit(
            asn=each.inputs["amazonSideAsn"],
            peers=tuple(sorted(peering["peerRegion"] for peering in peerings if peering["transitGatewayId"] == identity)),
        )
        for identity, each in by_id(graph.of_type("aws:ec2transitgateway/transitGateway:TransitGateway")).items()
    )


def _subnets(graph: Graph) -> tuple[Subnet, ...]:
    table_of = {
        each.inputs["subnetId"]: each.inputs["routeTableId"]
        for each in graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")
    }
    leaves = {
        each.inputs["routeTableId"]: each.inputs
        for each in graph.of_type("aws:ec2/route:Route")
        if each.inputs.get("destinationCidrBlock") == _ANYWHERE
    }
    with_nat = {each.inputs["subnetId"] for each in graph.of_type("aws:ec2/natGateway:NatGateway")}
    found = [
        Subnet(
            zone=each.inputs["availabilityZone"],
            tier=_tier(leaves.get(table_of[identity], {})),
            cidr=each.inputs["cidrBlock"],
            nat=identity in with_nat,
        )
        for identity, each in by_id(graph.of_type("aws:ec2/subnet:Subnet")).items()
    ]
    return tuple(sorted(found, key=lambda subnet: (_TIERS.index(subnet.tier), subnet.zone, subnet.cidr)))


def _tier(default_route: dict[str, object]) -> str:
    if default_route.get("gatewayId"):
        return "public"
    return "private" if default_route.get("natGatewayId") else "isolated"


def _flow_log_days(graph: Graph) -> int | None:
    groups = {each.answered["arn"]: each for each in graph.of_type("aws:cloudwatch/logGroup:LogGroup")}
    for log in graph.of_type("aws:ec2/flowLog:FlowLog"):
        if log.inputs.get("logDestination") in groups:
            return int(groups[log.inputs["logDestination"]].inputs["retentionInDays"])
    return None


def _service(inputs: dict[str, str]) -> str:
    """Return `ecr.api` of `com.amazonaws.us-east-1.ecr.api`."""
    return inputs["serviceName"].split(".", maxsplit=3)[3]


def _kind(inputs: dict[str, str]) -> str:
    return inputs.get("vpcEndpointType", "Gateway")
