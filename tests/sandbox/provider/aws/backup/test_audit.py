"""Frameworks and report plans against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

FRAMEWORK = "aws:backup/framework:Framework"
REPORT = "aws:backup/reportPlan:ReportPlan"


def framework(**more: Any) -> dict[str, Any]:
    return {
        "name": "estate",
        "description": "what backups are held against",
        "controls": [
            {"name": "BACKUP_RECOVERY_POINT_ENCRYPTED"},
            {
                "name": "BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK",
                "inputParameters": [{"name": "requiredFrequencyUnit", "value": "hours"}, {"name": "requiredFrequencyValue", "value": "6"}],
            },
            {
                "name": "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN",
                "scope": {"complianceResourceTypes": ["RDS"], "tags": {"backup": "six-hourly"}},
            },
        ],
        **more,
    }


def test_a_framework_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(FRAMEWORK, **framework(tags={"owner": "platform"}))
    backup = life.boto("backup")
    live = {item["ControlName"]: item for item in backup.describe_framework(FrameworkName="estate")["FrameworkControls"]}
    assert live["BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN"]["ControlScope"]["Tags"] == {"backup": "six-hourly"}
    assert {"ParameterName": "requiredFrequencyValue", "ParameterValue": "6"} in live["BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK"][
        "ControlInputParameters"
    ]
    assert [item["FrameworkName"] for item in backup.list_frameworks()["Frameworks"]] == ["estate"]
    assert life.refresh() == []
    life.update(**framework(controls=[{"name": "BACKUP_RECOVERY_POINT_ENCRYPTED"}], tags={"owner": "others"}))
    assert len(backup.describe_framework(FrameworkName="estate")["FrameworkControls"]) == 1
    assert backup.list_tags(ResourceArn=life.outputs["arn"])["Tags"] == {"owner": "others"}
    assert life.refresh() == []
    backup.update_framework(FrameworkName="estate", FrameworkDescription="changed", IdempotencyToken="other")
    assert [change.path for change in life.refresh()] == ["description"]
    assert life.replaced_by(**framework(name="other")) == {"name"}
    life.delete()
    assert life.gone()


def test_a_framework_that_would_be_refused_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match=r"with-hyphen"):
        workbench.life(FRAMEWORK).check(**framework(name="with-hyphen"))


def report(**more: Any) -> dict[str, Any]:
    return {
        "name": "jobs",
        "reportDeliveryChannel": {"s3BucketName": "logs", "s3KeyPrefix": "backup", "formats": ["CSV"]},
        "reportSetting": {"reportTemplate": "BACKUP_JOB_REPORT"},
        **more,
    }


def test_a_report_plan_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(REPORT, **report(tags={"owner": "platform"}))
    backup = life.boto("backup")
    live = backup.describe_report_plan(ReportPlanName="jobs")["ReportPlan"]
    assert live["ReportDeliveryChannel"] == {"S3BucketName": "logs", "S3KeyPrefix": "backup", "Formats": ["CSV"]}
    assert live["ReportSetting"]["ReportTemplate"] == "BACKUP_JOB_REPORT"
    assert life.refresh() == []
    life.update(**report(reportSetting={"reportTemplate": "RESTORE_JOB_REPORT"}, tags={"owner": "others"}))
    live = backup.describe_report_plan(ReportPlanName="jobs")["ReportPlan"]
    assert live["ReportSetting"]["ReportTemplate"] == "RESTORE_JOB_REPORT"
    assert backup.list_tags(ResourceArn=life.outputs["arn"])["Tags"] == {"owner": "others"}
    assert life.refresh() == []
    assert life.replaced_by(**report(name="other")) == {"name"}
    life.delete()
    assert life.gone()
