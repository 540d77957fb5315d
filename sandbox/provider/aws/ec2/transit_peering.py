"""Two transit gateways joined: the side that asks, and the side that accepts."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2.common import adopt_tags, retag, tagged, where
from sandbox.provider.aws.ec2.transit_gateway import alive
from sandbox.provider.errors import HandlerError
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import Properties

_WAITING = "pendingAcceptance"


def _find(ec2: Any, attachment_id: str) -> Properties | None:
    found = ec2.describe_transit_gateway_peering_attachments(TransitGatewayAttachmentIds=[attachment_id])
    return alive(found["TransitGatewayPeeringAttachments"])


def _tags(ec2: Any, attachment_id: str) -> dict[str, str]:
    """Each side of a peering has tags of its own."""
    return tagging.mapping(ec2.describe_tags(**where(resource_id=attachment_id))["Tags"])


class PeeringAttachment(Handler):
    """The request of one gateway to be joined with another."""

    token = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
    create_only = frozenset({"options", "peerAccountId", "peerRegion", "peerTransitGatewayId", "transitGatewayId"})
    volatile = frozenset({"state"})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"options": inputs.get("options", _STATIC), "peerAccountId": inputs.get("peerAccountId", call.account), "state": _WAITING}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("ec2").create_transit_gateway_peering_attachment(
            TransitGatewayId=inputs["transitGatewayId"],
            PeerTransitGatewayId=inputs["peerTransitGatewayId"],
            PeerRegion=inputs["peerRegion"],
            PeerAccountId=inputs.get("peerAccountId", call.account),
            **tagged("transit-gateway-attachment", inputs["tagsAll"]),
        )["TransitGatewayPeeringAttachment"]
        attachment_id = made["TransitGatewayAttachmentId"]
        return attachment_id, self._computed(call, attachment_id, made) | {"options": inputs.get("options", _STATIC)}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        ec2 = call.client("ec2")
        found = _find(ec2, resource_id)
        if found is None:
            return None
        accepter = found["AccepterTgwInfo"]
        return self._computed(call, resource_id, found) | {
            "options": state.get("options", _STATIC),
            "peerRegion": accepter["Region"],
            "peerTransitGatewayId": accepter["TransitGatewayId"],
            "transitGatewayId": found["RequesterTgwInfo"]["TransitGatewayId"],
            "tags": _tags(ec2, resource_id),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        retag(call, resource_id, old, new)
        found = _find(call.client("ec2"), resource_id)
        if found is None:
            raise HandlerError(f"peering {resource_id} is gone: refresh, then run again")
        return self._computed(call, resource_id, found) | {"options": old["options"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        ec2 = call.client("ec2")
        if _find(ec2, resource_id) is not None:
            ec2.delete_transit_gateway_peering_attachment(TransitGatewayAttachmentId=resource_id)

    def _computed(self, call: Call, attachment_id: str, found: Properties) -> Properties:
        return {
            "arn": call.arn("ec2", f"transit-gateway-attachment/{attachment_id}"),
            "peerAccountId": found["AccepterTgwInfo"]["OwnerId"],
            "state": found["State"],
        }


_STATIC = {"dynamicRouting": "disable"}


class PeeringAttachmentAccepter(Handler):
    """The acceptance of a peering, in the region of the gateway that was asked."""

    token = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
    create_only = frozenset({"transitGatewayAttachmentId"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        ec2, attachment_id = call.client("ec2"), inputs["transitGatewayAttachmentId"]
        found = _find(ec2, attachment_id)
        if found is None:
            raise HandlerError(f"peering {attachment_id} is not asked for in {call.region}: accept it in the other gateway's region")
        if found["State"] == _WAITING:
            ec2.accept_transit_gateway_peering_attachment(TransitGatewayAttachmentId=attachment_id)
        adopt_tags(call, attachment_id, _tags(ec2, attachment_id), inputs["tagsAll"])
        return attachment_id, self._computed(found)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        ec2 = call.client("ec2")
        found = _find(ec2, resource_id)
        if found is None or found["State"] == _WAITING:
            return None
        return self._computed(found) | {"transitGatewayAttachmentId": resource_id, "tags": _tags(ec2, resource_id)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        retag(call, resource_id, old, new)
        return {key: old[key] for key in ("peerAccountId", "peerRegion", "peerTransitGatewayId", "transitGatewayId")}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        # As the real provider does: either side ends the whole peering.
        ec2 = call.client("ec2")
        if _find(ec2, resource_id) is not None:
            ec2.delete_transit_gateway_peering_attachment(TransitGatewayAttachmentId=resource_id)

    def _computed(self, found: Properties) -> Properties:
        asking, asked = found["RequesterTgwInfo"], found["AccepterTgwInfo"]
        return {
            "peerAccountId": asking["OwnerId"],
            "peerRegion": asking["Region"],
            "peerTransitGatewayId": asking["TransitGatewayId"],
            "transitGatewayId": asked["TransitGatewayId"],
        }
