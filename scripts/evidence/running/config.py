"""AWS Config: recorders, what they deliver to, and rules."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, given, one, text
from scripts.evidence.running.reader import Reader


def recorder(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read what is recorded."""
    name = text(resource, "name", "id")
    every = place.ask("config", "describe_configuration_recorders")["ConfigurationRecorders"]
    found = one(each for each in every if each["name"] == name)
    if found is None:
        return None
    # What nothing is left out of is answered as a list without members.
    group = {key: value for key, value in found.get("recordingGroup", {}).items() if value not in ([], {}, {"resourceTypes": []})}
    return {"recordingGroup": camel(group) or None, "roleArn": found["roleARN"]}


def status(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read whether it records."""
    name = text(resource, "name", "id")
    every = place.ask("config", "describe_configuration_recorder_status")["ConfigurationRecordersStatus"]
    found = one(each for each in every if each["name"] == name)
    return found and {"isEnabled": found["recording"]}


def channel(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read where records go."""
    name = text(resource, "name", "id")
    found = one(each for each in place.ask("config", "describe_delivery_channels")["DeliveryChannels"] if each["name"] == name)
    return found and given(found, s3BucketName="s3BucketName", s3KeyPrefix="s3KeyPrefix", s3KmsKeyArn="s3KmsKeyArn")


def rule(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read what a rule judges by."""
    name = text(resource, "name", "id")
    found = one(each for each in place.ask("config", "describe_config_rules")["ConfigRules"] if each["ConfigRuleName"] == name)
    if found is None or found.get("ConfigRuleState") in ("DELETING", "DELETING_RESULTS"):
        return None
    source = {key: value for key, value in camel(found["Source"]).items() if value}
    return {"source": source, "inputParameters": found.get("InputParameters")}


READERS = (
    Reader(type="aws:cfg/recorder:Recorder", covers=("recordingGroup", "roleArn"), read=recorder),
    Reader(type="aws:cfg/recorderStatus:RecorderStatus", covers=("isEnabled",), read=status),
    Reader(type="aws:cfg/deliveryChannel:DeliveryChannel", covers=("s3BucketName", "s3KeyPrefix", "s3KmsKeyArn"), read=channel),
    Reader(type="aws:cfg/rule:Rule", covers=("source", "inputParameters"), read=rule),
)
