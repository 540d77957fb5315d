import pytest
from pydantic import ValidationError

from config.load import load
from config.platform.vault import VaultPlan


def test_every_stack_says_whether_it_has_it() -> None:
    assert load("us-east-1").plan.platform.vault.enabled is True
    with pytest.raises(ValidationError, match="enabled"):
        VaultPlan.model_validate({})


def test_a_key_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="enable"):
        VaultPlan.model_validate({"enabled": True, "enable": True})


@pytest.mark.parametrize(("replicas", "said"), [(4, "3, 5 or 7"), (1, "greater than or equal to 3"), (9, "less than or equal to 7")])
def test_servers_that_could_not_outvote_a_lost_one_are_refused(replicas: int, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        VaultPlan.model_validate({"enabled": True, "replicas": replicas})
