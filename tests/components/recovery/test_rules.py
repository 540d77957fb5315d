from dataclasses import replace

import pytest

from components.recovery.rules import COLD_AT_LEAST, Schedule, plan_rules

SCHEDULE = Schedule(continuous_days=30, six_hourly_days=30, daily_days=90, monthly_days=365, cold_after_days=30)
COPIES = ["arn:aws:backup:us-west-2:123456789012:backup-vault:x", "arn:aws:backup:eu-west-1:123456789012:backup-vault:x"]
RULES = {str(rule["rule_name"]): rule for rule in plan_rules(SCHEDULE, "points", COPIES)}


def test_a_backup_is_taken_every_six_hours_and_copied_to_each_further_vault() -> None:
    rule = RULES["six-hourly"]
    assert rule["schedule"] == "cron(0 0,6,12,18 * * ? *)"
    assert rule["copy_actions"] == [{"destination_vault_arn": copy, "lifecycle": {"delete_after": 30}} for copy in COPIES]


def test_any_second_of_thirty_days_can_be_restored() -> None:
    rule = RULES["continuous"]
    assert rule["enable_continuous_backup"] is True
    assert rule["lifecycle"] == {"delete_after": 30}
    assert "copy_actions" not in rule


def test_only_the_continuous_rule_is_continuous() -> None:
    assert [name for name, rule in RULES.items() if rule.get("enable_continuous_backup")] == ["continuous"]


def test_monthly_backups_go_to_cold_storage_here_and_in_every_copy() -> None:
    cold = {"cold_storage_after": 30, "delete_after": 365}
    assert RULES["monthly"]["lifecycle"] == cold
    assert [copy["lifecycle"] for copy in RULES["monthly"]["copy_actions"]] == [cold, cold]  # type: ignore[index, union-attr]
    assert "cold_storage_after" not in str({name: rule for name, rule in RULES.items() if name != "monthly"})


@pytest.mark.parametrize("first", range(6))
def test_no_two_rules_begin_in_the_same_hour(first: int) -> None:
    rules = plan_rules(replace(SCHEDULE, first_hour=first), "points", COPIES)
    hours = [hour for rule in rules for hour in str(rule["schedule"]).split(" ")[1].split(",")]
    assert len(hours) == len(set(hours)) and all(0 <= int(hour) <= 23 for hour in hours)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("continuous_days", 36, r"1 to 35 \(got 36\)"),
        ("continuous_days", 0, "1 to 35"),
        ("first_hour", 6, r"0 to 5 \(got 6\)"),
        ("daily_days", 0, "daily_days must be at least 1"),
        ("monthly_days", 30 + COLD_AT_LEAST - 1, r"at least 90 more than cold_after_days \(got 119 and 30\)"),
    ],
)
def test_a_schedule_that_aws_would_refuse_is_refused_at_once(option: str, value: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(SCHEDULE, **{option: value})
