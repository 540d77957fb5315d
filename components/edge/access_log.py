"""Where a distribution writes who asked for what: without a field that names a person, into a bucket that takes no ACLs (D1, COM-2)."""

import pulumi
from pulumi_aws.cloudfront.distribution import Distribution
from pulumi_aws.cloudwatch.log_delivery import LogDelivery
from pulumi_aws.cloudwatch.log_delivery_destination import LogDeliveryDestination
from pulumi_aws.cloudwatch.log_delivery_source import LogDeliverySource

from components._base.component import Component
from components.edge.access_log_fields import FIELDS
from config.vocabulary import DataClass

_NAME_LIMIT = 60


def access_log(owner: Component, name: str, distribution: Distribution, bucket_arn: pulumi.Input[str]) -> None:
    """Create under `owner` the delivery of a distribution's access log into a bucket, whose policy lets it (`distribution_logs`).

    The distribution's own logging asks for a bucket with ACLs, which ours refuse, and writes every field.
    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
    """
    physical = owner.context.physical(name, limit=_NAME_LIMIT)
    source = LogDeliverySource(
        f"{name}-log-source",
        name=physical,
        log_type="ACCESS_LOGS",
        resource_arn=distribution.arn,
        tags=owner.tags(DataClass.LOGS, name=f"{name}-log-source"),
        opts=owner.child(),
    )
    destination = LogDeliveryDestination(
        f"{name}-log-destination",
        name=physical,
        output_format="json",
        delivery_destination_configuration={"destination_resource_arn": bucket_arn},
        tags=owner.tags(DataClass.LOGS, name=f"{name}-log-destination"),
        opts=owner.child(),
    )
    LogDelivery(
        f"{name}-log-delivery",
        delivery_source_name=source.name,
        delivery_destination_arn=destination.arn,
        record_fields=list(FIELDS),
        s3_delivery_configurations=[{"suffix_path": "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}", "enable_hive_compatible_path": False}],
        tags=owner.tags(DataClass.LOGS, name=f"{name}-log-delivery"),
        opts=owner.child(),
    )
