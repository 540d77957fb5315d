import pytest
from pydantic import ValidationError

from config.load import load
from config.platform.automation import AutomationPlan


def test_every_stack_says_whether_it_has_it() -> None:
    assert load("us-east-1").plan.platform.automation.enabled is True
    with pytest.raises(ValidationError, match="enabled"):
        AutomationPlan.model_validate({})


def test_a_key_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="enable"):
        AutomationPlan.model_validate({"enabled": True, "enable": True})
