"""Transit gateways: only the route tables that were asked for, attachments with their own tags and their own table."""

from __future__ import annotations

from functools import wraps
from typing import Any

_ENABLED = "enable"


def install() -> None:
    """Adds it to moto."""
    from moto.ec2.models.transit_gateway import TransitGateway, TransitGatewayBackend
    from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment as Attachment
    from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachmentBackend
    from moto.ec2.models.transit_gateway_route_tables import TransitGatewayRouteTableBackend
    from moto.ec2.responses.transit_gateway_attachments import TransitGatewayAttachment

    TransitGateway.DEFAULT_OPTIONS |= {"SecurityGroupReferencingSupport": "disable"}
    TransitGateway.__init__ = _without_unwanted_table(TransitGateway.__init__)
    TransitGatewayBackend.delete_transit_gateway = _with_its_table(TransitGatewayBackend.delete_transit_gateway)
    Attachment.association = property(_association)
    create = TransitGatewayAttachmentBackend.create_transit_gateway_vpc_attachment
    TransitGatewayAttachmentBackend.create_transit_gateway_vpc_attachment = _unassociated(create)
    delete = TransitGatewayAttachmentBackend.delete_transit_gateway_vpc_attachment
    TransitGatewayAttachmentBackend.delete_transit_gateway_vpc_attachment = _from_every_table(delete)
    delete = TransitGatewayAttachmentBackend.delete_transit_gateway_peering_attachment
    TransitGatewayAttachmentBackend.delete_transit_gateway_peering_attachment = _from_every_table(delete)
    tagged = TransitGatewayAttachment.create_transit_gateway_vpc_attachment
    TransitGatewayAttachment.create_transit_gateway_vpc_attachment = _with_tags(tagged)
    route = TransitGatewayRouteTableBackend.create_transit_gateway_route
    TransitGatewayRouteTableBackend.create_transit_gateway_route = _to_an_attachment(route)


def _without_unwanted_table(original: Any) -> Any:
    """A gateway that associates and propagates nothing by itself has no default route table."""

    @wraps(original)
    def init(self: Any, backend: Any, *args: Any, **more: Any) -> None:
        original(self, backend, *args, **more)
        wanted = {"Association": "default_association_route_table", "Propagation": "default_propagation_route_table"}
        kept = False
        for use, attribute in wanted.items():
            enabled = self.options[f"DefaultRouteTable{use}"] == _ENABLED
            kept = kept or enabled
            setattr(self.default_route_table, attribute, enabled)
            if not enabled:
                del self.options[f"{use}DefaultRouteTableId"]
        if not kept:
            del backend.transit_gateways_route_tables[self.default_route_table.id]
            self.default_route_table = None

    return init


def _with_its_table(original: Any) -> Any:
    @wraps(original)
    def delete_transit_gateway(self: Any, transit_gateway_id: str) -> Any:
        from moto.ec2.exceptions import EC2ClientError, InvalidTransitGatewayID

        if transit_gateway_id not in self.transit_gateways:
            raise InvalidTransitGatewayID(transit_gateway_id)
        held = [item for item in self.transit_gateway_attachments.values() if _uses(item, transit_gateway_id)]
        if held:
            reason = f"{transit_gateway_id} has non-deleted {held[0].resource_type} attachments: {held[0].id}"
            raise EC2ClientError("IncorrectState", reason)
        default = self.transit_gateways[transit_gateway_id].default_route_table
        if default is not None:
            self.transit_gateways_route_tables.pop(default.id, None)
        return original(self, transit_gateway_id)

    return delete_transit_gateway


def _uses(attachment: Any, gateway: str) -> bool:
    ends = {attachment.transit_gateway_id, getattr(attachment, "accepter_tgw_info", {}).get("TransitGatewayId")}
    return attachment.state not in ("deleted", "rejected") and gateway in ends


def _association(attachment: Any) -> dict[str, str] | None:
    """The table whose routes what comes out of the attachment follows."""
    for table in attachment.ec2_backend.transit_gateways_route_tables.values():
        if attachment.id in table.route_table_associations:
            return {"State": "associated", "TransitGatewayRouteTableId": table.id}
    return None


