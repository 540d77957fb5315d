import pytest
from pulumi_aws.cloudfront.distribution import Distribution

from components._base.component import Component
from components.edge.access_log import access_log
from components.edge.access_log_fields import FIELDS, PERSONAL_FIELDS
from tests.kit.composed import outputs_of_aws
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record


@pytest.fixture(scope="module")
def graph() -> Graph:
    class Logged(Component, token="edge:Logged"):
        def __init__(self) -> None:
            super().__init__("web", a_context(), None)
            distribution = Distribution(
                "web-distribution",
                enabled=True,
                origins=[],
                default_cache_behavior={
                    "allowed_methods": ["GET"],
                    "cached_methods": ["GET"],
                    "target_origin_id": "one",
                    "viewer_protocol_policy": "https-only",
                },
                restrictions={"geo_restriction": {"restriction_type": "none"}},
                viewer_certificate={"cloudfront_default_certificate": True},
                opts=self.child(),
            )
            access_log(self, "web", distribution, "arn:aws:s3:::logs")
            self.publish()

    return record(Logged, computed=outputs_of_aws)


def test_what_a_distribution_writes_ends_in_the_bucket(graph: Graph) -> None:
    source = graph.one("aws:cloudwatch/logDeliverySource:LogDeliverySource")
    destination = graph.one("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination")
    delivery = graph.one("aws:cloudwatch/logDelivery:LogDelivery").inputs
    assert source.inputs["resourceArn"] == graph.named("web-distribution").answered["arn"]
    assert destination.inputs["deliveryDestinationConfiguration"] == {"destinationResourceArn": "arn:aws:s3:::logs"}
    assert delivery["deliverySourceName"] == source.inputs["name"]
    assert delivery["deliveryDestinationArn"] == destination.answered["arn"]


def test_no_field_names_a_person(graph: Graph) -> None:
    fields = graph.one("aws:cloudwatch/logDelivery:LogDelivery").inputs["recordFields"]
    assert fields == list(FIELDS) and not PERSONAL_FIELDS.intersection(fields)
