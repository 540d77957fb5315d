"""The copies of a bucket's objects in other regions (DAT-5, BDR-1, BDR-4)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch._inputs import MetricAlarmMetricQueryArgsDict
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy
from pulumi_aws.s3._inputs import BucketReplicationConfigRuleArgsDict, BucketReplicationConfigRuleDestinationArgsDict
from pulumi_aws.s3.bucket_replication_config import BucketReplicationConfig

from components._base.component import Component
from components._base.context import Context
from components._base.policy_document import Statement, allow, assume_role, document
from components.data.bucket_statements import bucket_arn
from config.vocabulary import DataClass

_TIMED_MINUTES = 15
"""The one threshold of S3 Replication Time Control, and the most that may be lost of critical data (BDR-4)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplicaBucket:
    """A bucket in another region that receives the copies."""

    rule: str
    """Name of the rule, stable: lower-case words joined by hyphens, such as the region."""
    region: str
    name: pulumi.Input[str]
    """The bucket, once its versioning stands: S3 refuses replication to a bucket without versions."""
    arn: str
    key_arn: pulumi.Input[str]
    """KMS key there, under which the copies are encrypted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BucketReplicationArgs:
    """What is copied where.

    Raises ValueError when there is no destination, when two share a rule, or when one is in the source's place.
    """

    bucket: str
    """Component name of the source, of which its ARN is derived."""
    bucket_name: pulumi.Input[str]
    """Physical name of the source, once its versioning stands."""
    key_arn: pulumi.Input[str]
    destinations: Sequence[ReplicaBucket]
    alert_topic_arn: pulumi.Input[str]
    locked: bool = False
    """Whether the source has an object lock, whose retention the copies keep."""
    timed: bool = True
    """Copies within 15 minutes, agreed with AWS (Replication Time Control)."""

    def __post_init__(self) -> None:
        rules = [each.rule for each in self.destinations]
        if not rules or len(set(rules)) != len(rules):
            raise ValueError(f"destinations must be one or more, each with a rule of its own (got {', '.join(rules) or 'none'})")


class BucketReplication(Component, token="data:BucketReplication"):
    """Each new object, and each deletion marker, is copied to every destination by a role that can do nothing else.

    Deleting a version is not copied: what is lost here for good is still there. Existing objects are not copied by S3 either.
    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
    """

    role_arn: pulumi.Output[str]
    rule_names: pulumi.Output[list[str]]
    """Names of the rules in force, of which each destination has one."""

    def __init__(self, name: str, context: Context, args: BucketReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        role = Role(
            f"{name}-role",
            name=context.physical(name, limit=64),
            description=f"S3 copies {args.bucket} to other regions",
            assume_role_policy=assume_role("s3.amazonaws.com"),
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-role"),
            opts=self.child(),
        )
        may_copy = RolePolicy(
            f"{name}-policy",
            name="replication",
            role=role.name,
            policy=document(*replication_statements(context, args)),
            opts=self.child(),
        )
        rules = BucketReplicationConfig(
            f"{name}-rules",
            bucket=args.bucket_name,
            role=role.arn,
            rules=[_rule(args, each, order) for order, each in enumerate(args.destinations, start=1)],
            opts=self.child(depends_on=[may_copy]),
        )
        self._alarm()
        self.role_arn = role.arn
        self.rule_names = rules.rules.apply(lambda found: [rule.id or "" for rule in found])
        self.publish()

    def _alarm(self) -> None:
        """Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-metrics.html"""
        args = self._args
        regions = " or ".join(each.region for each in args.destinations)
        counted = [f"failed{order}" for order in range(len(args.destinations))]
        MetricAlarm(
            f"{self._component}-failed",
            name=self.context.physical(f"{self._component}-failed", limit=255),
            alarm_description=f"S3 could not copy objects of {args.bucket} to {regions} (BDR-1)",
            metric_queries=[
                {"id": "failed", "expression": f"SUM([{', '.join(counted)}])", "label": "operations that failed", "return_data": True},
                *(self._failures(identity, each) for identity, each in zip(counted, args.destinations, strict=True)),
            ],
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            # Nothing was written, so nothing failed.
            treat_missing_data="notBreaching",
            alarm_actions=[args.alert_topic_arn],
            ok_actions=[args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-failed"),
            opts=self.child(),
        )

    def _failures(self, identity: str, destination: ReplicaBucket) -> MetricAlarmMetricQueryArgsDict:
        dimensions = {"SourceBucket": self._args.bucket_name, "DestinationBucket": destination.name, "RuleId": destination.rule}
        return {
            "id": identity,
            "return_data": False,
            "metric": {
                "namespace": "AWS/S3",
                "metric_name": "OperationsFailedReplication",
                "dimensions": dimensions,
                "period": 300,
                "stat": "Sum",
            },
        }


def replication_statements(context: Context, args: BucketReplicationArgs) -> list[Statement]:
    """Return what the role may do: read one bucket, write copies to the others, and use their keys through S3 alone.

    Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
    """
    source = bucket_arn(context, args.bucket)
    held = ("s3:GetObjectRetention", "s3:GetObjectLegalHold") if args.locked else ()
    statements = [
        allow("s3:GetReplicationConfiguration", "s3:ListBucket", on=[source], sid="ReadRules"),
        allow(
            *("s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging", *held),
            on=[f"{source}/*"],
            sid="ReadObjects",
        ),
        allow(
            *("s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"),
            on=[f"{each.arn}/*" for each in args.destinations],
            sid="WriteCopies",
        ),
        allow(
            "kms:Decrypt",
            on=[args.key_arn],
            when={
                "StringEquals": {"kms:ViaService": f"s3.{context.region}.amazonaws.com"},
                # With a bucket key the bucket's ARN is the context, without one the object's.
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": [source, f"{source}/*"]},
            },
            sid="OpenObjects",
        ),
    ]
    return statements + [
        allow(
            *("kms:Encrypt", "kms:GenerateDataKey"),
            on=[each.key_arn],
            when={
                "StringEquals": {"kms:ViaService": f"s3.{each.region}.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": [each.arn, f"{each.arn}/*"]},
            },
            sid="SealCopiesIn" + "".join(word.capitalize() for word in each.region.split("-")),
        )
        for each in args.destinations
    ]


def _rule(args: BucketReplicationArgs, destination: ReplicaBucket, priority: int) -> BucketReplicationConfigRuleArgsDict:
    target: BucketReplicationConfigRuleDestinationArgsDict = {
        "bucket": destination.arn,
        "storage_class": "INTELLIGENT_TIERING",
        "encryption_configuration": {"replica_kms_key_id": destination.key_arn},
        # Without Replication Time Control the metrics, and with them the alarm, have to be asked for.
        "metrics": {"status": "Enabled"},
    }
    if args.timed:
        target["replication_time"] = {"status": "Enabled", "time": {"minutes": _TIMED_MINUTES}}
        target["metrics"] = {"status": "Enabled", "event_threshold": {"minutes": _TIMED_MINUTES}}
    return {
        "id": destination.rule,
        "priority": priority,
        "status": "Enabled",
        "filter": {"prefix": ""},
        "delete_marker_replication": {"status": "Enabled"},
        "source_selection_criteria": {"sse_kms_encrypted_objects": {"status": "Enabled"}},
        "destination": target,
    }
