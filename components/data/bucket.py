"""A bucket with every protection S3 has (DAT-5); what differs between buckets is in the args."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_aws.s3._inputs import BucketLifecycleConfigurationRuleArgsDict
from pulumi_aws.s3.bucket import Bucket as S3Bucket
from pulumi_aws.s3.bucket_intelligent_tiering_configuration import BucketIntelligentTieringConfiguration
from pulumi_aws.s3.bucket_lifecycle_configuration import BucketLifecycleConfiguration
from pulumi_aws.s3.bucket_logging import BucketLogging
from pulumi_aws.s3.bucket_object_lock_configuration import BucketObjectLockConfiguration
from pulumi_aws.s3.bucket_ownership_controls import BucketOwnershipControls
from pulumi_aws.s3.bucket_policy import BucketPolicy
from pulumi_aws.s3.bucket_public_access_block import BucketPublicAccessBlock
from pulumi_aws.s3.bucket_server_side_encryption_configuration import BucketServerSideEncryptionConfiguration
from pulumi_aws.s3.bucket_versioning import BucketVersioning

from components._base.component import Component
from components._base.context import Context
from components._base.policy_document import Statement, document
from components.data.bucket_statements import SERVER_ACCESS_PREFIX, bucket_arn, tls_only
from config.vocabulary import Backup, DataClass

_ABANDONED_UPLOAD_DAYS = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectLock:
    """How long a new object can be neither changed nor deleted (write once, read many).

    `COMPLIANCE` binds everyone, the account's root user too; `GOVERNANCE` can be lifted by a permission of its own.
    """

    mode: Literal["GOVERNANCE", "COMPLIANCE"]
    days: int

    def __post_init__(self) -> None:
        if self.mode not in ("GOVERNANCE", "COMPLIANCE"):
            raise ValueError(f"mode must be GOVERNANCE or COMPLIANCE (got {self.mode!r})")
        if self.days < 1:
            raise ValueError(f"days of an object lock must be at least 1 (got {self.days})")


@dataclass(frozen=True, kw_only=True, slots=True)
class BucketArgs:
    """What a bucket holds, who may use it and how its objects age.

    Raises ValueError naming the option when S3 would refuse it, or when an option would have no effect.
    """

    data_class: DataClass
    key_arn: pulumi.Input[str] | None
    """KMS key; None means SSE-S3, which AWS requires of a bucket that receives access logs of load balancers or buckets."""
    log_bucket: pulumi.Input[str] | None
    """Name of the bucket for server access logs; None for the log bucket itself."""
    statements: Sequence[Statement] = ()
    """Grants beside the account's own IAM policies, from `bucket_statements`."""
    tiered: bool = True
    """Objects move to Intelligent-Tiering at once."""
    archive_after_days: int | None = None
    """Objects not read for so long go to its Archive tier, from which reading takes hours; only for backups."""
    expire_after_days: int | None = None
    noncurrent_days: int = 90
    """How long a replaced or deleted version can be brought back."""
    object_lock: ObjectLock | None = None
    tenant: str | None = None
    backup: Backup | None = None
    """What backs it up; None for what its data class needs, and for nothing where the bucket is itself a copy of another region's."""
    protect: bool = True

    def __post_init__(self) -> None:
        if self.archive_after_days is not None and not (self.tiered and 90 <= self.archive_after_days <= 730):
            raise ValueError(
                f"archive_after_days must be 90 to 730, of a tiered bucket (got {self.archive_after_days}, tiered={self.tiered})"
            )
        for option in ("expire_after_days", "noncurrent_days"):
            days = getattr(self, option)
            if days is not None and days < 1:
                raise ValueError(f"{option} must be at least 1 (got {days})")
        lock = self.object_lock
        if lock is not None and self.expire_after_days is not None and self.expire_after_days < lock.days:
            raise ValueError(f"expire_after_days {self.expire_after_days} is sooner than object_lock allows; give at least {lock.days}")


