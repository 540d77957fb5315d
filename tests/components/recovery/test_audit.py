import re

import pytest

from components.recovery.audit import Audit, AuditArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record


def test_backups_are_held_against_what_was_promised() -> None:
    graph = record(lambda: Audit("audit", a_context(), AuditArgs(retention_days=30, kinds=("RDS", "S3"))))
    framework = graph.one("aws:backup/framework:Framework").inputs
    assert re.fullmatch(r"[a-zA-Z][_a-zA-Z0-9]*", framework["name"])
    held = {control["name"]: control for control in framework["controls"]}
    frequency = held["BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK"]["inputParameters"]
    assert {each["name"]: each["value"] for each in frequency} == {
        "requiredFrequencyUnit": "hours",
        "requiredFrequencyValue": "6",
        "requiredRetentionDays": "30",
    }
    scope = held["BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN"]["scope"]
    assert scope == {"complianceResourceTypes": ["RDS", "S3"], "tags": {"backup": "six-hourly"}}
    assert {"BACKUP_RECOVERY_POINT_ENCRYPTED", "BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED"} <= held.keys()


def test_a_promise_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="retention_days must be at least 1"):
        AuditArgs(retention_days=0, kinds=("RDS",))
    with pytest.raises(ValueError, match="at least one service"):
        AuditArgs(retention_days=30, kinds=())
