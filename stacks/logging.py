"""The record of who did what in a region, and the alarms on it (SEC-8, OBS-4, D1)."""

from components._base import Context
from components.data.bucket import Bucket, BucketArgs, ObjectLock
from components.data.bucket_statements import bucket_arn
from components.observability.audit_trail import AuditTrail, AuditTrailArgs, trail_statements
from components.observability.trail_alarms import TrailAlarms, TrailAlarmsArgs
from config.estate import HUB_REGION
from config.load import Settings
from config.vocabulary import DataClass
from stacks.foundation import Foundation

TRAIL = "audit-trail"
"""Name of the trail."""
RECORDS = "audit-records"
"""Name of the bucket the trail's records go to."""
WATCHED = ("files", "backups")
"""Buckets of the region that hold personal data: every access to their objects is recorded."""
TENANTS = "tenant"
"""What names of tenants' buckets begin with; they come and go, and all of them are watched."""
SCHEDULING = "scheduling-table"
"""Name of the table of the scheduling service, whose items are about persons."""


def table_arn(context: Context) -> str:
    """Return the ARN of the scheduling service's table, known before it exists."""
    return context.arn("dynamodb", f"table/{context.physical(SCHEDULING, limit=255)}")


def build_logging(settings: Settings, context: Context, foundation: Foundation) -> None:
    """Build the trail, its locked bucket and its alarms, where this stack owns the account in its region.

    A stack that shares account and region with another one is recorded by that one's trail.
    """
    if not settings.estate.owns_region(settings.stack):
        return
    plan, everywhere = settings.plan, context.region is HUB_REGION
    records = Bucket(
        RECORDS,
        context,
        BucketArgs(
            data_class=DataClass.LOGS,
            key_arn=foundation.keys.logs_arn,
            log_bucket=foundation.logs.name,
            statements=trail_statements(context, TRAIL, bucket_arn(context, RECORDS)),
            expire_after_days=plan.storage.log_days,
            object_lock=ObjectLock(mode=plan.audit.lock_mode, days=plan.audit.lock_days),
            protect=plan.protect,
        ),
    )
    trail = AuditTrail(
        TRAIL,
        context,
        AuditTrailArgs(
            bucket=records.name,
            key_arn=foundation.keys.logs_arn,
            watched_buckets=[bucket_arn(context, name) for name in WATCHED],
            watched_families=[f"{bucket_arn(context, TENANTS)}-"],
            watched_tables=[table_arn(context)] if plan.scheduling.enabled else [],
            global_events=everywhere,
            insights=plan.audit.insights,
            retention_days=plan.log_retention_days,
        ),
    )
    TrailAlarms(
        "audit",
        context,
        TrailAlarmsArgs(log_group_name=trail.log_group_name, alert_topic_arn=foundation.alert_topic_arn, global_events=everywhere),
    )
