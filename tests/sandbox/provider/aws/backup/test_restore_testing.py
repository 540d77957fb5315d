"""Restore testing plans and selections against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
ROLE = "arn:aws:iam::123456789012:role/restore"
VAULT = "arn:aws:backup:eu-west-1:123456789012:backup-vault:estate"


def plan(**more: Any) -> dict[str, Any]:
    points = {"algorithm": "LATEST_WITHIN_WINDOW", "includeVaults": [VAULT], "recoveryPointTypes": ["SNAPSHOT"], "selectionWindowDays": 7}
    return {"name": "weekly", "recoveryPointSelection": points, "scheduleExpression": "cron(0 8 ? * SUN *)", "startWindowHours": 8, **more}


def a_plan(workbench: Workbench) -> Life:
    return workbench.made(PLAN, logical="plan", **plan())


def test_a_restore_testing_plan_lives_as_declared(workbench: Workbench) -> None:
    life = a_plan(workbench)
    backup = life.boto("backup")
    live = backup.get_restore_testing_plan(RestoreTestingPlanName="weekly")["RestoreTestingPlan"]
    assert live["RecoveryPointSelection"]["IncludeVaults"] == [VAULT]
    assert (live["ScheduleExpressionTimezone"], live["StartWindowHours"]) == ("Etc/UTC", 8)
    assert life.refresh() == []
    life.update(**plan(scheduleExpression="cron(0 9 ? * SUN *)", tags={"owner": "platform"}))
    live = backup.get_restore_testing_plan(RestoreTestingPlanName="weekly")["RestoreTestingPlan"]
    assert live["ScheduleExpression"] == "cron(0 9 ? * SUN *)"
    assert backup.list_tags(ResourceArn=life.outputs["arn"])["Tags"] == {"owner": "platform"}
    assert life.refresh() == []
    backup.update_restore_testing_plan(RestoreTestingPlanName="weekly", RestoreTestingPlan={"StartWindowHours": 1})
    assert [change.path for change in life.refresh()] == ["startWindowHours"]
    assert life.replaced_by(**plan(name="monthly")) == {"name"}
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("change", "reason"), [({"name": "with-hyphen"}, "letters, digits and underscores"), ({"startWindowHours": 200}, "1 to 168")]
)
def test_a_restore_testing_plan_that_would_be_refused_is_refused(workbench: Workbench, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(PLAN).check(**plan(**change))


def selection(**more: Any) -> dict[str, Any]:
    return {
        "name": "databases",
        "restoreTestingPlanName": "weekly",
        "protectedResourceType": "RDS",
        "protectedResourceArns": ["*"],
        "protectedResourceConditions": {"stringEquals": [{"key": "aws:ResourceTag/backup", "value": "six-hourly"}]},
        "restoreMetadataOverrides": {"dbSubnetGroupName": "estate"},
        "iamRoleArn": ROLE,
        "validationWindowHours": 4,
        **more,
    }


def test_a_restore_testing_selection_lives_as_declared(workbench: Workbench) -> None:
    of = a_plan(workbench)
    life = workbench.made(SELECTION, **selection())
    backup = life.boto("backup")

    def live() -> dict[str, Any]:
        asked = {"RestoreTestingPlanName": "weekly", "RestoreTestingSelectionName": "databases"}
        found: dict[str, Any] = backup.get_restore_testing_selection(**asked)["RestoreTestingSelection"]
        return found

    assert (live()["ProtectedResourceType"], live()["ValidationWindowHours"]) == ("RDS", 4)
    assert live()["ProtectedResourceConditions"]["StringEquals"] == [{"Key": "aws:ResourceTag/backup", "Value": "six-hourly"}]
    assert life.refresh() == []
    life.update(**selection(validationWindowHours=8))
    assert live()["ValidationWindowHours"] == 8
    assert life.refresh() == []
    with pytest.raises(Exception, match="must be deleted before it"):
        of.delete()
    life.delete()
    assert life.gone()
    of.delete()


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"validationWindowHours": 200}, "0 to 168"), ({"protectedResourceArns": [], "protectedResourceConditions": None}, "say which")],
)
def test_a_restore_testing_selection_that_would_be_refused_is_refused(workbench: Workbench, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(SELECTION).check(**selection(**change))
