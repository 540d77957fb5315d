"""The rules that AWS Config judges the estate by: which, why, and for whose sake (SEC-8, COM-1).

Identifiers and parameters as AWS lists them: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
Frameworks are named where a rule is evidence for one; what the estate promises and Security Hub's standards already judge is not repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from config.vocabulary import TagKey

Framework = Literal["CIS", "GDPR", "ISO 27001", "LGPD", "PCI DSS", "SOC 2"]

_ALL: tuple[Framework, ...] = ("CIS", "GDPR", "ISO 27001", "LGPD", "PCI DSS", "SOC 2")
_PRIVACY: tuple[Framework, ...] = ("GDPR", "ISO 27001", "LGPD", "PCI DSS", "SOC 2")
_ASSURANCE: tuple[Framework, ...] = ("ISO 27001", "PCI DSS", "SOC 2")


@dataclass(frozen=True, kw_only=True, slots=True)
class ManagedRule:
    """A rule of AWS's own."""

    identifier: str
    """AWS's name, such as `RDS_STORAGE_ENCRYPTED`."""
    why: str
    """What goes wrong where it is not kept, as its description."""
    frameworks: tuple[Framework, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)
    account_wide: bool = False
    """Judges what is in no region, and is made once."""

    @property
    def name(self) -> str:
        """Return the identifier as lower-case words joined by hyphens."""
        return self.identifier.lower().replace("_", "-")


_TAGS = (TagKey.OWNER, TagKey.ENVIRONMENT, TagKey.COMPONENT, TagKey.DATA_CLASS, TagKey.JURISDICTION, TagKey.COST_CENTRE)
"""The rule takes six keys at most."""

