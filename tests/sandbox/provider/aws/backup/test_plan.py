"""Backup plans and their selections against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

VAULT = "aws:backup/vault:Vault"
PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
ROLE = "arn:aws:iam::123456789012:role/backup"
ELSEWHERE = "arn:aws:backup:eu-central-1:123456789012:backup-vault:estate"


def rule(**more: Any) -> dict[str, Any]:
    return {
        "ruleName": "six-hourly",
        "targetVaultName": "estate",
        "schedule": "cron(0 0,6,12,18 * * ? *)",
        "scheduleExpressionTimezone": "Etc/UTC",
        "startWindow": 60,
        "completionWindow": 300,
        "lifecycle": {"deleteAfter": 30},
        **more,
    }


COPIED = rule(copyActions=[{"destinationVaultArn": ELSEWHERE, "lifecycle": {"deleteAfter": 30}}])
CONTINUOUS = rule(ruleName="continuous", enableContinuousBackup=True)


def a_plan(workbench: Workbench, **more: Any) -> Life:
    return workbench.made(PLAN, logical="plan", name="estate", rules=[COPIED, CONTINUOUS], **more)


def test_a_plan_lives_as_declared(workbench: Workbench) -> None:
    life = a_plan(workbench, tags={"owner": "platform"})
    backup = life.boto("backup")
    live = {item["RuleName"]: item for item in backup.get_backup_plan(BackupPlanId=life.id)["BackupPlan"]["Rules"]}
    assert live["six-hourly"]["CopyActions"] == [{"DestinationBackupVaultArn": ELSEWHERE, "Lifecycle": {"DeleteAfterDays": 30}}]
    assert live["continuous"]["EnableContinuousBackup"] is True
    assert life.refresh() == []

    life.update(name="estate", rules=[rule(lifecycle={"deleteAfter": 20}), CONTINUOUS], tags={"owner": "others"})
    changed = backup.get_backup_plan(BackupPlanId=life.id)
    assert changed["BackupPlan"]["Rules"][0]["Lifecycle"] == {"DeleteAfterDays": 20}
    assert "CopyActions" not in changed["BackupPlan"]["Rules"][0]
    assert backup.list_tags(ResourceArn=life.outputs["arn"])["Tags"] == {"owner": "others"}
    assert life.refresh() == []

    backup.update_backup_plan(
        BackupPlanId=life.id,
        BackupPlan={"BackupPlanName": "estate", "Rules": [{"RuleName": "six-hourly", "TargetBackupVaultName": "estate"}]},
    )
    assert "rules" in {change.path.partition("[")[0].partition(".")[0] for change in life.refresh()}
    life.delete()
    assert life.gone()


def test_the_name_of_a_deleted_plan_is_free_again(workbench: Workbench) -> None:
    a_plan(workbench).delete()
    assert a_plan(workbench).id


def test_the_order_of_rules_is_no_difference(workbench: Workbench) -> None:
    assert a_plan(workbench).diff(name="estate", rules=[CONTINUOUS, COPIED]) == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (rule(lifecycle={"coldStorageAfter": 30, "deleteAfter": 100}), "at least 90 days after coldStorageAfter"),
        (
            rule(copyActions=[{"destinationVaultArn": ELSEWHERE, "lifecycle": {"coldStorageAfter": 1, "deleteAfter": 9}}]),
            r"copyActions\[0\]",
        ),
        (rule(enableContinuousBackup=True, lifecycle={"deleteAfter": 36}), "must be 1 to 35"),
        (rule(ruleName="no spaces allowed"), "ruleName"),
    ],
)
def test_a_plan_that_would_be_refused_is_refused(workbench: Workbench, wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(PLAN).check(name="estate", rules=[wrong])


def selection(plan: str) -> dict[str, Any]:
    return {
        "name": "tagged",
        "planId": plan,
        "iamRoleArn": ROLE,
        "resources": ["*"],
        "conditions": [{"stringEquals": [{"key": "aws:ResourceTag/backup", "value": "six-hourly"}]}],
    }


def test_a_selection_lives_as_declared(workbench: Workbench) -> None:
    plan = a_plan(workbench)
    life = workbench.made(SELECTION, **selection(plan.id))
    backup = life.boto("backup")
    live = backup.get_backup_selection(BackupPlanId=plan.id, SelectionId=life.id)["BackupSelection"]
    assert live["Resources"] == ["*"]
    assert live["Conditions"] == {"StringEquals": [{"ConditionKey": "aws:ResourceTag/backup", "ConditionValue": "six-hourly"}]}
    assert [item["SelectionName"] for item in backup.list_backup_selections(BackupPlanId=plan.id)["BackupSelectionsList"]] == ["tagged"]
    assert life.refresh() == []
    assert life.replaced_by(**selection(plan.id) | {"resources": ["arn:aws:rds:*:*:db:*"]}) == {"resources[0]"}
    with pytest.raises(Exception, match="selections must be deleted"):
        plan.delete()
    life.delete()
    assert life.gone()
    plan.delete()


def test_a_selection_by_either_of_several_tags_lives_as_declared(workbench: Workbench) -> None:
    tags = [{"type": "STRINGEQUALS", "key": "backup", "value": "six-hourly"}]
    life = workbench.made(SELECTION, name="tagged", planId=a_plan(workbench).id, iamRoleArn=ROLE, selectionTags=tags)
    assert life.refresh() == []
    assert life.outputs["selectionTags"] == tags


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"resources": [], "conditions": []}, "must say what it selects"),
        ({"conditions": [{"stringEquals": [{"key": "backup", "value": "x"}]}]}, "keys must begin with"),
    ],
)
def test_a_selection_that_would_be_refused_is_refused(workbench: Workbench, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(SELECTION).check(**selection("plan") | change)
