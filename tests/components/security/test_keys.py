import pytest

from components.security.keys import Keys, KeysArgs
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import record


def test_every_class_of_data_but_public_has_a_key_of_its_own() -> None:
    graph = record(lambda: Keys("keys", a_context(Region.EU_WEST_1), KeysArgs()))
    assert {key.name: key.inputs["tags"]["data-class"] for key in graph.of_type("aws:kms/key:Key")} == {
        "keys-personal-key": "personal",
        "keys-credentials-key": "credentials",
        "keys-operational-key": "operational",
        "keys-logs-key": "logs",
    }
    published = graph.outputs_of(graph.one("morefocus:security:Keys"))
    assert set(published) == {"personal_arn", "credentials_arn", "operational_arn", "logs_arn"}
    assert len(set(published.values())) == 4


def test_all_keys_may_be_given_up_where_nothing_must_last() -> None:
    graph = record(lambda: Keys("keys", a_context(), KeysArgs(protect=False)))
    assert not any(key.protect for key in graph.of_type("aws:kms/key:Key"))


def test_a_rotation_that_kms_does_not_offer_is_refused() -> None:
    with pytest.raises(ValueError, match="rotation_days must be 90 to 2560"):
        KeysArgs(rotation_days=30)