RULES = (
    ManagedRule(
        identifier="ROOT_ACCOUNT_MFA_ENABLED",
        why="The root user without a second factor is the whole account for one password (SEC-1)",
        frameworks=_ALL,
        account_wide=True,
    ),
    ManagedRule(
        identifier="IAM_ROOT_ACCESS_KEY_CHECK",
        why="A key of the root user cannot be limited by any policy (SEC-1)",
        frameworks=_ALL,
        account_wide=True,
    ),
    ManagedRule(
        identifier="IAM_USER_MFA_ENABLED",
        why="Every person who enters shows a second factor (SEC-1)",
        frameworks=_ALL,
        account_wide=True,
    ),
    ManagedRule(
        identifier="ACCESS_KEYS_ROTATED",
        why="A key older than 90 days has been in too many places (SEC-1, SEC-2)",
        frameworks=_ALL,
        parameters={"maxAccessKeyAge": "90"},
        account_wide=True,
    ),
    ManagedRule(
        identifier="IAM_USER_UNUSED_CREDENTIALS_CHECK",
        why="Credentials unused for 45 days belong to someone who left or to nobody (SEC-9)",
        frameworks=_ALL,
        parameters={"maxCredentialUsageAge": "45"},
        account_wide=True,
    ),
    ManagedRule(
        identifier="IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
        why="A policy that allows everything makes all others idle (SEC-1)",
        frameworks=_ALL,
        account_wide=True,
    ),
    ManagedRule(
        identifier="S3_BUCKET_PUBLIC_READ_PROHIBITED",
        why="No bucket is read by everyone; the web client's is read by the distribution (DAT-5)",
        frameworks=_PRIVACY,
    ),
    ManagedRule(
        identifier="S3_BUCKET_PUBLIC_WRITE_PROHIBITED",
        why="A bucket that anyone writes to serves anyone's files (DAT-5)",
        frameworks=_PRIVACY,
    ),
    ManagedRule(identifier="S3_BUCKET_SSL_REQUESTS_ONLY", why="Objects travel encrypted (SEC-5)", frameworks=_PRIVACY),
    ManagedRule(
        identifier="S3_BUCKET_VERSIONING_ENABLED",
        why="Without versions, what is overwritten is lost (BDR-1)",
        frameworks=_ASSURANCE,
    ),
    ManagedRule(identifier="RDS_STORAGE_ENCRYPTED", why="Databases are encrypted at rest (DAT-2, SEC-4)", frameworks=_PRIVACY),
    ManagedRule(identifier="RDS_INSTANCE_PUBLIC_ACCESS_CHECK", why="No database has a public address (NET-5)", frameworks=_PRIVACY),
    ManagedRule(
        identifier="RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED",
        why="Security patches reach databases by themselves (SEC-11)",
        frameworks=_ASSURANCE,
    ),
    ManagedRule(
        identifier="ELASTICACHE_AUTO_MINOR_VERSION_UPGRADE_CHECK",
        why="Security patches reach caches by themselves (SEC-11)",
        frameworks=_ASSURANCE,
    ),
    ManagedRule(
        identifier="RDS_IN_BACKUP_PLAN", why="A database outside every backup plan is lost with its region (BDR-1)", frameworks=_PRIVACY
    ),
    ManagedRule(
        identifier="EFS_IN_BACKUP_PLAN", why="A file system outside every backup plan is lost with its region (BDR-1)", frameworks=_PRIVACY
    ),
    ManagedRule(
        identifier="DYNAMODB_PITR_ENABLED",
        why="A table goes back to any second of the last 35 days (BDR-1)",
        frameworks=_PRIVACY,
    ),
    ManagedRule(
        identifier="BACKUP_RECOVERY_POINT_ENCRYPTED",
        why="A backup is as confidential as what it copies (SEC-4)",
        frameworks=_PRIVACY,
    ),
    ManagedRule(identifier="EFS_ENCRYPTED_CHECK", why="File systems are encrypted at rest (SEC-4)", frameworks=_PRIVACY),
    ManagedRule(identifier="ENCRYPTED_VOLUMES", why="Volumes are encrypted at rest (SEC-4, DAT-8)", frameworks=_ALL),
    ManagedRule(
        identifier="SECRETSMANAGER_ROTATION_ENABLED_CHECK",
        why="A secret that never changes is known to all who ever saw it (SEC-2)",
        frameworks=_ASSURANCE,
    ),
    ManagedRule(
        identifier="SECRETSMANAGER_SCHEDULED_ROTATION_SUCCESS_CHECK",
        why="A rotation that fails leaves the old secret without a word (SEC-2)",
        frameworks=_ASSURANCE,
    ),
    ManagedRule(identifier="CMK_BACKING_KEY_ROTATION_ENABLED", why="Keys rotate by themselves (SEC-4)", frameworks=_ALL),
    ManagedRule(identifier="CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED", why="A changed log file is seen (SEC-8)", frameworks=_ALL),
    ManagedRule(
        identifier="CW_LOGGROUP_RETENTION_PERIOD_CHECK",
        why="Logs are there for a year of audits (COM-2)",
        frameworks=_ASSURANCE,
        parameters={"MinRetentionTime": "365"},
    ),
    ManagedRule(identifier="VPC_FLOW_LOGS_ENABLED", why="What spoke to what is on record (NET-9)", frameworks=_ALL),
    ManagedRule(
        identifier="VPC_DEFAULT_SECURITY_GROUP_CLOSED",
        why="What forgets its security group reaches nothing (NET-5)",
        frameworks=_ALL,
    ),
    ManagedRule(identifier="INCOMING_SSH_DISABLED", why="No machine listens to the world for a shell (NET-5)", frameworks=_ALL),
    ManagedRule(identifier="EC2_IMDSV2_CHECK", why="A tricked program cannot fetch its node's credentials (CMP-1)", frameworks=_ASSURANCE),
    ManagedRule(identifier="EKS_ENDPOINT_NO_PUBLIC_ACCESS", why="The Kubernetes API is private (CMP-1)", frameworks=_ASSURANCE),
    ManagedRule(
        identifier="REQUIRED_TAGS",
        why="What has no owner, class or law cannot be guarded as such (COM-1)",
        frameworks=_ASSURANCE,
        parameters={f"tag{number}Key": key.value for number, key in enumerate(_TAGS, start=1)},
    ),
)
