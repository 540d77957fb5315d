from typing import Any

import pytest
from pydantic import ValidationError

from config.load import load
from config.platform.logs import LogsPlan
from tests.kit.plans import STACKS


def test_every_stack_says_whether_it_has_it() -> None:
    assert load("us-east-1").plan.platform.logs.enabled is True
    with pytest.raises(ValidationError, match="enabled"):
        LogsPlan.model_validate({})


def test_a_key_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="enable"):
        LogsPlan.model_validate({"enabled": True, "enable": True})


def _plan(**changes: Any) -> LogsPlan:
    shipped = load("us-east-1").plan.platform.logs.model_dump()
    return LogsPlan.model_validate(shipped | changes)


def test_audit_logs_are_kept_a_year_at_least() -> None:
    assert load("us-east-1").plan.platform.logs.audit.delete_days >= 365
    with pytest.raises(ValidationError, match="365 or more: audit logs are evidence"):
        _plan(audit={"daily_gb": 1, "hot_days": 7, "delete_days": 364})


def test_logs_that_are_deleted_before_they_have_cooled_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"more than hot_days \(7\)"):
        _plan(platform={"daily_gb": 1, "hot_days": 7, "delete_days": 7})


def test_every_stack_keeps_its_kinds_of_logs_as_long_as_it_says() -> None:
    for stack in STACKS:
        plan = load(stack).plan.platform.logs
        assert plan.application.delete_days > plan.application.hot_days
