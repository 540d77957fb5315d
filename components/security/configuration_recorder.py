"""The history of every resource's configuration (SEC-8, SEC-9)."""

from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_aws.cfg.delivery_channel import DeliveryChannel
from pulumi_aws.cfg.recorder import Recorder
from pulumi_aws.cfg.recorder_status import RecorderStatus
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment

from components._base import Component, Context, allow, assume_role, document
from components._base.policy_document import Document
from config.vocabulary import DataClass

Frequency = Literal["continuous", "daily"]
HISTORY_PREFIX = "config"
"""Where the history is kept in the log bucket."""
_READS = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"
"""What Config reads of every service, which AWS widens with each new one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfigurationRecorderArgs:
    """What is recorded, how often, and where to.

    Raises ValueError for a frequency that Config does not have.
    """

    log_bucket: pulumi.Input[str]
    """Name of the bucket that gets history and snapshots."""
    log_bucket_arn: str
    """Its ARN, known at preview."""
    key_arn: pulumi.Input[str]
    """KMS key of the class `logs`, with which Config encrypts what it delivers."""
    global_types: bool
    """Whether IAM and what else is in no region is recorded; in one region only, else it is recorded and paid for in each."""
    frequency: Frequency = "continuous"

    def __post_init__(self) -> None:
        if self.frequency not in ("continuous", "daily"):
            raise ValueError(f"frequency must be continuous or daily (got {self.frequency!r})")


class ConfigurationRecorder(Component, token="security:ConfigurationRecorder"):
    """AWS Config recording all types, with a role that writes under its own prefix alone (SEC-8, SEC-9).

    One for an account and region.
    Source: https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html
    """

    recorder_name: pulumi.Output[str]
    """Waits until it records, so that rules find something to judge."""

    def __init__(self, name: str, context: Context, args: ConfigurationRecorderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        role = Role(
            f"{name}-role",
            name=context.physical(name, limit=64),
            description="Reads the configuration of every resource and writes its history to the log bucket",
            assume_role_policy=assume_role("config.amazonaws.com", source_account=context.account_id),
            tags=self.tags(DataClass.LOGS, name=name),
            opts=self.child(),
        )
        reads = RolePolicyAttachment(f"{name}-reads", role=role.name, policy_arn=_READS, opts=self.child())
        writes = RolePolicy(f"{name}-writes", role=role.name, policy=_delivery(context, args), opts=self.child())
        recorder = Recorder(
            f"{name}-recorder",
            name=context.physical(name, limit=256),
            role_arn=role.arn,
            recording_group={"all_supported": True, "include_global_resource_types": args.global_types},
            recording_mode={"recording_frequency": args.frequency.upper()},
            opts=self.child(depends_on=[reads, writes]),
        )
        channel = DeliveryChannel(
            f"{name}-channel",
            name=context.physical(name, limit=256),
            s3_bucket_name=args.log_bucket,
            s3_key_prefix=HISTORY_PREFIX,
            s3_kms_key_arn=args.key_arn,
            snapshot_delivery_properties={"delivery_frequency": "TwentyFour_Hours"},
            opts=self.child(depends_on=[recorder]),
        )
        status = RecorderStatus(f"{name}-status", name=recorder.name, is_enabled=True, opts=self.child(depends_on=[channel]))
        self.recorder_name = status.name
        self.publish()


def _delivery(context: Context, args: ConfigurationRecorderArgs) -> Document:
    """Source: https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html"""
    return document(
        allow(
            "s3:PutObject",
            on=[f"{args.log_bucket_arn}/{HISTORY_PREFIX}/AWSLogs/{context.account_id}/*"],
            when={"StringLike": {"s3:x-amz-acl": "bucket-owner-full-control"}},
            sid="WriteHistory",
        ),
        allow("s3:GetBucketAcl", on=[args.log_bucket_arn], sid="FindBucket"),
        allow("kms:Decrypt", "kms:GenerateDataKey", on=[args.key_arn], sid="EncryptHistory"),
    )