class Bucket(Component, token="data:Bucket"):
    """A private, versioned, encrypted bucket that speaks TLS only."""

    name: pulumi.Output[str]
    """Like `arn` it waits until policy and versioning stand: whoever writes or copies here finds a bucket that lets them."""
    arn: pulumi.Output[str]
    regional_domain_name: pulumi.Output[str]
    """Host name for an origin of a distribution; it does not wait for the policy, which may name that distribution."""

    def __init__(self, name: str, context: Context, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self._bucket = S3Bucket(
            f"{name}-bucket",
            bucket=context.physical(name),
            force_destroy=False,
            object_lock_enabled=args.object_lock is not None,
            tags=self.tags(args.data_class, name=name, tenant=args.tenant, backup=_backup(context, args)),
            opts=self.child(protect=args.protect),
        )
        private = self._close_to_the_public()
        self._encrypt()
        versioning = self._version_and_age()
        if args.log_bucket is not None:
            BucketLogging(
                f"{name}-logging",
                bucket=self._bucket.bucket,
                target_bucket=args.log_bucket,
                target_prefix=f"{SERVER_ACCESS_PREFIX}/{context.physical(name)}/",
                opts=self.child(),
            )
        policy = BucketPolicy(
            f"{name}-policy",
            bucket=self._bucket.bucket,
            policy=document(*tls_only(bucket_arn(context, name)), *args.statements),
            # S3 refuses two changes of a bucket's access at once.
            opts=self.child(depends_on=private),
        )
        self.name = pulumi.Output.all(policy.bucket, versioning.bucket).apply(lambda names: str(names[0]))
        self.arn = self.name.apply(lambda bucket: f"arn:aws:s3:::{bucket}")
        self.regional_domain_name = self._bucket.bucket_regional_domain_name
        self.publish()

    def _close_to_the_public(self) -> list[pulumi.Resource]:
        block = BucketPublicAccessBlock(
            f"{self._component}-public-access",
            bucket=self._bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.child(),
        )
        ownership = BucketOwnershipControls(
            f"{self._component}-ownership",
            bucket=self._bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=self.child(depends_on=block),
        )
        return [block, ownership]

    def _encrypt(self) -> None:
        key = self._args.key_arn
        BucketServerSideEncryptionConfiguration(
            f"{self._component}-encryption",
            bucket=self._bucket.bucket,
            rules=[
                {
                    "apply_server_side_encryption_by_default": {
                        "sse_algorithm": "AES256" if key is None else "aws:kms",
                        "kms_master_key_id": key,
                    },
                    "bucket_key_enabled": key is not None,
                    # A client's own key would make an object that nobody here can read.
                    "blocked_encryption_types": ["SSE-C"],
                }
            ],
            opts=self.child(),
        )

    def _version_and_age(self) -> BucketVersioning:
        args = self._args
        versioning = BucketVersioning(
            f"{self._component}-versioning",
            bucket=self._bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=self.child(),
        )
        BucketLifecycleConfiguration(
            f"{self._component}-lifecycle",
            bucket=self._bucket.bucket,
            rules=lifecycle_rules(args),
            opts=self.child(depends_on=versioning),
        )
        if args.archive_after_days is not None:
            BucketIntelligentTieringConfiguration(
                f"{self._component}-tiering",
                bucket=self._bucket.bucket,
                name="archive",
                status="Enabled",
                tierings=[{"access_tier": "ARCHIVE_ACCESS", "days": args.archive_after_days}],
                opts=self.child(),
            )
        if args.object_lock is not None:
            BucketObjectLockConfiguration(
                f"{self._component}-lock",
                bucket=self._bucket.bucket,
                rule={"default_retention": {"mode": args.object_lock.mode, "days": args.object_lock.days}},
                opts=self.child(depends_on=versioning),
            )
        return versioning


def _backup(context: Context, args: BucketArgs) -> Backup:
    if args.backup is not None:
        return args.backup
    return Backup.SIX_HOURLY if args.data_class.is_backed_up and context.origin is None else Backup.NONE


def lifecycle_rules(args: BucketArgs) -> list[BucketLifecycleConfigurationRuleArgsDict]:
    """Return the lifecycle rules, each over the whole bucket.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
    """
    rules: list[BucketLifecycleConfigurationRuleArgsDict] = [
        {
            "id": "tidy",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abort_incomplete_multipart_upload": {"days_after_initiation": _ABANDONED_UPLOAD_DAYS},
            "noncurrent_version_expiration": {"noncurrent_days": args.noncurrent_days},
            "expiration": {"expired_object_delete_marker": True},
        }
    ]
    if args.tiered:
        rules.append(
            {
                "id": "tier",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "transitions": [{"days": 0, "storage_class": "INTELLIGENT_TIERING"}],
            }
        )
    if args.expire_after_days is not None:
        rules.append(
            {
                "id": "expire",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "expiration": {"days": args.expire_after_days},
            }
        )
    return rules
