"""VPC flow logs."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2.common import exactly_one, given, retag, tagged
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties

# What is watched: wire name, the API's resource type, prefix of its ids.
_WATCHED = {
    "vpcId": ("VPC", "vpc-"),
    "subnetId": ("Subnet", "subnet-"),
    "eniId": ("NetworkInterface", "eni-"),
    "transitGatewayAttachmentId": ("TransitGatewayAttachment", "tgw-attach-"),
    "transitGatewayId": ("TransitGateway", "tgw-"),
    "regionalNatGatewayId": ("RegionalNatGateway", "nat-"),
}
_DEFAULT_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} "
    "${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)
_LOGS = "cloud-watch-logs"


class FlowLog(Handler):
    """A record of the traffic of a VPC, a subnet or an interface, delivered to CloudWatch Logs, S3 or Firehose."""

    token = "aws:ec2/flowLog:FlowLog"
    create_only = frozenset(
        {
            *_WATCHED,
            "deliverCrossAccountRole",
            "destinationOptions",
            "iamRoleArn",
            "logDestination",
            "logDestinationType",
            "logFormat",
            "maxAggregationInterval",
            "tagFieldSpecifications",
            "trafficType",
        }
    )
    defaults = {"logDestinationType": _LOGS, "maxAggregationInterval": 600}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures = exactly_one(inputs, tuple(_WATCHED))
        if inputs["maxAggregationInterval"] not in (60, 600, UNKNOWN):
            failures.append(Failure("maxAggregationInterval", f"must be 60 or 600 seconds (got {inputs['maxAggregationInterval']})"))
        gateway = inputs.get("transitGatewayId") or inputs.get("transitGatewayAttachmentId")
        if not gateway and not inputs.get("trafficType"):
            failures.append(Failure("trafficType", "required: ACCEPT, REJECT or ALL"))
        if not inputs.get("logDestination"):
            failures.append(Failure("logDestination", "required: the ARN of a log group, a bucket or a delivery stream"))
        if inputs["logDestinationType"] == _LOGS and not inputs.get("iamRoleArn"):
            failures.append(Failure("iamRoleArn", "required for CloudWatch Logs: the role that delivers"))
        return failures

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"logFormat": inputs.get("logFormat", _DEFAULT_FORMAT)}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        watched = next(name for name in _WATCHED if inputs.get(name))
        answer = call.client("ec2").create_flow_logs(
            ResourceIds=[inputs[watched]],
            ResourceType=_WATCHED[watched][0],
            LogDestinationType=inputs["logDestinationType"],
            MaxAggregationInterval=inputs["maxAggregationInterval"],
            LogDestination=_plain(inputs["logDestination"]),
            **given(
                TrafficType=inputs.get("trafficType"),
                DeliverLogsPermissionArn=inputs.get("iamRoleArn"),
                DeliverCrossAccountRole=inputs.get("deliverCrossAccountRole"),
                LogFormat=inputs.get("logFormat"),
                DestinationOptions=_options(inputs.get("destinationOptions", {})),
            ),
            **tagged("vpc-flow-log", inputs["tagsAll"]),
        )
        for item in answer["Unsuccessful"]:
            raise HandlerError(f"no flow log for {item['ResourceId']}: {item['Error']['Message']}")
        flow_log = answer["FlowLogIds"][0]
        return flow_log, {"arn": self._arn(call, flow_log), "logFormat": inputs.get("logFormat", _DEFAULT_FORMAT)}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("ec2").describe_flow_logs(FlowLogIds=[resource_id])["FlowLogs"]
        if not found:
            return None
        live = found[0]
        watched = next(name for name, (_, prefix) in _WATCHED.items() if live["ResourceId"].startswith(prefix))
        destination, declared = live["LogDestination"], state.get("logDestination", "")
        return {
            "arn": self._arn(call, resource_id),
            watched: live["ResourceId"],
            "trafficType": live.get("TrafficType"),
            "iamRoleArn": live.get("DeliverLogsPermissionArn"),
            "logDestination": declared if _plain(declared) == destination else destination,
            "deliverCrossAccountRole": live.get("DeliverCrossAccountRole"),
            **({"destinationOptions": _told(live["DestinationOptions"])} if live.get("DestinationOptions") else {}),
            "logDestinationType": live["LogDestinationType"],
            "logFormat": live["LogFormat"],
            "maxAggregationInterval": live["MaxAggregationInterval"],
            "tags": tagging.mapping(live["Tags"]),
        }

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "destinationOptions":
            return _options(old) == _options(new)
        return super().equal(path, old, new)

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        retag(call, resource_id, old, new)
        return {"logFormat": old["logFormat"], "logDestination": old["logDestination"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ec2").delete_flow_logs(FlowLogIds=[resource_id])

    def _arn(self, call: Call, flow_log: str) -> str:
        return call.arn("ec2", f"vpc-flow-log/{flow_log}")


def _plain(destination: str) -> str:
    """A log group's ARN without the end that stands for all its streams, which flow logs do not take."""
    return destination.removesuffix(":*")


def _options(options: Properties) -> Properties:
    if not options:
        return {}
    return {
        "FileFormat": options.get("fileFormat", "plain-text"),
        "HiveCompatiblePartitions": options.get("hiveCompatiblePartitions", False),
        "PerHourPartition": options.get("perHourPartition", False),
    }


def _told(options: Properties) -> Properties:
    return {
        "fileFormat": options["FileFormat"],
        "hiveCompatiblePartitions": options["HiveCompatiblePartitions"],
        "perHourPartition": options["PerHourPartition"],
    }
