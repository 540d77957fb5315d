"""What EventBridge hands over is contained, and people are told what was done."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns import sns_backends

from services.incident_response import handler
from tests.services.incident_response.scene import REGION, Scene, scene


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with scene(monkeypatch) as made:
        monkeypatch.setattr(handler, "connect", made.connect)
        monkeypatch.setenv("QUARANTINE_GROUP", made.quarantine)
        monkeypatch.setenv("ALERT_TOPIC", made.topic)
        yield made


def _event(**resource: Any) -> dict[str, Any]:
    detail = {"id": "finding-1", "type": "Backdoor:EC2/C&CActivity.B", "severity": 8, "resource": resource}
    return {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": detail}


def _told(scene: Scene) -> list[tuple[str, Any]]:
    topic = sns_backends[DEFAULT_ACCOUNT_ID][REGION].topics[scene.topic]
    return [(subject or "", json.loads(message)) for _, message, subject, *_ in topic.sent_notifications]


def test_an_instance_and_a_key_of_one_finding_are_both_contained_and_told_of_once(found: Scene) -> None:
    key = {"userType": "IAMUser", "userName": "robot", "accessKeyId": found.key}
    event = _event(instanceDetails={"instanceId": found.instance}, accessKeyDetails=key)
    report = handler.handle(event, None)
    assert found.groups() == {found.quarantine}
    assert found.key_state() == "Inactive"
    [(subject, message)] = _told(found)
    assert subject == "Contained: Backdoor:EC2/C&CActivity.B"
    assert message == report and report["done"]
    handler.handle(event, None)
    assert len(_told(found)) == 1, "what is done already is not told again"


def test_a_rehearsal_changes_nothing_and_says_that_it_is_one(found: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRY_RUN", "true")
    handler.handle(_event(instanceDetails={"instanceId": found.instance}), None)
    assert found.quarantine not in found.groups()
    assert _told(found)[0][0].startswith("Would contain")


def test_a_roles_temporary_key_and_a_finding_that_names_neither_are_left(found: Scene) -> None:
    key = {"userType": "AssumedRole", "userName": "robot", "accessKeyId": found.key}
    assert handler.handle(_event(accessKeyDetails=key), None)["done"] == []
    assert handler.handle(_event(s3BucketDetails=[{"name": "files"}]), None)["done"] == []
    assert found.key_state() == "Active"
    assert _told(found) == []


def test_what_is_no_finding_fails_aloud(found: Scene) -> None:
    with pytest.raises(KeyError):
        handler.handle({"detail": {}}, None)


def test_the_function_needs_nothing_but_what_lambda_has() -> None:
    folder = Path(handler.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    named = {line.split()[1].partition(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert named <= {"boto3", "services", *sys.stdlib_module_names}
