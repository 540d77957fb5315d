"""Transit gateways, their tables, attachments and routes against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.ec2.kit import OTHER_TAGS, TAGS, a_subnet, a_vpc, tags_of

GATEWAY = "aws:ec2transitgateway/transitGateway:TransitGateway"
TABLE = "aws:ec2transitgateway/routeTable:RouteTable"
VPC_ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
ASSOCIATION = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
PROPAGATION = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
ROUTE = "aws:ec2transitgateway/route:Route"
PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
BARE: dict[str, Any] = {"defaultRouteTableAssociation": "disable", "defaultRouteTablePropagation": "disable"}


def a_gateway(workbench: Workbench, asn: int = 64513, region: str = "eu-west-1") -> Life:
    return workbench.made(GATEWAY, region=region, logical=f"gateway-of-{asn}", amazonSideAsn=asn, **BARE)


def an_attachment(workbench: Workbench, gateway: Life, **inputs: Any) -> Life:
    vpc = a_vpc(workbench)
    subnet = a_subnet(workbench, vpc.id)
    own: dict[str, Any] = {"transitGatewayId": gateway.id, "vpcId": vpc.id, "subnetIds": [subnet.id]}
    return workbench.made(VPC_ATTACHMENT, **own, **inputs)


def test_a_gateway_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(GATEWAY)
    promised = life.preview(amazonSideAsn=64513, **BARE)
    assert (promised["associationDefaultRouteTableId"], promised["ownerId"]) == ("", "123456789012")
    made = life.create(amazonSideAsn=64513, description="between regions", tags=TAGS, **BARE)
    ec2 = life.boto("ec2")
    (gateway,) = ec2.describe_transit_gateways(TransitGatewayIds=[life.id])["TransitGateways"]
    assert (gateway["Options"]["AmazonSideAsn"], gateway["Description"]) == (64513, "between regions")
    assert gateway["Options"]["AutoAcceptSharedAttachments"] == "disable"
    assert made["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:transit-gateway/{life.id}"
    assert ec2.describe_transit_gateway_route_tables()["TransitGatewayRouteTables"] == []
    assert life.refresh() == []

    life.update(amazonSideAsn=64513, description="of a region", dnsSupport="disable", tags=OTHER_TAGS, **BARE)
    (gateway,) = ec2.describe_transit_gateways(TransitGatewayIds=[life.id])["TransitGateways"]
    assert (gateway["Options"]["DnsSupport"], gateway["Description"]) == ("disable", "of a region")
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []
    assert life.replaced_by(amazonSideAsn=64514, **BARE) == {"amazonSideAsn"}
    assert life.imported()[0]["amazonSideAsn"] == 64513
    life.delete()
    assert life.gone()


def test_a_gateway_with_defaults_has_a_table_of_its_own(workbench: Workbench) -> None:
    life = workbench.made(GATEWAY)
    tables = life.boto("ec2").describe_transit_gateway_route_tables()["TransitGatewayRouteTables"]
    assert [table["TransitGatewayRouteTableId"] for table in tables] == [life.outputs["associationDefaultRouteTableId"]]
    life.delete()
    assert life.boto("ec2").describe_transit_gateway_route_tables()["TransitGatewayRouteTables"] == []


def test_a_public_asn_is_refused_at_preview(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="64512 to 65534"):
        workbench.life(GATEWAY).check(amazonSideAsn=16509)


def test_a_gateway_in_use_is_not_deleted(workbench: Workbench) -> None:
    gateway = a_gateway(workbench)
    an_attachment(workbench, gateway)
    with pytest.raises(Exception, match="IncorrectState"):
        gateway.delete()


def test_a_table_lives_as_declared(workbench: Workbench) -> None:
    gateway = a_gateway(workbench)
    life = workbench.made(TABLE, transitGatewayId=gateway.id, tags=TAGS)
    (table,) = life.boto("ec2").describe_transit_gateway_route_tables()["TransitGatewayRouteTables"]
    assert (table["TransitGatewayRouteTableId"], table["DefaultAssociationRouteTable"]) == (life.id, False)
    assert life.refresh() == []
    life.update(transitGatewayId=gateway.id, tags=OTHER_TAGS)
    assert tags_of(life) == OTHER_TAGS
    assert life.imported()[0]["transitGatewayId"] == gateway.id
    assert life.replaced_by(transitGatewayId="tgw-0123456789abcdef0") == {"transitGatewayId"}
    life.delete()
    assert life.gone()


def test_an_attachment_lives_as_declared_and_follows_no_table_by_itself(workbench: Workbench) -> None:
    gateway = a_gateway(workbench)
    life = an_attachment(workbench, gateway, tags=TAGS)
    given = {key: life.inputs[key] for key in ("transitGatewayId", "vpcId", "subnetIds")}
    ec2 = life.boto("ec2")
    (seen,) = ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
    assert (seen["VpcId"], seen["SubnetIds"], seen["State"]) == (given["vpcId"], given["subnetIds"], "available")
    assert "Association" not in ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"][0]
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    second = a_subnet(workbench, given["vpcId"], third=1, zone="b")
    life.update(**given | {"subnetIds": [second.id]}, applianceModeSupport="enable", tags=OTHER_TAGS)
    (seen,) = ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
    assert (seen["SubnetIds"], seen["Options"]["ApplianceModeSupport"]) == ([second.id], "enable")
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("token", "read", "member"),
    [
        (ASSOCIATION, "get_transit_gateway_route_table_associations", "Associations"),
        (PROPAGATION, "get_transit_gateway_route_table_propagations", "TransitGatewayRouteTablePropagations"),
    ],
)
def test_a_membership_lives_as_declared(workbench: Workbench, token: str, read: str, member: str) -> None:
    gateway = a_gateway(workbench)
    attached, table = an_attachment(workbench, gateway), workbench.made(TABLE, transitGatewayId=gateway.id)
    life = workbench.made(token, transitGatewayAttachmentId=attached.id, transitGatewayRouteTableId=table.id)
    assert life.id == f"{table.id}_{attached.id}"
    assert (life.outputs["resourceId"], life.outputs["resourceType"]) == (attached.outputs["vpcId"], "vpc")
    (seen,) = getattr(life.boto("ec2"), read)(TransitGatewayRouteTableId=table.id)[member]
    assert seen["TransitGatewayAttachmentId"] == attached.id
    assert life.refresh() == []
    assert life.imported()[0]["transitGatewayAttachmentId"] == attached.id
    life.delete()
    assert life.gone()
    assert getattr(life.boto("ec2"), read)(TransitGatewayRouteTableId=table.id)[member] == []


def test_an_association_moves_when_it_is_told_to_replace_the_one_before(workbench: Workbench) -> None:
    gateway = a_gateway(workbench)
    attached = an_attachment(workbench, gateway)
    first, second = (workbench.made(TABLE, logical=name, transitGatewayId=gateway.id) for name in ("first", "second"))
    workbench.made(ASSOCIATION, transitGatewayAttachmentId=attached.id, transitGatewayRouteTableId=first.id)
    moved: dict[str, Any] = {"transitGatewayAttachmentId": attached.id, "transitGatewayRouteTableId": second.id}
    workbench.made(ASSOCIATION, logical="moved", **moved, replaceExistingAssociation=True)
    (seen,) = attached.boto("ec2").describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    assert seen["Association"]["TransitGatewayRouteTableId"] == second.id


def found_routes(life: Life, table: str) -> dict[str, str]:
    search = [{"Name": "type", "Values": ["static"]}]
    routes = life.boto("ec2").search_transit_gateway_routes(TransitGatewayRouteTableId=table, Filters=search)["Routes"]
    return {route["DestinationCidrBlock"]: route["State"] for route in routes}


def test_a_route_lives_as_declared(workbench: Workbench) -> None:
    gateway = a_gateway(workbench)
    attached, table = an_attachment(workbench, gateway), workbench.made(TABLE, transitGatewayId=gateway.id)
    given = {"transitGatewayRouteTableId": table.id, "destinationCidrBlock": "10.2.0.0/16"}
    life = workbench.made(ROUTE, **given, transitGatewayAttachmentId=attached.id)
    assert found_routes(life, table.id) == {"10.2.0.0/16": "active"}
    assert life.id == f"{table.id}_10.2.0.0/16"
    assert life.refresh() == []
    assert life.imported()[0]["transitGatewayAttachmentId"] == attached.id
    assert "blackhole" in life.replaced_by(**given, blackhole=True)
    with pytest.raises(Exception, match="RouteAlreadyExists"):
        workbench.made(ROUTE, logical="again", **given, blackhole=True)
    life.delete()
    assert life.gone()
    assert found_routes(life, table.id) == {}


def test_a_route_to_nowhere_is_held(workbench: Workbench) -> None:
    table = workbench.made(TABLE, transitGatewayId=a_gateway(workbench).id)
    life = workbench.made(ROUTE, transitGatewayRouteTableId=table.id, destinationCidrBlock="10.9.0.0/16", blackhole=True)
    assert found_routes(life, table.id) == {"10.9.0.0/16": "blackhole"}
    assert life.refresh() == []


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"destinationCidrBlock": "10.2.0.1/16", "blackhole": True}, "host bits"),
        ({"destinationCidrBlock": "10.2.0.0/16"}, "required unless blackhole"),
        ({"destinationCidrBlock": "10.2.0.0/16", "blackhole": True, "transitGatewayAttachmentId": "tgw-attach-1"}, "leads nowhere"),
    ],
)
def test_a_route_that_cannot_be_is_refused(workbench: Workbench, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(ROUTE).check(transitGatewayRouteTableId="tgw-rtb-0123456789abcdef0", **inputs)


def test_gateways_of_two_regions_are_peered_by_request_and_acceptance(workbench: Workbench) -> None:
    here, there = a_gateway(workbench), a_gateway(workbench, 64512, "us-east-1")
    asked: dict[str, Any] = {"transitGatewayId": here.id, "peerTransitGatewayId": there.id, "peerRegion": "us-east-1"}
    peering = workbench.made(PEERING, **asked, tags=TAGS)
    assert peering.outputs["state"] == "pendingAcceptance"
    accepter = workbench.made(ACCEPTER, region="us-east-1", transitGatewayAttachmentId=peering.id, tags=OTHER_TAGS)
    assert (accepter.outputs["transitGatewayId"], accepter.outputs["peerRegion"]) == (there.id, "eu-west-1")
    for region in ("eu-west-1", "us-east-1"):
        (seen,) = peering.boto("ec2", region).describe_transit_gateway_peering_attachments()["TransitGatewayPeeringAttachments"]
        assert seen["State"] == "available"
    assert (tags_of(peering), tags_of(accepter)) == (TAGS, OTHER_TAGS)
    assert peering.refresh() == accepter.refresh() == []
    assert peering.outputs["state"] == "available"
    assert peering.imported()[0]["peerTransitGatewayId"] == there.id

    table = workbench.made(TABLE, region="us-east-1", transitGatewayId=there.id)
    workbench.made(ASSOCIATION, region="us-east-1", transitGatewayAttachmentId=peering.id, transitGatewayRouteTableId=table.id)
    route = workbench.made(
        ROUTE,
        region="us-east-1",
        transitGatewayRouteTableId=table.id,
        destinationCidrBlock="10.1.0.0/16",
        transitGatewayAttachmentId=peering.id,
    )
    assert route.refresh() == []
    peering.update(**asked, tags=OTHER_TAGS)
    accepter.update(transitGatewayAttachmentId=peering.id, tags=TAGS)
    assert (tags_of(peering), tags_of(accepter)) == (OTHER_TAGS, TAGS)
    accepter.delete()
    peering.delete()
    assert peering.gone() and accepter.gone()
    assert found_routes(route, table.id) == {"10.1.0.0/16": "blackhole"}


def test_what_nobody_asked_for_is_not_accepted(workbench: Workbench) -> None:
    with pytest.raises(HandlerError, match="not asked for in eu-west-1"):
        workbench.made(ACCEPTER, transitGatewayAttachmentId="tgw-attach-0123456789abcdef0")
