"""Transit gateways, their route tables and the VPCs attached to them."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2.common import given, lacking, network_failures, retag, tagged
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties

_ENDED = ("deleted", "deleting", "rejected", "failed")
_SWITCHES = {
    "autoAcceptSharedAttachments": "AutoAcceptSharedAttachments",
    "defaultRouteTableAssociation": "DefaultRouteTableAssociation",
    "defaultRouteTablePropagation": "DefaultRouteTablePropagation",
    "dnsSupport": "DnsSupport",
    "multicastSupport": "MulticastSupport",
    "securityGroupReferencingSupport": "SecurityGroupReferencingSupport",
    "vpnEcmpSupport": "VpnEcmpSupport",
}
_TABLES = {
    "associationDefaultRouteTableId": "AssociationDefaultRouteTableId",
    "propagationDefaultRouteTableId": "PropagationDefaultRouteTableId",
}


def alive(found: list[Any]) -> Properties | None:
    """The one thing described, or None when it is gone: the service tells of what ended for a while."""
    return dict(found[0]) if found and found[0]["State"] not in _ENDED else None


def attachment(ec2: Any, attachment_id: str) -> Properties | None:
    """An attachment of any kind as one of its gateways sees it."""
    return alive(ec2.describe_transit_gateway_attachments(TransitGatewayAttachmentIds=[attachment_id])["TransitGatewayAttachments"])


class TransitGateway(Handler):
    """A region's router between networks."""

    token = "aws:ec2transitgateway/transitGateway:TransitGateway"
    create_only = frozenset({"amazonSideAsn", "multicastSupport"})
    unordered = frozenset({"transitGatewayCidrBlocks"})
    defaults = {
        "amazonSideAsn": 64512,
        "autoAcceptSharedAttachments": "disable",
        "defaultRouteTableAssociation": "enable",
        "defaultRouteTablePropagation": "enable",
        "dnsSupport": "enable",
        "multicastSupport": "disable",
        "securityGroupReferencingSupport": "disable",
        "vpnEcmpSupport": "enable",
    }

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        asn = inputs["amazonSideAsn"]
        found = lacking(inputs, {"encryptionSupport": "encryption between VPCs"})
        if asn is not UNKNOWN and not (64512 <= asn <= 65534 or 4200000000 <= asn <= 4294967294):
            found.append(Failure("amazonSideAsn", f"must be 64512 to 65534, or 4200000000 to 4294967294 (got {asn})"))
        for position, block in enumerate(inputs.get("transitGatewayCidrBlocks") or []):
            found += network_failures(f"transitGatewayCidrBlocks[{position}]", block, smallest=24)
        return found

    def preview(self, call: Call, inputs: Properties) -> Properties:
        known = {"encryptionSupport": "disable", "ownerId": call.account}
        for use in ("association", "propagation"):
            if inputs[f"defaultRouteTable{use.title()}"] == "disable":
                known[f"{use}DefaultRouteTableId"] = ""
        return known

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        options = {api: inputs[wire] for wire, api in _SWITCHES.items()} | {"AmazonSideAsn": inputs["amazonSideAsn"]}
        made = call.client("ec2").create_transit_gateway(
            **given(Description=inputs.get("description")),
            Options=options | given(TransitGatewayCidrBlocks=inputs.get("transitGatewayCidrBlocks")),
            **tagged("transit-gateway", inputs["tagsAll"]),
        )["TransitGateway"]
        return made["TransitGatewayId"], self._computed(call, made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        gateway = alive(call.client("ec2").describe_transit_gateways(TransitGatewayIds=[resource_id])["TransitGateways"])
        if gateway is None:
            return None
        options = gateway["Options"]
        return self._computed(call, gateway) | {
            **{wire: options[api] for wire, api in _SWITCHES.items()},
            "amazonSideAsn": int(options["AmazonSideAsn"]),
            "description": gateway.get("Description", ""),
            "transitGatewayCidrBlocks": options.get("TransitGatewayCidrBlocks", []),
            "tags": tagging.mapping(gateway.get("Tags")),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ec2 = call.client("ec2")
        changed = {api: new[wire] for wire, api in _SWITCHES.items() if new[wire] != old.get(wire)}
        before, after = set(old.get("transitGatewayCidrBlocks") or []), set(new.get("transitGatewayCidrBlocks") or [])
        if before != after or changed or old.get("description") != new.get("description"):
            blocks = given(AddTransitGatewayCidrBlocks=sorted(after - before), RemoveTransitGatewayCidrBlocks=sorted(before - after))
            ec2.modify_transit_gateway(
                TransitGatewayId=resource_id, **given(Description=new.get("description")), **given(Options=changed | blocks)
            )
        retag(call, resource_id, old, new)
        return {key: old[key] for key in (*_TABLES, "ownerId", "encryptionSupport", "arn")}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ec2").delete_transit_gateway(TransitGatewayId=resource_id)

    def _computed(self, call: Call, gateway: Properties) -> Properties:
        return {
            "arn": call.arn("ec2", f"transit-gateway/{gateway['TransitGatewayId']}"),
            "encryptionSupport": "disable",
            "ownerId": gateway["OwnerId"],
            **{wire: gateway["Options"].get(api, "") for wire, api in _TABLES.items()},
        }


class RouteTable(Handler):
    """One of a transit gateway's route tables: what those associated with it can reach."""

    token = "aws:ec2transitgateway/routeTable:RouteTable"
    create_only = frozenset({"transitGatewayId"})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"defaultAssociationRouteTable": False, "defaultPropagationRouteTable": False}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("ec2").create_transit_gateway_route_table(
            TransitGatewayId=inputs["transitGatewayId"], **tagged("transit-gateway-route-table", inputs["tagsAll"])
        )["TransitGatewayRouteTable"]
        return made["TransitGatewayRouteTableId"], self._computed(call, made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        table = self._find(call, resource_id)
        if table is None:
            return None
        return self._computed(call, table) | {"transitGatewayId": table["TransitGatewayId"], "tags": tagging.mapping(table.get("Tags"))}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        retag(call, resource_id, old, new)
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if self._find(call, resource_id) is not None:
            call.client("ec2").delete_transit_gateway_route_table(TransitGatewayRouteTableId=resource_id)

    def _find(self, call: Call, table_id: str) -> Properties | None:
        tables = call.client("ec2").describe_transit_gateway_route_tables(TransitGatewayRouteTableIds=[table_id])
        return alive(tables["TransitGatewayRouteTables"])

    def _computed(self, call: Call, table: Properties) -> Properties:
        return {
            "arn": call.arn("ec2", f"transit-gateway-route-table/{table['TransitGatewayRouteTableId']}"),
            "defaultAssociationRouteTable": table["DefaultAssociationRouteTable"],
            "defaultPropagationRouteTable": table["DefaultPropagationRouteTable"],
        }


_OPTIONS = {
    "applianceModeSupport": "ApplianceModeSupport",
    "dnsSupport": "DnsSupport",
    "ipv6Support": "Ipv6Support",
    "securityGroupReferencingSupport": "SecurityGroupReferencingSupport",
}


class VpcAttachment(Handler):
    """A VPC on a transit gateway, by a subnet a zone."""

    token = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
    create_only = frozenset({"transitGatewayId", "vpcId"})
    unordered = frozenset({"subnetIds"})
    defaults = {
        "applianceModeSupport": "disable",
        "dnsSupport": "enable",
        "ipv6Support": "disable",
        "securityGroupReferencingSupport": "enable",
        "transitGatewayDefaultRouteTableAssociation": True,
        "transitGatewayDefaultRouteTablePropagation": True,
    }

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"vpcOwnerId": call.account}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("ec2").create_transit_gateway_vpc_attachment(
            TransitGatewayId=inputs["transitGatewayId"],
            VpcId=inputs["vpcId"],
            SubnetIds=inputs["subnetIds"],
            Options={api: inputs[wire] for wire, api in _OPTIONS.items()},
            **tagged("transit-gateway-attachment", inputs["tagsAll"]),
        )["TransitGatewayVpcAttachment"]
        return made["TransitGatewayAttachmentId"], self._computed(call, made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = self._find(call, resource_id)
        if found is None:
            return None
        return self._computed(call, found) | {
            **{wire: found["Options"][api] for wire, api in _OPTIONS.items()},
            "subnetIds": found["SubnetIds"],
            "transitGatewayId": found["TransitGatewayId"],
            "vpcId": found["VpcId"],
            "tags": tagging.mapping(found.get("Tags")),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        held, wanted = set((self._find(call, resource_id) or {})["SubnetIds"]), set(new["subnetIds"])
        changed = {api: new[wire] for wire, api in _OPTIONS.items() if new[wire] != old.get(wire)}
        asked = given(AddSubnetIds=sorted(wanted - held), RemoveSubnetIds=sorted(held - wanted), Options=changed)
        if asked:
            call.client("ec2").modify_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=resource_id, **asked)
        retag(call, resource_id, old, new)
        return {"vpcOwnerId": old["vpcOwnerId"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ec2").delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=resource_id)

    def _find(self, call: Call, attachment_id: str) -> Properties | None:
        found = call.client("ec2").describe_transit_gateway_vpc_attachments(TransitGatewayAttachmentIds=[attachment_id])
        return alive(found["TransitGatewayVpcAttachments"])

    def _computed(self, call: Call, found: Properties) -> Properties:
        return {
            "arn": call.arn("ec2", f"transit-gateway-attachment/{found['TransitGatewayAttachmentId']}"),
            "vpcOwnerId": found["VpcOwnerId"],
        }
