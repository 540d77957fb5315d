"""What goes where on a transit gateway: associations, propagations and static routes."""

from __future__ import annotations

from typing import Any

from sandbox.provider.aws.ec2.common import network_failures, where
from sandbox.provider.aws.ec2.transit_gateway import attachment
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties


class _Membership(Handler):
    """What an association and a propagation share: a table and an attachment, which are its whole identity."""

    create_only = frozenset({"transitGatewayAttachmentId", "transitGatewayRouteTableId"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        ec2, table, member = call.client("ec2"), inputs["transitGatewayRouteTableId"], inputs["transitGatewayAttachmentId"]
        if attachment(ec2, member) is None:
            raise HandlerError(f"attachment {member} is not there, or not accepted yet: create it first")
        made = self._begin(ec2, table, member, inputs)
        return f"{table}_{member}", {"resourceId": made["ResourceId"], "resourceType": made["ResourceType"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        table, separator, member = resource_id.partition("_")
        if not separator:
            raise HandlerError(f"write <route table>_<attachment>, such as tgw-rtb-12345678_tgw-attach-87654321 (got {resource_id})")
        found = self._find(call.client("ec2"), table, member)
        if found is None:
            return None
        return {
            "resourceId": found["ResourceId"],
            "resourceType": found["ResourceType"],
            "transitGatewayAttachmentId": member,
            "transitGatewayRouteTableId": table,
        }

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        ec2, table, member = call.client("ec2"), state["transitGatewayRouteTableId"], state["transitGatewayAttachmentId"]
        if self._find(ec2, table, member) is not None:
            self._end(ec2, table, member)

    def _begin(self, ec2: Any, table: str, member: str, inputs: Properties) -> Properties:
        raise NotImplementedError

    def _find(self, ec2: Any, table: str, member: str) -> Properties | None:
        raise NotImplementedError

    def _end(self, ec2: Any, table: str, member: str) -> None:
        raise NotImplementedError


class RouteTableAssociation(_Membership):
    """The one table that an attachment's traffic follows."""

    token = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
    create_only = frozenset({*_Membership.create_only, "replaceExistingAssociation"})

    def _begin(self, ec2: Any, table: str, member: str, inputs: Properties) -> Properties:
        held = (attachment(ec2, member) or {}).get("Association") if inputs.get("replaceExistingAssociation") else None
        if held and held["TransitGatewayRouteTableId"] != table:
            self._end(ec2, held["TransitGatewayRouteTableId"], member)
        asked = {"TransitGatewayRouteTableId": table, "TransitGatewayAttachmentId": member}
        return dict(ec2.associate_transit_gateway_route_table(**asked)["Association"])

    def _find(self, ec2: Any, table: str, member: str) -> Properties | None:
        asked = {"TransitGatewayRouteTableId": table, **where(transit_gateway_attachment_id=member)}
        found = ec2.get_transit_gateway_route_table_associations(**asked)["Associations"]
        return dict(found[0]) if found else None

    def _end(self, ec2: Any, table: str, member: str) -> None:
        ec2.disassociate_transit_gateway_route_table(TransitGatewayRouteTableId=table, TransitGatewayAttachmentId=member)


class RouteTablePropagation(_Membership):
    """The networks behind an attachment, told to a table."""

    token = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"

    def _begin(self, ec2: Any, table: str, member: str, inputs: Properties) -> Properties:
        asked = {"TransitGatewayRouteTableId": table, "TransitGatewayAttachmentId": member}
        return dict(ec2.enable_transit_gateway_route_table_propagation(**asked)["Propagation"])

    def _find(self, ec2: Any, table: str, member: str) -> Properties | None:
        asked = {"TransitGatewayRouteTableId": table, **where(transit_gateway_attachment_id=member)}
        found = ec2.get_transit_gateway_route_table_propagations(**asked)["TransitGatewayRouteTablePropagations"]
        return dict(found[0]) if found else None

    def _end(self, ec2: Any, table: str, member: str) -> None:
        ec2.disable_transit_gateway_route_table_propagation(TransitGatewayRouteTableId=table, TransitGatewayAttachmentId=member)


class Route(Handler):
    """A static route of a transit gateway's table: to an attachment, or to nowhere."""

    token = "aws:ec2transitgateway/route:Route"
    create_only = frozenset({"blackhole", "destinationCidrBlock", "transitGatewayAttachmentId", "transitGatewayRouteTableId"})
    # Two routes for one network cannot stand in one table.
    replace_first = True
    defaults = {"blackhole": False}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found, target = network_failures("destinationCidrBlock", inputs["destinationCidrBlock"]), inputs.get("transitGatewayAttachmentId")
        if inputs["blackhole"] is True and target:
            found.append(Failure("transitGatewayAttachmentId", "a blackhole leads nowhere: leave it out, or set blackhole: false"))
        if inputs["blackhole"] is False and target in (None, ""):
            found.append(Failure("transitGatewayAttachmentId", "required unless blackhole is true: where the network is"))
        return found

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        table, network = inputs["transitGatewayRouteTableId"], inputs["destinationCidrBlock"]
        target = {"Blackhole": True} if inputs["blackhole"] else {"TransitGatewayAttachmentId": inputs["transitGatewayAttachmentId"]}
        call.client("ec2").create_transit_gateway_route(TransitGatewayRouteTableId=table, DestinationCidrBlock=network, **target)
        return f"{table}_{network}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        table, separator, network = resource_id.partition("_")
        if not separator:
            raise HandlerError(f"a route is imported as <route table>_<network>, such as tgw-rtb-12345678_10.0.0.0/16 (got {resource_id})")
        found = self._find(call, table, network)
        if found is None:
            return None
        attachments = found.get("TransitGatewayAttachments", [])
        return {
            # A route whose attachment ended is a blackhole too, but not by declaration.
            "blackhole": found["State"] == "blackhole" and not attachments,
            "destinationCidrBlock": network,
            "transitGatewayAttachmentId": attachments[0]["TransitGatewayAttachmentId"] if attachments else "",
            "transitGatewayRouteTableId": table,
        }

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        table, network = state["transitGatewayRouteTableId"], state["destinationCidrBlock"]
        if self._find(call, table, network) is not None:
            call.client("ec2").delete_transit_gateway_route(TransitGatewayRouteTableId=table, DestinationCidrBlock=network)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "transitGatewayAttachmentId" and UNKNOWN not in (old, new):
            return (old or "") == (new or "")
        return super().equal(path, old, new)

    def _find(self, call: Call, table: str, network: str) -> Properties | None:
        search = [{"Name": "type", "Values": ["static"]}, {"Name": "route-search.exact-match", "Values": [network]}]
        found = call.client("ec2").search_transit_gateway_routes(TransitGatewayRouteTableId=table, Filters=search)["Routes"]
        return dict(found[0]) if found else None
