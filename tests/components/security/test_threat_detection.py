import pytest

from components.security.threat_detection import FEATURES, ThreatDetection, ThreatDetectionArgs
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import Graph, record

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/logs"


def threats(**more: tuple[str, ...]) -> Graph:
    args = ThreatDetectionArgs(destination_arn="arn:aws:s3:::logs/guardduty", key_arn=KEY, **more)
    return record(lambda: ThreatDetection("threats", a_context(), args))


def features(graph: Graph) -> dict[str, str]:
    return {each.inputs["name"]: each.inputs["status"] for each in graph.of_type("aws:guardduty/detectorFeature:DetectorFeature")}


def test_findings_leave_the_detector_every_fifteen_minutes() -> None:
    detector = threats().one("aws:guardduty/detector:Detector").inputs
    assert (detector["enable"], detector["findingPublishingFrequency"]) == (True, "FIFTEEN_MINUTES")


def test_every_feature_is_on_with_agents_that_keep_themselves() -> None:
    graph = threats()
    assert features(graph) == dict.fromkeys(FEATURES, "ENABLED")
    (agents,) = [each.inputs for each in graph.resources if each.inputs.get("name") == "RUNTIME_MONITORING"]
    assert {part["name"]: part["status"] for part in agents["additionalConfigurations"]} == {
        "EKS_ADDON_MANAGEMENT": "ENABLED",
        "ECS_FARGATE_AGENT_MANAGEMENT": "ENABLED",
        "EC2_AGENT_MANAGEMENT": "ENABLED",
    }


def test_a_feature_that_is_not_asked_for_is_switched_off_and_not_left() -> None:
    found = features(threats(features=("S3_DATA_EVENTS",)))
    assert found.pop("S3_DATA_EVENTS") == "ENABLED"
    assert set(found.values()) == {"DISABLED"} and len(found) == len(FEATURES) - 1


def test_findings_are_kept_encrypted_in_the_bucket() -> None:
    graph = threats()
    destination = graph.one("aws:guardduty/publishingDestination:PublishingDestination").inputs
    assert (destination["destinationArn"], destination["kmsKeyArn"]) == ("arn:aws:s3:::logs/guardduty", KEY)
    assert destination["detectorId"] == graph.outputs_of(graph.one("morefocus:security:ThreatDetection"))["detector_id"]


def test_a_feature_that_guardduty_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match=r"features must be of EKS_AUDIT_LOGS.*\(got S3_LOGS\)"):
        ThreatDetectionArgs(destination_arn="arn:aws:s3:::logs/guardduty", key_arn=KEY, features=("S3_LOGS",))
