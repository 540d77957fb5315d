"""What happens when AWS finds something: people are told, and what is severe is contained (SEC-8)."""

from components._base import Context
from components.observability.finding_notices import FindingNotices, FindingNoticesArgs
from components.security.incident_response import IncidentResponse, IncidentResponseArgs
from config.load import ROOT, Settings
from stacks.foundation import Foundation
from stacks.handoff import RegionExports

_PARTS = ("__init__", "access_key", "handler", "instance")
_FILES = ("services/__init__.py", *(f"services/incident_response/{part}.py" for part in _PARTS))


def build_response(settings: Settings, context: Context, foundation: Foundation, region: RegionExports) -> None:
    """Build the notices and the response, where this stack owns the account in its region: findings are of both."""
    if not settings.estate.owns_region(settings.stack):
        return
    FindingNotices("findings", context, FindingNoticesArgs(alert_topic_arn=foundation.alert_topic_arn))
    IncidentResponse(
        "incident-response",
        context,
        IncidentResponseArgs(
            vpc_id=region.vpc_id,
            sources={path: (ROOT / path).read_text(encoding="utf-8") for path in _FILES},
            alert_topic_arn=foundation.alert_topic_arn,
            topic_key_arn=foundation.keys.operational_arn,
            log_key_arn=foundation.keys.logs_arn,
            contain=settings.plan.audit.contain,
            log_retention_days=settings.plan.log_retention_days,
        ),
    )
