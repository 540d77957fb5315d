"""Which of AWS's own findings people are told of: one table of event patterns (SEC-8, SEC-6, SEC-11).

Sources: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html,
https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html,
https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html,
https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html,
https://docs.aws.amazon.com/health/latest/ug/cloudwatch-events-health.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SEVERE = 7
"""From here on GuardDuty calls a finding high or critical."""
NOTABLE = 4
"""From here on, medium."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingEvent:
    """One kind of event, and where in it stands what a person reads first."""

    name: str
    says: str
    pattern: Mapping[str, Any]
    title: str
    """JSON path of the finding's title or type."""


def _finding(service: str, kind: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pattern of an event of one service and kind whose detail is as given."""
    return {"source": [f"aws.{service}"], "detail-type": [kind], "detail": detail}


def _threat(*severity: Any) -> dict[str, Any]:
    return _finding("guardduty", "GuardDuty Finding", {"severity": [{"numeric": list(severity)}]})


EVENTS: tuple[FindingEvent, ...] = (
    FindingEvent(name="threats-severe", says="Severe threat", pattern=_threat(">=", SEVERE), title="$.detail.title"),
    FindingEvent(name="threats", says="Threat", pattern=_threat(">=", NOTABLE, "<", SEVERE), title="$.detail.title"),
    FindingEvent(
        name="posture",
        says="Control failed",
        pattern=_finding(
            "securityhub",
            "Security Hub Findings - Imported",
            {
                "findings": {
                    "Severity": {"Label": ["CRITICAL", "HIGH"]},
                    "Workflow": {"Status": ["NEW"]},
                    "RecordState": ["ACTIVE"],
                    # These are told of by their own rules.
                    "ProductName": [{"anything-but": ["GuardDuty", "Macie", "Inspector"]}],
                }
            },
        ),
        title="$.detail.findings[0].Title",
    ),
    FindingEvent(
        name="personal-data",
        says="Personal data at risk",
        pattern=_finding("macie", "Macie Finding", {"severity": {"description": ["Medium", "High"]}, "archived": [False]}),
        title="$.detail.title",
    ),
    FindingEvent(
        name="vulnerabilities",
        says="Critical vulnerability",
        pattern=_finding("inspector2", "Inspector2 Finding", {"severity": ["CRITICAL"], "status": ["ACTIVE"]}),
        title="$.detail.title",
    ),
    FindingEvent(
        name="images",
        says="Image with critical vulnerabilities",
        pattern=_finding("ecr", "ECR Image Scan", {"finding-severity-counts": {"CRITICAL": [{"numeric": [">", 0]}]}}),
        title="$.detail.repository-name",
    ),
    FindingEvent(
        name="outside-access",
        says="Reachable from outside the account",
        pattern=_finding("access-analyzer", "Access Analyzer Finding", {"status": ["ACTIVE"]}),
        title="$.detail.resource",
    ),
    FindingEvent(
        name="aws-health",
        says="AWS tells of a fault or a change to come",
        pattern=_finding("health", "AWS Health Event", {"eventTypeCategory": ["issue", "scheduledChange"]}),
        title="$.detail.eventTypeCode",
    ),
)
