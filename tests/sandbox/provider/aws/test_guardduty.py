"""Detectors, their features and exports against the emulated cloud."""

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

DETECTOR = "aws:guardduty/detector:Detector"
FEATURE = "aws:guardduty/detectorFeature:DetectorFeature"
DESTINATION = "aws:guardduty/publishingDestination:PublishingDestination"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
AGENTS = [{"name": "EKS_ADDON_MANAGEMENT", "status": "ENABLED"}, {"name": "EC2_AGENT_MANAGEMENT", "status": "DISABLED"}]


@pytest.fixture
def detector(workbench: Workbench) -> Life:
    return workbench.made(DETECTOR, findingPublishingFrequency="FIFTEEN_MINUTES", tags={"owner": "platform"})


def test_a_detector_lives_as_declared(detector: Life) -> None:
    guardduty = detector.boto("guardduty")
    live = guardduty.get_detector(DetectorId=detector.id)
    assert (live["Status"], live["FindingPublishingFrequency"], live["Tags"]) == ("ENABLED", "FIFTEEN_MINUTES", {"owner": "platform"})
    assert detector.outputs["arn"] == f"arn:aws:guardduty:eu-west-1:123456789012:detector/{detector.id}"
    assert detector.refresh() == []
    detector.update(enable=False, findingPublishingFrequency="ONE_HOUR", tags={"environment": "staging"})
    live = guardduty.get_detector(DetectorId=detector.id)
    assert (live["Status"], live["FindingPublishingFrequency"], live["Tags"]) == ("DISABLED", "ONE_HOUR", {"environment": "staging"})
    assert detector.imported()[0]["findingPublishingFrequency"] == "ONE_HOUR"
    guardduty.update_detector(DetectorId=detector.id, Enable=True)
    assert [change.path for change in detector.refresh()] == ["enable"]
    detector.delete()
    assert detector.gone() and guardduty.list_detectors()["DetectorIds"] == []


def test_a_region_has_one_detector(workbench: Workbench, detector: Life) -> None:
    with pytest.raises(Exception, match="a detector already exists for the current account"):
        workbench.made(DETECTOR, logical="second")
    assert workbench.made(DETECTOR, region="us-east-1", logical="elsewhere").id != detector.id


def test_a_feature_changes_itself_and_no_other(workbench: Workbench, detector: Life) -> None:
    others = workbench.made(FEATURE, logical="buckets", detectorId=detector.id, name="S3_DATA_EVENTS", status="ENABLED")
    life = workbench.made(FEATURE, detectorId=detector.id, name="RUNTIME_MONITORING", status="ENABLED", additionalConfigurations=AGENTS)
    guardduty = life.boto("guardduty")

    def features() -> dict[str, str]:
        return {each["Name"]: each["Status"] for each in guardduty.get_detector(DetectorId=detector.id)["Features"]}

    assert {"S3_DATA_EVENTS": "ENABLED", "RUNTIME_MONITORING": "ENABLED", "FLOW_LOGS": "ENABLED"}.items() <= features().items()
    assert life.refresh() == [] and others.refresh() == []
    assert not life.diff(detectorId=detector.id, name="RUNTIME_MONITORING", status="ENABLED", additionalConfigurations=AGENTS[::-1])
    life.update(detectorId=detector.id, name="RUNTIME_MONITORING", status="DISABLED", additionalConfigurations=AGENTS)
    assert features()["RUNTIME_MONITORING"] == "DISABLED" and features()["S3_DATA_EVENTS"] == "ENABLED"
    assert life.replaced_by(detectorId=detector.id, name="RDS_LOGIN_EVENTS", status="ENABLED") == {"name"}
    life.delete()
    assert "RUNTIME_MONITORING" in features(), "its resource goes, the feature stays as it is"
    detector.delete()
    assert life.gone()


def test_findings_go_to_a_bucket(workbench: Workbench, detector: Life) -> None:
    inputs = {"detectorId": detector.id, "destinationArn": "arn:aws:s3:::logs/threats", "kmsKeyArn": KEY}
    life = workbench.made(DESTINATION, **inputs, tags={"owner": "platform"})
    guardduty, identity = life.boto("guardduty"), life.outputs["destinationId"]
    live = guardduty.describe_publishing_destination(DetectorId=detector.id, DestinationId=identity)
    assert live["DestinationProperties"] == {"DestinationArn": "arn:aws:s3:::logs/threats", "KmsKeyArn": KEY}
    assert (live["Status"], live["Tags"]) == ("PUBLISHING", {"owner": "platform"})
    assert life.refresh() == []
    life.update(**inputs | {"destinationArn": "arn:aws:s3:::logs/elsewhere"}, tags={"owner": "security"})
    live = guardduty.describe_publishing_destination(DetectorId=detector.id, DestinationId=identity)
    assert live["DestinationProperties"]["DestinationArn"] == "arn:aws:s3:::logs/elsewhere" and live["Tags"] == {"owner": "security"}
    assert life.imported()[0]["kmsKeyArn"] == KEY
    with pytest.raises(Exception, match="already exists"):
        workbench.made(DESTINATION, logical="second", **inputs)
    life.delete()
    assert life.gone() and guardduty.list_publishing_destinations(DetectorId=detector.id)["Destinations"] == []


def test_what_guardduty_does_not_know_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="FIFTEEN_MINUTES"):
        workbench.life(DETECTOR).check(findingPublishingFrequency="HOURLY")
    with pytest.raises(InvalidInputs, match="S3_DATA_EVENTS"):
        workbench.life(FEATURE).check(detectorId="d", name="S3_EVENTS", status="ENABLED")
    with pytest.raises(InvalidInputs, match="declare a DetectorFeature"):
        workbench.life(DETECTOR).check(datasources={"s3Logs": {"enable": True}})
