"""Who did what in the account: CloudTrail's record of one region (SEC-8, OBS-4, D1)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudtrail._inputs import TrailAdvancedEventSelectorArgsDict, TrailInsightSelectorArgsDict
from pulumi_aws.cloudtrail.trail import Trail
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy

from components._base import Component, Context, Principal, Statement, allow, assume_role, document
from components._base.log_retention import check_retention
from components._base.policy_document import Document
from config.vocabulary import DataClass

_SERVICE = "cloudtrail.amazonaws.com"


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditTrailArgs:
    """What is recorded, and where it is kept.

    Raises ValueError when CloudWatch Logs has no such retention, or when a bucket is no bucket's ARN.
    """

    bucket: pulumi.Input[str]
    """Name of the bucket the records go to; its policy holds `trail_statements`."""
    key_arn: pulumi.Input[str]
    """KMS key of the class `logs`, whose policy lets CloudTrail and CloudWatch Logs use it."""
    watched_buckets: Sequence[str]
    """ARNs of buckets whose every object access is recorded: those that hold personal data."""
    watched_families: Sequence[str] = ()
    """What ARNs of such buckets begin with where they come and go, such as those of tenants; it ends with a hyphen."""
    watched_tables: Sequence[str] = ()
    """ARNs of tables whose every read and write is recorded: those that hold personal data."""
    global_events: bool
    """Record global services such as IAM; true in us-east-1, where AWS records them, and nowhere else."""
    insights: bool = False
    """Let CloudTrail look for unusual rates of calls and errors, which AWS charges for by events analysed."""
    retention_days: int = 365
    """How long CloudWatch keeps what alarms watch (COM-2); the bucket's lifecycle decides of the records."""

    def __post_init__(self) -> None:
        check_retention("retention_days", self.retention_days)
        for arn in self.watched_buckets:
            if not arn.startswith("arn:aws:s3:::") or arn.endswith("/"):
                raise ValueError(f"watched_buckets must be ARNs of buckets such as arn:aws:s3:::name (got {arn!r})")
        for arn in self.watched_families:
            if not arn.startswith("arn:aws:s3:::") or not arn.endswith("-"):
                raise ValueError(f"watched_families must be what ARNs of buckets begin with, such as arn:aws:s3:::name- (got {arn!r})")


class AuditTrail(Component, token="observability:AuditTrail"):
    """A validated, encrypted trail of one region that stays in it, delivered to a bucket and to a log group (SEC-8, OBS-4)."""

    arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: AuditTrailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
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
            description="Lets CloudTrail write the region's trail to its log group",
            assume_role_policy=assume_role(_SERVICE, source_account=context.account_id, source_arn=trail_arn(context, name)),
            tags=self.tags(DataClass.LOGS, name=name),
            opts=self.child(),
        )
        written = RolePolicy(f"{name}-write", role=role.name, policy=_write_policy(context, group_name), opts=self.child())
        trail = Trail(
            f"{name}-trail",
            name=context.physical(name, limit=128),
            s3_bucket_name=args.bucket,
            kms_key_id=args.key_arn,
            cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{arn}:*"),
            cloud_watch_logs_role_arn=role.arn,
            enable_log_file_validation=True,
            enable_logging=True,
            # What happens in a region is recorded there, and its record leaves it for nowhere (D1).
            is_multi_region_trail=False,
            include_global_service_events=args.global_events,
            advanced_event_selectors=selectors(args.watched_buckets, args.watched_families, args.watched_tables),
            insight_selectors=_insights(args.insights),
            tags=self.tags(DataClass.LOGS, name=name),
            opts=self.child(depends_on=[written]),
        )
        self.arn = trail.arn
        self.log_group_name = group.name
        self.publish()


def trail_arn(context: Context, name: str) -> str:
    """Return the ARN of the trail of the component `name`, known before it exists."""
    return context.arn("cloudtrail", f"trail/{context.physical(name, limit=128)}")


def trail_statements(context: Context, name: str, bucket_arn: str) -> tuple[Statement, ...]:
    """Return what the bucket's policy must let CloudTrail do, for this one trail.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    """
    service, source = [Principal.services(_SERVICE)], {"aws:SourceArn": trail_arn(context, name)}
    return (
        allow("s3:GetBucketAcl", on=[bucket_arn], to=service, when={"StringEquals": source}, sid="TrailChecksBucket"),
        allow(
            "s3:PutObject",
            on=[f"{bucket_arn}/AWSLogs/{context.account_id}/*"],
            to=service,
            when={"StringEquals": source | {"s3:x-amz-acl": "bucket-owner-full-control"}},
            sid="TrailWrites",
        ),
    )


def selectors(
    watched_buckets: Sequence[str], watched_families: Sequence[str] = (), watched_tables: Sequence[str] = ()
) -> list[TrailAdvancedEventSelectorArgsDict]:
    """Return what is recorded: all management calls but KMS's countless uses of keys, and access to watched objects and tables.

    Changes of keys are writes, so the second selector has them.
    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
    """
    found: list[TrailAdvancedEventSelectorArgsDict] = [
        {
            "name": "All management calls but those of KMS",
            "field_selectors": [
                {"field": "eventCategory", "equals": ["Management"]},
                {"field": "eventSource", "not_equals": ["kms.amazonaws.com"]},
            ],
        },
        {
            "name": "All management calls that change something",
            "field_selectors": [{"field": "eventCategory", "equals": ["Management"]}, {"field": "readOnly", "equals": ["false"]}],
        },
    ]
    if beginnings := [*(f"{arn}/" for arn in watched_buckets), *watched_families]:
        found.append(_of_data("Objects with personal data", "AWS::S3::Object", beginnings))
    if watched_tables:
        found.append(_of_data("Tables with personal data", "AWS::DynamoDB::Table", watched_tables))
    return found


def _of_data(name: str, kind: str, beginnings: Sequence[str]) -> TrailAdvancedEventSelectorArgsDict:
    return {
        "name": name,
        "field_selectors": [
            {"field": "eventCategory", "equals": ["Data"]},
            {"field": "resources.type", "equals": [kind]},
            {"field": "resources.ARN", "starts_withs": list(beginnings)},
        ],
    }


def _insights(wanted: bool) -> list[TrailInsightSelectorArgsDict]:
    return [{"insight_type": kind} for kind in ("ApiCallRateInsight", "ApiErrorRateInsight")] if wanted else []


def _write_policy(context: Context, group_name: str) -> Document:
    """Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html"""
    stream = f"log-group:{group_name}:log-stream:{context.account_id}_CloudTrail_{context.region}*"
    return document(allow("logs:CreateLogStream", "logs:PutLogEvents", on=[context.arn("logs", stream)], sid="WriteToOwnStream"))
