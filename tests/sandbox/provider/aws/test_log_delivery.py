"""Log delivery handlers against the emulated cloud."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Workbench

SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"
DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery"
DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD632BHDS"
BUCKET = "arn:aws:s3:::estate-logs"
PATH = "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}"


def _source(**more: Any) -> dict[str, Any]:
    return {"name": "web", "logType": "ACCESS_LOGS", "resourceArn": DISTRIBUTION, **more}


def _destination(arn: str = BUCKET, **more: Any) -> dict[str, Any]:
    return {"name": "web", "outputFormat": "json", "deliveryDestinationConfiguration": {"destinationResourceArn": arn}, **more}


def _delivery(**more: Any) -> dict[str, Any]:
    return {
        "deliverySourceName": "web",
        "deliveryDestinationArn": "arn:aws:logs:us-east-1:123456789012:delivery-destination:web",
        "recordFields": ["date", "time", "sc-status"],
        "s3DeliveryConfigurations": [{"suffixPath": PATH, "enableHiveCompatiblePath": False}],
        **more,
    }


@pytest.fixture
def america(workbench: Workbench) -> Workbench:
    """A cloud in which a source and a destination are there to be linked."""
    workbench.made(SOURCE, region="us-east-1", logical="source", **_source())
    workbench.made(DESTINATION, region="us-east-1", logical="destination", **_destination())
    return workbench


def test_a_source_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(SOURCE, region="us-east-1")
    promised = life.preview(**_source())
    assert promised["arn"] == "arn:aws:logs:us-east-1:123456789012:delivery-source:web"
    assert promised["service"] == "cloudfront"
    life.create(**_source(tags={"owner": "platform"}))
    live = life.boto("logs").get_delivery_source(name="web")["deliverySource"]
    assert (live["logType"], live["resourceArns"], live["service"]) == ("ACCESS_LOGS", [DISTRIBUTION], "cloudfront")
    assert life.refresh() == []

    life.update(**_source(tags={"environment": "production"}))
    assert life.boto("logs").list_tags_for_resource(resourceArn=live["arn"])["tags"] == {"environment": "production"}

    inputs, outputs = life.imported()
    assert (inputs["name"], inputs["resourceArn"], outputs["arn"]) == ("web", DISTRIBUTION, live["arn"])
    life.delete()
    assert life.gone()


@pytest.mark.parametrize("key, value", [("name", "other"), ("resourceArn", DISTRIBUTION[:-1] + "X")])
def test_a_source_of_another_name_or_resource_is_another_source(workbench: Workbench, key: str, value: str) -> None:
    life = workbench.made(SOURCE, region="us-east-1", **_source())
    assert life.replaced_by(**_source(**{key: value})) == {key}


def test_a_source_whose_resource_is_not_there_yet_has_no_known_service(workbench: Workbench) -> None:
    promised = workbench.life(SOURCE, region="us-east-1").preview(**_source(resourceArn=UNKNOWN))
    assert promised["service"] is UNKNOWN
    assert promised["arn"].endswith(":delivery-source:web")


def test_a_destination_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(DESTINATION, region="us-east-1")
    assert life.preview(**_destination())["deliveryDestinationType"] == "S3"
    life.create(**_destination(tags={"owner": "platform"}))
    live = life.boto("logs").get_delivery_destination(name="web")["deliveryDestination"]
    assert live["deliveryDestinationConfiguration"] == {"destinationResourceArn": BUCKET}
    assert live["outputFormat"] == "json"
    assert life.refresh() == []

    life.update(**_destination("arn:aws:s3:::other-logs", tags={"owner": "platform", "region": "us-east-1"}))
    live = life.boto("logs").get_delivery_destination(name="web")["deliveryDestination"]
    assert live["deliveryDestinationConfiguration"] == {"destinationResourceArn": "arn:aws:s3:::other-logs"}
    assert life.boto("logs").list_tags_for_resource(resourceArn=live["arn"])["tags"] == {"owner": "platform", "region": "us-east-1"}
    assert life.refresh() == []

    assert life.imported()[0]["deliveryDestinationConfiguration"] == {"destinationResourceArn": "arn:aws:s3:::other-logs"}
    life.delete()
    assert life.gone()


def test_another_kind_of_destination_is_another_destination(workbench: Workbench) -> None:
    life = workbench.made(DESTINATION, region="us-east-1", **_destination())
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/web"
    assert life.replaced_by(**_destination(group)) == {"deliveryDestinationConfiguration.destinationResourceArn"}
    assert life.replaced_by(**_destination("arn:aws:s3:::other-logs")) == set()
    assert life.replaced_by(**_destination(outputFormat="w3c")) == {"outputFormat"}


def test_a_destination_changed_elsewhere_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(DESTINATION, region="us-east-1", **_destination())
    changed = {"destinationResourceArn": "arn:aws:s3:::elsewhere"}
    life.boto("logs").put_delivery_destination(name="web", outputFormat="json", deliveryDestinationConfiguration=changed)
    assert [change.path for change in life.refresh()] == ["deliveryDestinationConfiguration.destinationResourceArn"]


def test_a_delivery_lives_as_declared(america: Workbench) -> None:
    life = america.made(DELIVERY, region="us-east-1", **_delivery(tags={"owner": "platform"}))
    live = life.boto("logs").get_delivery(id=life.id)["delivery"]
    assert live["deliverySourceName"] == "web"
    assert live["recordFields"] == ["date", "time", "sc-status"]
    assert live["s3DeliveryConfiguration"] == {"suffixPath": PATH, "enableHiveCompatiblePath": False}
    assert life.outputs["arn"] == live["arn"]
    assert life.refresh() == []

    life.update(**_delivery(recordFields=["date"], tags={}))
    assert life.boto("logs").get_delivery(id=life.id)["delivery"]["recordFields"] == ["date"]
    assert life.boto("logs").list_tags_for_resource(resourceArn=live["arn"])["tags"] == {}
    assert life.refresh() == []

    assert life.imported()[0]["s3DeliveryConfigurations"] == [{"suffixPath": PATH, "enableHiveCompatiblePath": False}]
    life.delete()
    assert life.gone()


def test_a_delivery_from_another_source_is_another_delivery(america: Workbench) -> None:
    life = america.made(DELIVERY, region="us-east-1", **_delivery())
    assert life.replaced_by(**_delivery(deliverySourceName="other")) == {"deliverySourceName"}


def test_fields_changed_elsewhere_show_on_refresh(america: Workbench) -> None:
    life = america.made(DELIVERY, region="us-east-1", **_delivery())
    life.boto("logs").update_delivery_configuration(id=life.id, recordFields=["date", "c-ip"])
    assert {change.path for change in life.refresh()} == {"recordFields"}


@pytest.mark.parametrize(
    "token, inputs, path",
    [
        (SOURCE, _source(name="a b"), "name"),
        (DESTINATION, _destination("arn:aws:sqs:us-east-1:123456789012:queue"), "deliveryDestinationConfiguration.destinationResourceArn"),
        (DESTINATION, _destination(outputFormat="xml"), "outputFormat"),
        (DESTINATION, {"name": "web"}, "deliveryDestinationConfiguration"),
        (DELIVERY, _delivery(fieldDelimiter="123456"), "fieldDelimiter"),
    ],
)
def test_what_the_service_would_refuse_is_refused_in_the_preview(
    workbench: Workbench, token: str, inputs: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(token, region="us-east-1").check(**inputs)
    assert path in {failure.path for failure in refused.value.failures}
