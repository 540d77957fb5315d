"""AWS Config against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

RECORDER = "aws:cfg/recorder:Recorder"
STATUS = "aws:cfg/recorderStatus:RecorderStatus"
CHANNEL = "aws:cfg/deliveryChannel:DeliveryChannel"
RULE = "aws:cfg/rule:Rule"
ROLE = "arn:aws:iam::123456789012:role/recorder"
ALL = {"allSupported": True, "includeGlobalResourceTypes": True}
DAILY = {"recordingFrequency": "DAILY"}


@pytest.fixture
def recorder(workbench: Workbench) -> Life:
    return workbench.made(RECORDER, name="estate", roleArn=ROLE, recordingGroup=ALL, recordingMode=DAILY)


def channel(workbench: Workbench) -> Life:
    delivery = {"deliveryFrequency": "TwentyFour_Hours"}
    return workbench.made(CHANNEL, name="estate", s3BucketName="logs", s3KeyPrefix="config", snapshotDeliveryProperties=delivery)


def test_a_recorder_lives_as_declared(workbench: Workbench, recorder: Life) -> None:
    config = recorder.boto("config")
    (live,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert (live["name"], live["roleARN"], live["recordingMode"]) == ("estate", ROLE, {"recordingFrequency": "DAILY"})
    assert live["recordingGroup"]["includeGlobalResourceTypes"]
    assert recorder.refresh() == []
    override = {"description": "often", "recordingFrequency": "DAILY", "resourceTypes": ["AWS::EC2::NetworkInterface"]}
    mode = {"recordingFrequency": "CONTINUOUS", "recordingModeOverride": override}
    recorder.update(name="estate", roleArn=ROLE, recordingGroup={"allSupported": True}, recordingMode=mode)
    (live,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert live["recordingMode"]["recordingModeOverrides"] == [override]
    assert recorder.refresh() == []
    assert recorder.imported()[0]["roleArn"] == ROLE
    assert recorder.replaced_by(name="other", roleArn=ROLE) >= {"name"}
    with pytest.raises(Exception, match="maximum number"):
        workbench.made(RECORDER, logical="second", name="second", roleArn=ROLE)
    recorder.delete()
    assert recorder.gone()


def test_a_recorder_of_some_types_keeps_them(workbench: Workbench) -> None:
    excluded = {
        "allSupported": False,
        "exclusionByResourceTypes": [{"resourceTypes": ["AWS::EC2::Instance"]}],
        "recordingStrategies": [{"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}],
    }
    life = workbench.made(RECORDER, roleArn=ROLE, recordingGroup=excluded)
    assert life.id == "default" and life.refresh() == []


def test_recording_starts_once_there_is_somewhere_to_deliver(workbench: Workbench, recorder: Life) -> None:
    with pytest.raises(Exception, match="Delivery channel is not available"):
        workbench.made(STATUS, name="estate", isEnabled=True)
    delivery = channel(workbench)
    status = workbench.made(STATUS, name="estate", isEnabled=True)
    config = status.boto("config")

    def recording() -> bool:
        return bool(config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"][0]["recording"])

    assert recording() and status.refresh() == [] and delivery.refresh() == []
    with pytest.raises(Exception, match="running configuration recorder"):
        delivery.delete()
    status.update(name="estate", isEnabled=False)
    assert not recording()
    status.update(name="estate", isEnabled=True)
    status.delete()
    assert not recording()
    delivery.delete()
    assert delivery.gone()


def test_a_delivery_channel_changes_in_place(workbench: Workbench, recorder: Life) -> None:
    delivery = channel(workbench)
    delivery.update(name="estate", s3BucketName="archive")
    (live,) = delivery.boto("config").describe_delivery_channels()["DeliveryChannels"]
    assert live == {"name": "estate", "s3BucketName": "archive"}
    assert delivery.refresh() == [] and delivery.imported()[0]["s3BucketName"] == "archive"


def test_a_rule_lives_as_declared(workbench: Workbench) -> None:
    source = {"owner": "AWS", "sourceIdentifier": "ACCESS_KEYS_ROTATED"}
    inputs: dict[str, Any] = {"name": "keys", "source": source, "inputParameters": json.dumps({"maxAccessKeyAge": "90"})}
    life = workbench.made(RULE, **inputs, maximumExecutionFrequency="TwentyFour_Hours", tags={"owner": "platform"})
    config = life.boto("config")
    (live,) = config.describe_config_rules()["ConfigRules"]
    assert (live["Source"]["SourceIdentifier"], json.loads(live["InputParameters"])) == ("ACCESS_KEYS_ROTATED", {"maxAccessKeyAge": "90"})
    assert (live["ConfigRuleArn"], live["ConfigRuleId"]) == (life.outputs["arn"], life.outputs["ruleId"])
    assert life.refresh() == []
    scope = {"complianceResourceTypes": ["AWS::IAM::User"]}
    life.update(**inputs | {"inputParameters": json.dumps({"maxAccessKeyAge": "30"})}, scope=scope, tags={"owner": "security"})
    (live,) = config.describe_config_rules()["ConfigRules"]
    assert live["Scope"]["ComplianceResourceTypes"] == ["AWS::IAM::User"] and "30" in live["InputParameters"]
    assert config.list_tags_for_resource(ResourceArn=life.outputs["arn"])["Tags"] == [{"Key": "owner", "Value": "security"}]
    assert life.refresh() == []
    assert life.imported()[0]["source"]["sourceIdentifier"] == "ACCESS_KEYS_ROTATED"
    assert "name" in life.replaced_by(**inputs | {"name": "other"})
    life.delete()
    assert life.gone()


def test_a_rule_that_config_does_not_have_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="AWS"):
        workbench.life(RULE).check(name="keys", source={"owner": "Amazon", "sourceIdentifier": "ACCESS_KEYS_ROTATED"})
    with pytest.raises(Exception, match="NO_SUCH_RULE"):
        workbench.made(RULE, name="keys", source={"owner": "AWS", "sourceIdentifier": "NO_SUCH_RULE"})