def _unassociated(original: Any) -> Any:
    @wraps(original)
    def create_transit_gateway_vpc_attachment(self: Any, transit_gateway_id: str, *args: Any, **more: Any) -> Any:
        gateway = self.transit_gateways.get(transit_gateway_id)
        if gateway is None or (gateway.default_route_table is not None and gateway.default_route_table.default_association_route_table):
            return original(self, transit_gateway_id, *args, **more)
        table = self.create_transit_gateway_route_table(transit_gateway_id)
        gateway.default_route_table = table  # moto associates every attachment with the gateway's own table
        try:
            return original(self, transit_gateway_id, *args, **more)
        finally:
            gateway.default_route_table = None
            del self.transit_gateways_route_tables[table.id]

    return create_transit_gateway_vpc_attachment


def _from_every_table(original: Any) -> Any:
    """What ends leaves the route tables of both its gateways; static routes to it lead nowhere from then on."""

    @wraps(original)
    def delete(self: Any, transit_gateway_attachment_id: str) -> Any:
        from moto.ec2.exceptions import EC2ClientError

        if transit_gateway_attachment_id not in self.transit_gateway_attachments:
            reason = f"Transit Gateway Attachment {transit_gateway_attachment_id} was deleted or does not exist."
            raise EC2ClientError("InvalidTransitGatewayAttachmentID.NotFound", reason)
        for backend in self._get_peering_attachment_backend_refs():
            if backend.account_id == self.account_id:
                _end(backend, transit_gateway_attachment_id)
        return original(self, transit_gateway_attachment_id)

    return delete


def _end(backend: Any, attachment: str) -> None:
    backend.transit_gateway_associations.pop(attachment, None)
    backend.transit_gateway_propagations.pop(attachment, None)
    for table in backend.transit_gateways_route_tables.values():
        table.route_table_associations.pop(attachment, None)
        table.route_table_propagation = [item for item in table.route_table_propagation if item.transitGatewayAttachmentId != attachment]
        for route in table.routes.values():
            if any(item["transitGatewayAttachmentId"] == attachment for item in route.get("transitGatewayAttachments", [])):
                route["state"] = "blackhole"


def _with_tags(original: Any) -> Any:
    @wraps(original)
    def create_transit_gateway_vpc_attachment(self: Any) -> Any:
        answer = original(self)
        answer.result["TransitGatewayVpcAttachment"].add_tags(self._parse_tag_specification().get("transit-gateway-attachment", {}))
        return answer

    return create_transit_gateway_vpc_attachment


def _to_an_attachment(original: Any) -> Any:
    @wraps(original)
    def create_transit_gateway_route(
        self: Any,
        transit_gateway_route_table_id: str,
        destination_cidr_block: str,
        transit_gateway_attachment_id: str | None = None,
        blackhole: bool = False,
    ) -> Any:
        from moto.ec2.exceptions import EC2ClientError

        table = self.transit_gateways_route_tables.get(transit_gateway_route_table_id)
        if table is None or table.state == "deleted":
            raise EC2ClientError("InvalidRouteTableID.NotFound", f"{transit_gateway_route_table_id} was deleted or does not exist")
        if destination_cidr_block in table.routes:
            raise EC2ClientError("RouteAlreadyExists", f"{destination_cidr_block} is in {transit_gateway_route_table_id} already")
        if not blackhole and transit_gateway_attachment_id not in self.transit_gateway_attachments:
            reason = f"Transit Gateway Attachment {transit_gateway_attachment_id} was deleted or does not exist."
            raise EC2ClientError("InvalidTransitGatewayAttachmentID.NotFound", reason)
        made = original(self, transit_gateway_route_table_id, destination_cidr_block, transit_gateway_attachment_id, blackhole)
        if isinstance(made.get("transitGatewayAttachments"), dict):
            made["transitGatewayAttachments"] = [made["transitGatewayAttachments"]]
        return made

    return create_transit_gateway_route
