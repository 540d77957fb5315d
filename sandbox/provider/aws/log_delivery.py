"""Log delivery: what logs, to where, and the link between them (CloudWatch Logs vended logs)."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation
from sandbox.provider.values import UNKNOWN, Properties, known

_SOURCE = Translation("logs", "PutDeliverySource")
_DESTINATION = Translation("logs", "PutDeliveryDestination")
_DELIVERY = Translation("logs", "CreateDelivery")
_UPDATE = Translation("logs", "UpdateDeliveryConfiguration")
_CHANGEABLE = ("fieldDelimiter", "recordFields", "s3DeliveryConfigurations")
_NAME_LIMIT = 60
_TYPES = {"s3": "S3", "logs": "CWL", "firehose": "FH"}


class LogDeliverySource(Handler):
    """A resource whose logs can be delivered."""

    token = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
    create_only = frozenset({"logType", "name", "resourceArn"})
    autoname = "name"
    autoname_limit = _NAME_LIMIT

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _SOURCE.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        resource = inputs["resourceArn"]
        service = UNKNOWN if resource is UNKNOWN else resource.split(":")[2]
        return {"arn": call.arn("logs", f"delivery-source:{inputs['name']}"), "service": service}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("logs").put_delivery_source(**_SOURCE.request(inputs), **_tags(inputs))
        return inputs["name"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("logs").get_delivery_source(name=resource_id)["deliverySource"]
        return {
            "name": live["name"],
            "arn": live["arn"],
            "logType": live["logType"],
            "resourceArn": live["resourceArns"][0],
            "service": live["service"],
            "tags": _live_tags(call, live),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        _retag(call, old, new)
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("logs").delete_delivery_source(name=resource_id)


class LogDeliveryDestination(Handler):
    """A bucket, log group or stream that logs are delivered to."""

    token = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"
    create_only = frozenset({"deliveryDestinationType", "name", "outputFormat"})
    autoname = "name"
    autoname_limit = _NAME_LIMIT

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        if "deliveryDestinationConfiguration" not in inputs:
            return [Failure("deliveryDestinationConfiguration", "names where to deliver; the emulated cloud has no X-Ray to deliver to")]
        arn = _target(inputs)
        if isinstance(arn, str) and _service(arn) not in _TYPES:
            reason = f"must be the ARN of a bucket, a log group or a Firehose stream (got {arn!r})"
            return [Failure("deliveryDestinationConfiguration.destinationResourceArn", reason)]
        return _DESTINATION.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        arn = _target(inputs)
        return {
            "arn": call.arn("logs", f"delivery-destination:{inputs['name']}"),
            "deliveryDestinationType": _TYPES[_service(arn)] if isinstance(arn, str) else UNKNOWN,
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("logs").put_delivery_destination(**_DESTINATION.request(inputs), **_tags(inputs))
        return inputs["name"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("logs").get_delivery_destination(name=resource_id)["deliveryDestination"]
        found = _DESTINATION.properties(self.token, live)
        return found | {"arn": live["arn"], "tags": _live_tags(call, live)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        if _target(old) != _target(new):
            call.client("logs").put_delivery_destination(**_DESTINATION.request(new))
        _retag(call, old, new)
        return {"deliveryDestinationType": old["deliveryDestinationType"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("logs").delete_delivery_destination(name=resource_id)

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        if path != "deliveryDestinationConfiguration":
            return False
        # Another bucket is a change; another kind of destination is another destination.
        before, after = _target(old), _target(new)
        return not known(after) or _service(before) != _service(after)


class LogDelivery(Handler):
    """The link from a source to a destination."""

    token = "aws:cloudwatch/logDelivery:LogDelivery"
    support = Support.PARTLY
    gap = "fields left out get those of CloudFront, whatever the source"
    create_only = frozenset({"deliveryDestinationArn", "deliverySourceName"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _DELIVERY.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("logs").create_delivery(**_DELIVERY.request(inputs), **_tags(inputs))["delivery"]
        return made["id"], _outputs(self.token, made) | inputs

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("logs").get_delivery(id=resource_id)["delivery"]
        return _outputs(self.token, live) | {"tags": _live_tags(call, live)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        wanted = {key: new[key] for key in _CHANGEABLE if key in new}
        if any(old.get(key) != value for key, value in wanted.items()):
            call.client("logs").update_delivery_configuration(id=resource_id, **_UPDATE.request(wanted))
        _retag(call, old, new)
        return {key: old[key] for key in _CHANGEABLE if key not in new}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("logs").delete_delivery(id=resource_id)


def _outputs(token: str, live: dict[str, Any]) -> Properties:
    """A delivery as the service describes it."""
    blank: Properties = {"fieldDelimiter": "", "recordFields": [], "s3DeliveryConfigurations": []}
    return blank | _DELIVERY.properties(token, live) | {"arn": live["arn"]}


def _target(properties: Properties) -> Any:
    configuration = properties.get("deliveryDestinationConfiguration", {})
    return UNKNOWN if configuration is UNKNOWN else configuration.get("destinationResourceArn", "")


def _service(arn: str) -> str:
    return arn.split(":")[2] if arn.count(":") >= 2 else ""


def _tags(inputs: Properties) -> Properties:
    return {"tags": inputs["tagsAll"]} if inputs["tagsAll"] else {}


def _live_tags(call: Call, live: dict[str, Any]) -> Any:
    return call.client("logs").list_tags_for_resource(resourceArn=live["arn"])["tags"]


def _retag(call: Call, old: Properties, new: Properties) -> None:
    setting, removing = tagging.changed(old, new)
    if setting:
        call.client("logs").tag_resource(resourceArn=old["arn"], tags=setting)
    if removing:
        call.client("logs").untag_resource(resourceArn=old["arn"], tagKeys=removing)
