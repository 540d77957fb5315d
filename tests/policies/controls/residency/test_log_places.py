"""Logs that leave the region that they tell about."""

from typing import Any

import pytest

from policies.catalogue import catalogue
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

TRAIL, BUCKET, GROUP = "aws:cloudtrail/trail:Trail", "aws:s3/bucket:Bucket", "aws:cloudwatch/logGroup:LogGroup"
GATHERED = "aws:securityhub/findingAggregator:FindingAggregator"
FILTER = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FAR = "arn:aws:logs:us-east-1:123456789012:log-group:far"
NEAR = "arn:aws:logs:eu-west-1:123456789012:log-group:near"
HERE: dict[str, Any] = {"provider_region": "eu-west-1"}


def sent(type_: str, path: str, value: str = FAR, name: str = "") -> Any:
    return lambda draft: draft.one(type_, name).set(path, value)


def to_a_bucket(type_: str, path: str, form: str = "far-logs", region: str = "us-east-1") -> Any:
    def change(draft: Draft) -> None:
        draft.add(BUCKET, "far", {"bucket": "far-logs", "region": region}, **HERE)
        draft.one(type_).set(path, form)

    return change


def gathers(**given: Any) -> Any:
    return lambda draft: draft.add(GATHERED, "another", given, **HERE)


def distribution(region: str) -> Any:
    def change(draft: Draft) -> None:
        draft.add(BUCKET, "far", {"bucket": "far-logs", "region": region}, **HERE)
        draft.add(DISTRIBUTION, "front", {"loggingConfig": {"bucket": f"far-logs.s3.{region}.amazonaws.com"}}, **HERE)

    return change


CAUGHT = [
    Mutation("the trail is kept in the United States", to_a_bucket(TRAIL, "s3BucketName")),
    Mutation("the trail is kept by somebody else", sent(TRAIL, "s3BucketName", "elsewhere")),
    Mutation("the trail is told to the United States", sent(TRAIL, "cloudWatchLogsGroupArn")),
    Mutation("the trail's log group moves", lambda draft: draft.one(GROUP, "audit-trail-group").set("region", "us-east-1")),
    Mutation("the trail gathers all regions", lambda draft: draft.one(TRAIL).set("isMultiRegionTrail", True)),
    Mutation(
        "the firewall logs abroad", sent("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "logDestinationConfigs.0")
    ),
    Mutation("flows are logged abroad", sent("aws:ec2/flowLog:FlowLog", "logDestination")),
    Mutation("the balancer logs abroad", to_a_bucket("aws:lb/loadBalancer:LoadBalancer", "accessLogs.bucket")),
    Mutation("the balancer logs connections abroad", to_a_bucket("aws:lb/loadBalancer:LoadBalancer", "connectionLogs.bucket")),
    Mutation("the API logs abroad", sent("aws:apigateway/stage:Stage", "accessLogSettings.destinationArn")),
    Mutation("buckets log abroad", to_a_bucket("aws:s3/bucketLogging:BucketLogging", "targetBucket")),
    Mutation("the configuration is recorded abroad", to_a_bucket("aws:cfg/deliveryChannel:DeliveryChannel", "s3BucketName")),
    Mutation(
        "findings are written abroad",
        to_a_bucket("aws:guardduty/publishingDestination:PublishingDestination", "destinationArn", "arn:aws:s3:::far-logs/findings"),
    ),
    Mutation(
        "sign-ins are logged abroad",
        sent(
            "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration",
            "logConfigurations.0.cloudWatchLogsConfiguration.logGroupArn",
        ),
    ),
    Mutation("logs are passed on abroad", lambda draft: draft.add(FILTER, "another", {"destinationArn": FAR}, **HERE)),
    Mutation(
        "the front logs abroad",
        sent(
            "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
            "deliveryDestinationConfiguration.destinationResourceArn",
            FAR.replace("us-east-1", "eu-west-1"),
        ),
        stack="us-east-1",
    ),
    Mutation(
        "the front's logs are delivered abroad",
        sent("aws:cloudwatch/logDelivery:LogDelivery", "deliveryDestinationArn", NEAR),
        stack="us-east-1",
    ),
    Mutation(
        "what the front's logs are delivered to is abroad",
        lambda draft: draft.one("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination").set("region", "eu-west-1"),
        stack="us-east-1",
    ),
    Mutation("a front logs abroad as fronts did once", distribution("us-east-1")),
    Mutation("findings of the United States come here", gathers(linkingMode="SPECIFIED_REGIONS", specifiedRegions=["us-east-1"])),
    Mutation("findings of all regions come here", gathers(linkingMode="ALL_REGIONS")),
]
SPARED = [
    Mutation("the trail is told to a group of another stack here", sent(TRAIL, "cloudWatchLogsGroupArn", NEAR)),
    Mutation("the trail says that it is of one region", lambda draft: draft.one(TRAIL).drop("isMultiRegionTrail")),
    Mutation("the trail is kept in another bucket here", to_a_bucket(TRAIL, "s3BucketName", region="eu-west-1")),
    Mutation("the balancer logs no connections", sent("aws:lb/loadBalancer:LoadBalancer", "connectionLogs.bucket", "")),
    Mutation("a front logs here as fronts did once", distribution("eu-west-1")),
    Mutation("findings are gathered of this region", gathers(linkingMode="SPECIFIED_REGIONS", specifiedRegions=["eu-west-1"])),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RES-05", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RES-05", mutation)


def test_what_is_not_known_yet_is_found_by_its_making_or_decided_later() -> None:
    group = resource(GROUP, "g", arn=UNKNOWN, region="us-east-1")
    stream = resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "f", arn=UNKNOWN, region="us-east-1")
    bucket = resource(BUCKET, "b", bucket=UNKNOWN, region="us-east-1")
    told = resource(FILTER, "told", destinationArn=UNKNOWN, property_dependencies={"destinationArn": (group.urn,)}, **HERE)
    passed_on = resource(FILTER, "passed", destinationArn=UNKNOWN, property_dependencies={"destinationArn": (stream.urn,)}, **HERE)
    destination = resource("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", "d", arn=UNKNOWN, region="us-east-1")
    links = {"deliveryDestinationArn": (destination.urn,)}
    delivered = resource(DELIVERY, "d", deliveryDestinationArn=UNKNOWN, property_dependencies=links, **HERE)
    trail = resource(TRAIL, "t", s3BucketName=UNKNOWN, property_dependencies={"s3BucketName": (bucket.urn,)}, **HERE)
    untold = resource(FILTER, "untold", destinationArn=UNKNOWN, **HERE)
    silent = resource(FILTER, "silent", **HERE)
    found = {
        finding.urn: finding.verdict
        for finding in catalogue()["RES-05"].evaluate(
            lone(group, stream, bucket, destination, delivered, told, passed_on, trail, untold, silent)
        )
    }
    assert found == {**dict.fromkeys((told.urn, passed_on.urn, trail.urn, delivered.urn), Verdict.VIOLATION), untold.urn: Verdict.UNDECIDED}
