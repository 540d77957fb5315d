"""CloudWatch Logs: delivery of what AWS services log, from a source over a delivery to a destination."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import UNKNOWN, Properties

_TYPES = {"s3": "S3", "logs": "CWL", "firehose": "FH"}


class LogDeliverySource(Handler):
    """A resource of AWS and the kind of its logs."""

    token = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
    create_only = frozenset({"name", "logType", "resourceArn"})
    autoname = "name"
    autoname_limit = 60

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("logs", "PutDeliverySource", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        resource = inputs["resourceArn"]
        return {
            "arn": call.arn("logs", f"delivery-source:{inputs['name']}"),
            "service": UNKNOWN if resource is UNKNOWN else resource.split(":")[2],
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("logs").put_delivery_source(**self._request(inputs), **tagging.whole(inputs))["deliverySource"]
        return made["name"], {"arn": made["arn"], "service": made["service"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        logs = call.client("logs")
        found = logs.get_delivery_source(name=resource_id)["deliverySource"]
        return {
            "name": resource_id,
            "arn": found["arn"],
            "service": found["service"],
            "logType": found["logType"],
            "resourceArn": found["resourceArns"][0],
            "tags": _tags(logs, found["arn"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        tagging.retag(call.client("logs"), old["arn"], old, new)
        return {"arn": old["arn"], "service": old["service"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("logs").delete_delivery_source(name=resource_id)

    def _request(self, inputs: Properties) -> Properties:
        return {key: inputs[key] for key in ("name", "logType", "resourceArn")}


class LogDeliveryDestination(Handler):
    """Where logs go, and in which format."""

    token = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"
    create_only = frozenset({"name", "outputFormat", "deliveryDestinationType"})
    autoname = "name"
    autoname_limit = 60

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        target = self._target(inputs)
        if target is None and inputs.get("deliveryDestinationType") != "XRAY":
            found.append(Failure("deliveryDestinationConfiguration", "give the ARN of a bucket, a log group or a Firehose stream"))
        if isinstance(target, str) and target.split(":")[2:3] and target.split(":")[2] not in _TYPES:
            path = "deliveryDestinationConfiguration.destinationResourceArn"
            found.append(Failure(path, f"must be of S3, CloudWatch Logs or Firehose (got {target!r})"))
        return found or refusals("logs", "PutDeliveryDestination", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        target = self._target(inputs)
        known = inputs.get("deliveryDestinationType") or (_TYPES[target.split(":")[2]] if isinstance(target, str) else UNKNOWN)
        return {"arn": call.arn("logs", f"delivery-destination:{inputs['name']}"), "deliveryDestinationType": known}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("logs").put_delivery_destination(**self._request(inputs), **tagging.whole(inputs))["deliveryDestination"]
        return made["name"], self._outputs(made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        logs = call.client("logs")
        found = logs.get_delivery_destination(name=resource_id)["deliveryDestination"]
        return {
            **self._outputs(found),
            "name": resource_id,
            "outputFormat": found.get("outputFormat", ""),
            "deliveryDestinationConfiguration": found.get("deliveryDestinationConfiguration", {}),
            "tags": _tags(logs, found["arn"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        logs = call.client("logs")
        made = logs.put_delivery_destination(**self._request(new))["deliveryDestination"]
        tagging.retag(logs, made["arn"], old, new)
        return self._outputs(made)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("logs").delete_delivery_destination(name=resource_id)

    def _target(self, inputs: Properties) -> Any:
        configuration = inputs.get("deliveryDestinationConfiguration")
        return configuration.get("destinationResourceArn") if isinstance(configuration, dict) else configuration

    def _request(self, inputs: Properties) -> Properties:
        same = ("name", "outputFormat", "deliveryDestinationType", "deliveryDestinationConfiguration")
        return parameters(inputs, **{key: key for key in same})

    def _outputs(self, destination: Properties) -> Properties:
        return {"arn": destination["arn"], "deliveryDestinationType": destination["deliveryDestinationType"]}


class LogDelivery(Handler):
    """What ties a source to a destination."""

    token = "aws:cloudwatch/logDelivery:LogDelivery"
    create_only = frozenset({"deliverySourceName", "deliveryDestinationArn"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        layouts = inputs.get("s3DeliveryConfigurations")
        if isinstance(layouts, list) and len(layouts) > 1:
            return [Failure("s3DeliveryConfigurations", f"a delivery takes one at most (got {len(layouts)})")]
        return refusals("logs", "CreateDelivery", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("logs").create_delivery(**self._request(inputs), **tagging.whole(inputs))["delivery"]
        return made["id"], self._outputs(made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        logs = call.client("logs")
        found = logs.get_delivery(id=resource_id)["delivery"]
        return {
            **self._outputs(found),
            "deliverySourceName": found["deliverySourceName"],
            "deliveryDestinationArn": found["deliveryDestinationArn"],
            "tags": _tags(logs, found["arn"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        logs = call.client("logs")
        if any(old.get(key) != new[key] for key in ("fieldDelimiter", "recordFields", "s3DeliveryConfigurations") if key in new):
            changes = {key: value for key, value in self._request(new).items() if not key.startswith("delivery")}
            logs.update_delivery_configuration(id=resource_id, **changes)
        tagging.retag(logs, old["arn"], old, new)
        return self._outputs(logs.get_delivery(id=resource_id)["delivery"])

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("logs").delete_delivery(id=resource_id)

    def _request(self, inputs: Properties) -> Properties:
        same = ("deliverySourceName", "deliveryDestinationArn", "fieldDelimiter", "recordFields")
        request = parameters(inputs, **{key: key for key in same})
        layouts = inputs.get("s3DeliveryConfigurations")
        if layouts:
            request["s3DeliveryConfiguration"] = layouts if layouts is UNKNOWN else layouts[0]
        return request

    def _outputs(self, delivery: Properties) -> Properties:
        layout = delivery.get("s3DeliveryConfiguration")
        return {
            "arn": delivery["arn"],
            "fieldDelimiter": delivery.get("fieldDelimiter", ""),
            "recordFields": delivery.get("recordFields", []),
            "s3DeliveryConfigurations": [layout] if layout else [],
        }


def _tags(logs: Any, arn: str) -> dict[str, str]:
    tags: dict[str, str] = logs.list_tags_for_resource(resourceArn=arn)["tags"]
    return tags
