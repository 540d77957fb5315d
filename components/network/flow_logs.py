"""A record of every flow in the VPC."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.ec2.flow_log import FlowLog
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy

from components._base import Component, Context, allow, assume_role, document
from components._base.log_retention import check_retention
from components._base.policy_document import Document
from config.vocabulary import DataClass

_FIELDS = (
    *("version", "account-id", "vpc-id", "subnet-id", "az-id", "interface-id", "srcaddr", "dstaddr", "srcport"),
    *("dstport", "protocol", "packets", "bytes", "start", "end", "action", "log-status", "tcp-flags", "type"),
    *("pkt-srcaddr", "pkt-dstaddr", "pkt-src-aws-service", "pkt-dst-aws-service", "flow-direction", "traffic-path"),
)
"""The packet's own addresses tell what is behind a NAT gateway, which the default format hides.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowLogsArgs:
    """What is logged and for how long.

    Raises ValueError when CloudWatch Logs has no such retention.
    """

    vpc_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    """KMS key of the class `logs`; its policy lets CloudWatch Logs use it."""
    retention_days: int = 365
    """COM-2."""

    def __post_init__(self) -> None:
        check_retention("retention_days", self.retention_days)


class FlowLogs(Component, token="network:FlowLogs"):
    """All traffic of a VPC, accepted and rejected, minute by minute, to an encrypted log group (NET-9)."""

    log_group_name: pulumi.Output[str]
    log_group_arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        group_name = context.physical(name, limit=512)
        group = LogGroup(
            f"{name}-group",
            name=group_name,
            kms_key_id=args.key_arn,
            retention_in_days=args.retention_days,
            tags=self.tags(DataClass.LOGS, name=name),
            opts=self.child(),
        )
        role = Role(
            f"{name}-role",
            name=context.physical(name, limit=64),
            description="Writes the VPC's flow logs to their log group",
            assume_role_policy=assume_role(
                "vpc-flow-logs.amazonaws.com",
                source_account=context.account_id,
                source_arn=context.arn("ec2", "vpc-flow-log/*"),
            ),
            tags=self.tags(DataClass.LOGS, name=name),
            opts=self.child(),
        )
        policy = RolePolicy(
            f"{name}-write",
            role=role.name,
            policy=_write_policy(context, group_name),
            opts=self.child(),
        )
        FlowLog(
            f"{name}-all",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            log_format=" ".join(f"${{{field}}}" for field in _FIELDS),
            tags=self.tags(DataClass.LOGS, name=name),
            opts=self.child(depends_on=[policy]),
        )
        self.log_group_name = group.name
        self.log_group_arn = group.arn
        self.publish()


def _write_policy(context: Context, group_name: str) -> Document:
    """Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, less what creates groups."""
    return document(
        allow(
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
            on=[context.arn("logs", f"log-group:{group_name}:*")],
            sid="WriteToOwnGroup",
        ),
        allow("logs:DescribeLogGroups", on=[context.arn("logs", "log-group:*")], sid="FindGroup"),
    )
