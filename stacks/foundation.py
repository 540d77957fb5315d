"""What all else in a stack stands on: keys, encryption by default, the bucket that logs go to, and the topic that alerts go to."""

from dataclasses import dataclass

import pulumi

from components._base import Context
from components.data.account_storage import AccountStorage
from components.data.bucket import Bucket, BucketArgs
from components.data.bucket_statements import bucket_arn, distribution_logs, load_balancer_logs, server_access_logs, threat_findings
from components.observability.alert_topic import AlertTopic, AlertTopicArgs
from components.security.keys import Keys, KeysArgs
from components.security.volume_encryption import VolumeEncryption, VolumeEncryptionArgs
from config.load import Settings
from config.vocabulary import DataClass

LOGS = "logs"
"""The log bucket's name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Foundation:
    """What the hub and the region build upon."""

    keys: Keys
    logs: Bucket
    alert_topic_arn: pulumi.Output[str]
    """Where alarms and findings of the region go."""


def build_foundation(settings: Settings, context: Context) -> Foundation:
    """Build keys and the log bucket, and what exists once in an account or region where this stack owns it."""
    plan, estate = settings.plan, settings.estate
    keys = Keys("keys", context, KeysArgs(protect=plan.protect))
    if estate.owns_account(settings.stack):
        AccountStorage("account-storage", context)
    if estate.owns_region(settings.stack):
        VolumeEncryption("volume-encryption", context, VolumeEncryptionArgs(key_arn=keys.operational_arn))
    alerts = AlertTopic("alerts", context, AlertTopicArgs(key_arn=keys.operational_arn, recipients=plan.alerts))
    return Foundation(keys=keys, logs=_log_bucket(settings, context), alert_topic_arn=alerts.arn)


def _log_bucket(settings: Settings, context: Context) -> Bucket:
    arn = bucket_arn(context, LOGS)
    statements = [server_access_logs(context, arn), load_balancer_logs(context, arn)]
    if settings.plan.hub:
        statements.append(distribution_logs(context, arn))
    if settings.plan.guarding.threat_detection and settings.estate.owns_region(settings.stack):
        statements += threat_findings(context, arn)
    return Bucket(
        LOGS,
        context,
        BucketArgs(
            data_class=DataClass.LOGS,
            # Load balancers and S3 itself can write only where SSE-S3 encrypts.
            key_arn=None,
            log_bucket=None,
            statements=statements,
            expire_after_days=settings.plan.storage.log_days,
            protect=settings.plan.protect,
        ),
    )
