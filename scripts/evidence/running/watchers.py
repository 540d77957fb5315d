"""AWS's own watchers: GuardDuty, Security Hub and Access Analyzer."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, given, one, text
from scripts.evidence.running.reader import Reader

_GONE = ("BadRequestException", "InvalidAccessException", "ResourceNotFoundException")
"""Each service has its own way of saying that it is not on here."""


def _detector(place: Place, identity: str) -> dict[str, Any] | None:
    """Return a detector; GuardDuty refuses a detector that is not there like any other mistake, so they are listed before."""
    if identity not in place.ask("guardduty", "list_detectors")["DetectorIds"]:
        return None
    return dict(place.ask("guardduty", "get_detector", DetectorId=identity))


def detector(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read whether it looks."""
    found = _detector(place, text(resource, "id"))
    return found and {"enable": found["Status"] == "ENABLED", "findingPublishingFrequency": found["FindingPublishingFrequency"]}


def feature(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read whether it looks at one kind of thing."""
    found = _detector(place, text(resource, "detectorId")) or {}
    feature_ = one(each for each in found.get("Features", ()) if each["Name"] == resource.look("name"))
    return feature_ and {"status": feature_["Status"]}


def destination(place: Place, resource: Resource) -> dict[str, Any]:
    """Read where findings go."""
    detector_, _, identity = text(resource, "id").partition(":")
    found = place.ask("guardduty", "describe_publishing_destination", DetectorId=detector_, DestinationId=identity)
    return given(found["DestinationProperties"], destinationArn="DestinationArn", kmsKeyArn="KmsKeyArn")


def hub(place: Place, resource: Resource) -> dict[str, Any]:
    """Read whether Security Hub is on."""
    del resource
    return given(place.ask("securityhub", "describe_hub"), autoEnableControls="AutoEnableControls")


def standard(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read whether a standard is judged by."""
    arn = text(resource, "id")
    every = place.ask("securityhub", "get_enabled_standards")["StandardsSubscriptions"]
    found = one(each for each in every if each["StandardsSubscriptionArn"] == arn and each["StandardsStatus"] != "DELETING")
    return found and {"standardsArn": found["StandardsArn"]}


def analyzer(place: Place, resource: Resource) -> dict[str, Any]:
    """Read whose access is looked at."""
    found = place.ask("accessanalyzer", "get_analyzer", analyzerName=text(resource, "analyzerName", "id"))
    return given(found["analyzer"], type="type")


READERS = (
    Reader(type="aws:guardduty/detector:Detector", covers=("enable", "findingPublishingFrequency"), read=detector),
    Reader(type="aws:guardduty/detectorFeature:DetectorFeature", covers=("status",), read=feature),
    Reader(
        type="aws:guardduty/publishingDestination:PublishingDestination",
        covers=("destinationArn", "kmsKeyArn"),
        read=destination,
        gone=_GONE,
    ),
    Reader(type="aws:securityhub/account:Account", covers=("autoEnableControls",), read=hub, gone=_GONE),
    Reader(type="aws:securityhub/standardsSubscription:StandardsSubscription", covers=("standardsArn",), read=standard, gone=_GONE),
    Reader(type="aws:accessanalyzer/analyzer:Analyzer", covers=("type",), read=analyzer, gone=_GONE),
)
