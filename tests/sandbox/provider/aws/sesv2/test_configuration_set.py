"""How mail is sent and who is told what became of it, against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

SET = "aws:sesv2/configurationSet:ConfigurationSet"
DESTINATION = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination"
SUPPRESSION = "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes"
ARN = "arn:aws:ses:eu-west-1:123456789012:configuration-set/bookings"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:feedback"


def shown(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("sesv2").get_configuration_set(ConfigurationSetName="bookings")
    return found


def test_a_configuration_set_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(SET)
    assert life.preview(configurationSetName="bookings")["arn"] == ARN
    wanted: dict[str, Any] = {
        "configurationSetName": "bookings",
        "deliveryOptions": {"tlsPolicy": "REQUIRE"},
        "reputationOptions": {"reputationMetricsEnabled": True},
        "suppressionOptions": {"suppressedReasons": ["BOUNCE", "COMPLAINT"]},
        "vdmOptions": {"guardianOptions": {"optimizedSharedDelivery": "ENABLED"}},
    }
    life.create(**wanted, tags={"owner": "platform"})
    live = shown(life)
    assert (live["DeliveryOptions"]["TlsPolicy"], live["SendingOptions"]["SendingEnabled"]) == ("REQUIRE", True)
    assert live["SuppressionOptions"]["SuppressedReasons"] == ["BOUNCE", "COMPLAINT"]
    assert live["VdmOptions"]["GuardianOptions"]["OptimizedSharedDelivery"] == "ENABLED"
    assert life.refresh() == []
    life.update(
        configurationSetName="bookings",
        deliveryOptions={"tlsPolicy": "REQUIRE", "maxDeliverySeconds": 3600},
        sendingOptions={"sendingEnabled": False},
        trackingOptions={"customRedirectDomain": "clicks.example.com", "httpsPolicy": "REQUIRE"},
        tags={"owner": "security"},
    )
    live = shown(life)
    assert (live["DeliveryOptions"]["MaxDeliverySeconds"], live["SendingOptions"]["SendingEnabled"]) == (3600, False)
    assert (live["TrackingOptions"]["CustomRedirectDomain"], "SuppressionOptions" in live) == ("clicks.example.com", False)
    assert life.boto("sesv2").list_tags_for_resource(ResourceArn=ARN)["Tags"] == [{"Key": "owner", "Value": "security"}]
    assert life.refresh() == []
    assert life.imported()[0]["configurationSetName"] == "bookings"
    assert life.replaced_by(configurationSetName="others") >= {"configurationSetName"}
    life.boto("sesv2").put_configuration_set_sending_options(ConfigurationSetName="bookings", SendingEnabled=True)
    assert [change.path for change in life.refresh()] == ["sendingOptions.sendingEnabled"]
    life.delete()
    assert life.gone()


def test_an_event_destination_lives_as_declared(workbench: Workbench) -> None:
    configured = workbench.made(SET, configurationSetName="bookings")
    place = {"configurationSetName": "bookings", "eventDestinationName": "feedback"}
    told = {"enabled": True, "matchingEventTypes": ["BOUNCE", "COMPLAINT"], "snsDestination": {"topicArn": TOPIC}}
    life = workbench.made(DESTINATION, **place, eventDestination=told)
    [live] = life.boto("sesv2").get_configuration_set_event_destinations(ConfigurationSetName="bookings")["EventDestinations"]
    assert (live["Enabled"], live["MatchingEventTypes"], live["SnsDestination"]["TopicArn"]) == (True, ["BOUNCE", "COMPLAINT"], TOPIC)
    assert life.refresh() == []
    dimension = {"dimensionName": "kind", "dimensionValueSource": "MESSAGE_TAG", "defaultDimensionValue": "none"}
    life.update(
        **place,
        eventDestination={
            "enabled": True,
            "matchingEventTypes": ["SEND", "DELIVERY"],
            "cloudWatchDestination": {"dimensionConfigurations": [dimension]},
        },
    )
    [live] = life.boto("sesv2").get_configuration_set_event_destinations(ConfigurationSetName="bookings")["EventDestinations"]
    assert live["CloudWatchDestination"]["DimensionConfigurations"][0]["DimensionName"] == "kind"
    assert life.refresh() == []
    assert life.imported()[0]["eventDestination"]["matchingEventTypes"] == ["SEND", "DELIVERY"]
    assert life.replaced_by(**place | {"eventDestinationName": "others"}, eventDestination=told) >= {"eventDestinationName"}
    with pytest.raises(InvalidInputs, match="exactly one"):
        life.check(**place, eventDestination={"matchingEventTypes": ["SEND"]})
    life.delete()
    assert life.gone()
    configured.delete()
    assert life.gone()


def test_reasons_for_suppression_live_as_declared(workbench: Workbench) -> None:
    life = workbench.made(SUPPRESSION, suppressedReasons=["COMPLAINT"])
    assert life.boto("sesv2").get_account()["SuppressionAttributes"]["SuppressedReasons"] == ["COMPLAINT"]
    assert life.refresh() == []
    life.update(suppressedReasons=["COMPLAINT", "BOUNCE"])
    assert life.imported()[0]["suppressedReasons"] == ["COMPLAINT", "BOUNCE"]
    life.boto("sesv2").put_account_suppression_attributes(SuppressedReasons=["BOUNCE", "COMPLAINT"])
    assert life.refresh() == [], "they are a set"
    life.delete()
