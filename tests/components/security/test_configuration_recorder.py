import json
from typing import Any

import pytest

from components.security.configuration_recorder import ConfigurationRecorder, ConfigurationRecorderArgs
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import UNKNOWN, Graph, record

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/logs"
NAME = "morefocus-prod-use1-configuration"


def recorder(preview: bool = False, **more: Any) -> Graph:
    given: dict[str, Any] = {"log_bucket": "logs", "log_bucket_arn": "arn:aws:s3:::logs", "key_arn": KEY, "global_types": True} | more
    return record(lambda: ConfigurationRecorder("configuration", a_context(), ConfigurationRecorderArgs(**given)), preview=preview)


def test_every_type_is_recorded_and_what_is_in_no_region_where_it_is_asked_for() -> None:
    for wanted in (True, False):
        group = recorder(global_types=wanted).one("aws:cfg/recorder:Recorder").inputs["recordingGroup"]
        assert group == {"allSupported": True, "includeGlobalResourceTypes": wanted}


@pytest.mark.parametrize("frequency", ["continuous", "daily"])
def test_changes_are_recorded_as_often_as_config_says(frequency: str) -> None:
    mode = recorder(frequency=frequency).one("aws:cfg/recorder:Recorder").inputs["recordingMode"]
    assert mode == {"recordingFrequency": frequency.upper()}


def test_history_is_delivered_encrypted_under_its_own_prefix() -> None:
    channel = recorder().one("aws:cfg/deliveryChannel:DeliveryChannel").inputs
    assert (channel["s3BucketName"], channel["s3KeyPrefix"], channel["s3KmsKeyArn"]) == ("logs", "config", KEY)


def test_recording_begins_once_there_is_somewhere_to_deliver_and_the_role_may() -> None:
    graph = recorder()
    status, channel = graph.one("aws:cfg/recorderStatus:RecorderStatus"), graph.one("aws:cfg/deliveryChannel:DeliveryChannel")
    assert status.inputs["isEnabled"] and channel.urn in status.depends_on
    needs = {graph.one("aws:iam/rolePolicy:RolePolicy").urn, graph.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment").urn}
    assert needs <= set(graph.one("aws:cfg/recorder:Recorder").depends_on)


def test_the_role_serves_config_of_this_account_and_writes_history_alone() -> None:
    graph = recorder()
    (trust,) = json.loads(graph.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "config.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    statements = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"]
    assert {each["Sid"]: each["Resource"] for each in statements} == {
        "WriteHistory": f"arn:aws:s3:::logs/config/AWSLogs/{ACCOUNT}/*",
        "FindBucket": "arn:aws:s3:::logs",
        "EncryptHistory": KEY,
    }


def test_names_are_known_before_anything_exists() -> None:
    graph = recorder(preview=True)
    assert graph.one("aws:cfg/recorder:Recorder").inputs["name"] == NAME != UNKNOWN


def test_a_frequency_that_config_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match=r"frequency must be continuous or daily \(got 'hourly'\)"):
        recorder(frequency="hourly")
