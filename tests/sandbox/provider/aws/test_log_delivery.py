"""Log deliveries against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench

SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"
DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery"
DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/E1ABCDEFGHIJKL"
BUCKET = {"destinationResourceArn": "arn:aws:s3:::estate-logs"}
LAYOUT = [{"suffixPath": "{DistributionId}/{yyyy}/{MM}", "enableHiveCompatiblePath": False}]


def source(workbench: Workbench, **more: Any) -> Life:
    declared = {"name": "edge", "logType": "ACCESS_LOGS", "resourceArn": DISTRIBUTION, **more}
    return workbench.made(SOURCE, logical="source", region="us-east-1", **declared)


def destination(workbench: Workbench, **more: Any) -> Life:
    declared = {"name": "edge", "outputFormat": "json", "deliveryDestinationConfiguration": BUCKET, **more}
    return workbench.made(DESTINATION, logical="destination", region="us-east-1", **declared)


def test_a_source_lives_as_declared(workbench: Workbench) -> None:
    life = source(workbench, tags={"owner": "platform"})
    arn = "arn:aws:logs:us-east-1:123456789012:delivery-source:edge"
    assert (life.outputs["arn"], life.outputs["service"]) == (arn, "cloudfront")
    logs = life.boto("logs")
    assert logs.get_delivery_source(name="edge")["deliverySource"]["resourceArns"] == [DISTRIBUTION]
    assert life.refresh() == []
    life.update(name="edge", logType="ACCESS_LOGS", resourceArn=DISTRIBUTION, tags={"environment": "production"})
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"environment": "production"}
    assert life.replaced_by(name="edge", logType="ACCESS_LOGS", resourceArn=f"{DISTRIBUTION}2") == {"resourceArn"}
    assert life.imported()[0]["logType"] == "ACCESS_LOGS"
    life.delete()
    assert life.gone()


def test_the_arn_of_a_source_is_known_before_what_it_logs(workbench: Workbench) -> None:
    promised = workbench.life(SOURCE, region="us-east-1").preview(name="edge", logType="ACCESS_LOGS", resourceArn=UNKNOWN)
    assert promised["arn"] == "arn:aws:logs:us-east-1:123456789012:delivery-source:edge"
    assert promised["service"] is UNKNOWN


def test_a_destination_lives_as_declared(workbench: Workbench) -> None:
    life = destination(workbench, tags={"owner": "platform"})
    assert life.outputs["deliveryDestinationType"] == "S3"
    assert life.refresh() == []
    other = {"destinationResourceArn": "arn:aws:s3:::other-logs"}
    life.update(name="edge", outputFormat="json", deliveryDestinationConfiguration=other, tags={"environment": "production"})
    logs = life.boto("logs")
    assert logs.get_delivery_destination(name="edge")["deliveryDestination"]["deliveryDestinationConfiguration"] == other
    assert logs.list_tags_for_resource(resourceArn=life.outputs["arn"])["tags"] == {"environment": "production"}
    assert life.refresh() == []
    assert life.replaced_by(name="edge", outputFormat="parquet", deliveryDestinationConfiguration=other) == {"outputFormat"}
    assert life.imported()[0]["outputFormat"] == "json"
    life.delete()
    assert life.gone()


def test_a_delivery_lives_as_declared(workbench: Workbench) -> None:
    of = {"deliverySourceName": source(workbench).id, "deliveryDestinationArn": destination(workbench).outputs["arn"]}
    life = workbench.made(
        DELIVERY, region="us-east-1", **of, recordFields=["date", "time"], s3DeliveryConfigurations=LAYOUT, tags={"owner": "platform"}
    )
    logs = life.boto("logs")
    live = logs.get_delivery(id=life.id)["delivery"]
    assert (live["recordFields"], live["s3DeliveryConfiguration"]) == (["date", "time"], LAYOUT[0])
    assert life.refresh() == []
    life.update(**of, recordFields=["time", "date"], s3DeliveryConfigurations=LAYOUT, tags={"environment": "production"})
    assert logs.get_delivery(id=life.id)["delivery"]["recordFields"] == ["time", "date"]
    assert logs.list_tags_for_resource(resourceArn=life.outputs["arn"])["tags"] == {"environment": "production"}
    assert life.refresh() == []
    assert life.replaced_by(**of | {"deliverySourceName": "other"}, recordFields=["time", "date"]) == {"deliverySourceName"}
    assert life.imported()[0]["deliverySourceName"] == "edge"
    logs.update_delivery_configuration(id=life.id, recordFields=["date"])
    assert {change.path for change in life.refresh()} == {"recordFields"}
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("token", "inputs", "reason"),
    [
        (SOURCE, {"name": "no spaces", "logType": "ACCESS_LOGS", "resourceArn": DISTRIBUTION}, "name"),
        (DESTINATION, {"name": "edge"}, "give the ARN of a bucket"),
        (
            DESTINATION,
            {"name": "edge", "deliveryDestinationConfiguration": {"destinationResourceArn": "arn:aws:sqs:us-east-1:123456789012:logs"}},
            "Firehose",
        ),
        (DESTINATION, {"name": "edge", "deliveryDestinationConfiguration": BUCKET, "outputFormat": "xml"}, "parquet"),
        (
            DELIVERY,
            {"deliverySourceName": "edge", "deliveryDestinationArn": "arn:x", "s3DeliveryConfigurations": LAYOUT * 2},
            "one at most",
        ),
    ],
)
def test_what_would_be_refused_is_refused(workbench: Workbench, token: str, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(token, region="us-east-1").check(**inputs)
