import pytest

from components.security.data_key import DataKey, DataKeyArgs
from components.security.key_policy import key_policy
from config.vocabulary import DataClass
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record


def _key(preview: bool = False, protect: bool = True) -> Graph:
    args = DataKeyArgs(data_class=DataClass.PERSONAL, protect=protect)
    return record(lambda: DataKey("keys-personal", a_context(), args), preview=preview)


def test_a_key_rotates_every_year_and_waits_thirty_days_before_it_is_gone() -> None:
    inputs = _key().one("aws:kms/key:Key").inputs
    assert (inputs["enableKeyRotation"], inputs["rotationPeriodInDays"], inputs["deletionWindowInDays"]) == (True, 365, 30)
    assert inputs["policy"] == key_policy(a_context(), DataClass.PERSONAL)
    assert "bypassPolicyLockoutSafetyCheck" not in inputs


def test_a_key_is_protected_unless_said_otherwise() -> None:
    assert _key().one("aws:kms/key:Key").protect
    assert not _key(protect=False).one("aws:kms/key:Key").protect


def test_the_alias_is_known_before_the_key_exists() -> None:
    graph = _key(preview=True)
    assert graph.one("aws:kms/alias:Alias").inputs["name"] == "alias/morefocus-prod-use1-personal"
    assert graph.outputs_of(graph.one("morefocus:security:DataKey"))["alias_name"] == "alias/morefocus-prod-use1-personal"


def test_a_key_says_what_it_encrypts() -> None:
    inputs = _key().one("aws:kms/key:Key").inputs
    assert inputs["tags"]["data-class"] == "personal"
    assert inputs["description"] == "Encrypts personal data of production in us-east-1"


@pytest.mark.parametrize("days", [0, 89, 2561])
def test_a_rotation_that_kms_does_not_offer_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match=rf"rotation_days must be 90 to 2560 \(got {days}\)"):
        DataKeyArgs(data_class=DataClass.LOGS, rotation_days=days)


def test_public_data_is_refused_a_key() -> None:
    with pytest.raises(ValueError, match=r"data_class must be one of personal, credentials, operational, logs \(got public\)"):
        DataKeyArgs(data_class=DataClass.PUBLIC)
