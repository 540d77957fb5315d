"""Each event pattern is tried on events as AWS sends them, and on others that resemble them."""

import json
from typing import Any

import pytest
from moto.events.models import EventPattern

from components.observability.finding_events import EVENTS, FindingEvent


def _event(source: str, kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"source": source, "detail-type": kind, "account": "123456789012", "region": "eu-west-1", "resources": [], "detail": detail}


def _threat(severity: float) -> dict[str, Any]:
    return _event("aws.guardduty", "GuardDuty Finding", {"severity": severity, "title": "x"})


def _control(**changes: Any) -> dict[str, Any]:
    finding = {"Severity": {"Label": "HIGH"}, "Workflow": {"Status": "NEW"}, "RecordState": "ACTIVE", "ProductName": "Security Hub"}
    return _event("aws.securityhub", "Security Hub Findings - Imported", {"findings": {**finding, **changes}})


def _macie(severity: str, archived: bool = False) -> dict[str, Any]:
    return _event("aws.macie", "Macie Finding", {"severity": {"description": severity}, "archived": archived})


TOLD: dict[str, list[dict[str, Any]]] = {
    "threats-severe": [_threat(7), _threat(8.9)],
    "threats": [_threat(4), _threat(6.9)],
    "posture": [_control(), _control(Severity={"Label": "CRITICAL"})],
    "personal-data": [_macie("High"), _macie("Medium")],
    "vulnerabilities": [_event("aws.inspector2", "Inspector2 Finding", {"severity": "CRITICAL", "status": "ACTIVE"})],
    "images": [_event("aws.ecr", "ECR Image Scan", {"finding-severity-counts": {"CRITICAL": 2, "HIGH": 1}})],
    "outside-access": [_event("aws.access-analyzer", "Access Analyzer Finding", {"status": "ACTIVE"})],
    "aws-health": [_event("aws.health", "AWS Health Event", {"eventTypeCategory": "issue"})],
}
SPARED: dict[str, list[dict[str, Any]]] = {
    "threats-severe": [_threat(6.9), _event("aws.macie", "GuardDuty Finding", {"severity": 8})],
    "threats": [_threat(3.9), _threat(7)],
    "posture": [_control(Severity={"Label": "LOW"}), _control(Workflow={"Status": "SUPPRESSED"}), _control(ProductName="GuardDuty")],
    "personal-data": [_macie("Low"), _macie("High", archived=True)],
    "vulnerabilities": [_event("aws.inspector2", "Inspector2 Finding", {"severity": "CRITICAL", "status": "CLOSED"})],
    "images": [_event("aws.ecr", "ECR Image Scan", {"finding-severity-counts": {"HIGH": 9}})],
    "outside-access": [_event("aws.access-analyzer", "Access Analyzer Finding", {"status": "RESOLVED"})],
    "aws-health": [_event("aws.health", "AWS Health Event", {"eventTypeCategory": "accountNotification"})],
}


def _tells(each: FindingEvent, event: dict[str, Any]) -> bool:
    return bool(EventPattern.load(json.dumps(each.pattern)).matches_event(event))


@pytest.mark.parametrize("each", EVENTS, ids=lambda each: each.name)
def test_people_are_told_of_what_matters_and_spared_what_does_not(each: FindingEvent) -> None:
    assert TOLD[each.name] and SPARED[each.name]
    for event in TOLD[each.name]:
        assert _tells(each, event), event
    for event in SPARED[each.name]:
        assert not _tells(each, event), event


def test_nobody_is_told_of_one_event_twice() -> None:
    for events in TOLD.values():
        for event in events:
            assert len([each for each in EVENTS if _tells(each, event)]) == 1
