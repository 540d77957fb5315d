import copy
from typing import Any

import pytest
from pydantic import ValidationError

from config.backup import BackupSettings
from tests.kit.plans import shipped

SHIPPED: dict[str, Any] = shipped()["config/estate.yaml"]["defaults"]["backup"]
WINDOWS = ("03:00-04:00", "sun:04:00-sun:05:00")


def settings(**changed: Any) -> BackupSettings:
    document = copy.deepcopy(SHIPPED)
    document["lock"] |= changed.pop("lock", {})
    return BackupSettings.model_validate(document | changed)


def test_the_shipped_settings_fit_the_shipped_database() -> None:
    settings().fits(30, *WINDOWS)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"monthly_days": 119}, "at least 120"),
        ({"six_hourly_days": 6}, "7 to 400"),
        ({"monthly_days": 401}, "7 to 400"),
        ({"daily_days": 500}, "7 to 400"),
        ({"lock": {"mode": "forever"}}, "governance"),
        ({"lock": {"max_days": 6}}, "at least min_days"),
        ({"lock": {"grace_days": 2}}, "greater than or equal to 3"),
        ({"first_hour": 6}, "less than or equal to 5"),
        ({"first_hour": True}, "a number"),
        ({"exempt": {"files-bucket": "no"}}, "at least 10"),
        ({"weekly_days": 7}, "Extra inputs"),
    ],
)
def test_what_aws_backup_would_refuse_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        settings(**changed)


@pytest.mark.parametrize(("days", "allowed"), [(6, "7 .*to 35"), (36, "7 .*to 35")])
def test_continuous_backups_keep_to_the_lock_and_to_what_aws_has(days: int, allowed: str) -> None:
    with pytest.raises(Exception, match=allowed):
        settings().fits(days, *WINDOWS)


@pytest.mark.parametrize(("first", "clear"), [(0, True), (1, False), (2, False), (3, False), (4, False), (5, True)])
def test_no_backup_begins_in_a_window_of_the_database_or_in_the_hour_before(first: int, clear: bool) -> None:
    if clear:
        settings(first_hour=first).fits(30, *WINDOWS)
    else:
        with pytest.raises(Exception, match="keep clear of the database's windows"):
            settings(first_hour=first).fits(30, *WINDOWS)


def test_a_window_over_midnight_is_kept_clear_of_too() -> None:
    with pytest.raises(Exception, match="does not"):
        settings().fits(30, "23:30-00:30", "sun:04:00-sun:05:00")
