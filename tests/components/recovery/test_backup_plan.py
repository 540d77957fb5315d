from components.recovery.backup_plan import BackupPlan, BackupPlanArgs, selected_tags
from components.recovery.rules import Schedule
from config.vocabulary import Environment
from tests.kit.contexts import a_context
from tests.kit.recorder import record

ARGS = BackupPlanArgs(
    vault_name="points",
    copy_vault_arns=["arn:aws:backup:us-west-2:123456789012:backup-vault:points"],
    role_arn="arn:aws:iam::123456789012:role/backup",
    schedule=Schedule(continuous_days=30, six_hourly_days=30, daily_days=90, monthly_days=365, cold_after_days=30),
)


def test_a_plan_keeps_its_backups_in_the_given_vault() -> None:
    plan = record(lambda: BackupPlan("backup", a_context(), ARGS)).one("aws:backup/plan:Plan")
    assert plan.inputs["name"] == "morefocus-prod-use1-backup"
    assert {rule["targetVaultName"] for rule in plan.inputs["rules"]} == {"points"}


def test_every_condition_of_the_selection_must_hold() -> None:
    selection = record(lambda: BackupPlan("backup", a_context(), ARGS)).one("aws:backup/selection:Selection").inputs
    (condition,) = selection["conditions"]
    assert {(each["key"], each["value"]) for each in condition["stringEquals"]} == {
        ("aws:ResourceTag/backup", "six-hourly"),
        ("aws:ResourceTag/environment", "production"),
    }
    assert selection["resources"] == ["*"] and "selectionTags" not in selection
    assert selection["iamRoleArn"] == ARGS.role_arn


def test_staging_selects_none_of_productions_stores() -> None:
    production, staging = selected_tags(a_context()), selected_tags(a_context(environment=Environment.STAGING))
    assert production["environment"] != staging["environment"]
