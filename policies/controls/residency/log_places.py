"""RES-05: logs stay in the region of what they tell about."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.vocabulary import DataClass
from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.controls.residency._channels import NOWHERE
from policies.controls.residency._register import ALLOWED, lawful
from policies.graph import Graph, Resource
from policies.holdings import BUCKET, bucket_at, region_in
from policies.values import ABSENT, each, is_no
from policies.verdict import Ruling

TRAIL = "aws:cloudtrail/trail:Trail"
GATHERED = "aws:securityhub/findingAggregator:FindingAggregator"
SINKS = (
    BUCKET,
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
)
SOURCES: Mapping[str, tuple[str, ...]] = {
    TRAIL: ("s3BucketName", "cloudWatchLogsGroupArn"),
    "aws:apigateway/stage:Stage": ("accessLogSettings.destinationArn",),
    "aws:cfg/deliveryChannel:DeliveryChannel": ("s3BucketName",),
    "aws:cloudfront/distribution:Distribution": ("loggingConfig.bucket",),
    "aws:cloudwatch/logDelivery:LogDelivery": ("deliveryDestinationArn",),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": ("deliveryDestinationConfiguration.destinationResourceArn",),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": ("destinationArn",),
    "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration": ("logConfigurations.*.cloudWatchLogsConfiguration.logGroupArn",),
    "aws:ec2/flowLog:FlowLog": ("logDestination",),
    "aws:guardduty/publishingDestination:PublishingDestination": ("destinationArn",),
    "aws:lb/loadBalancer:LoadBalancer": ("accessLogs.bucket", "connectionLogs.bucket"),
    "aws:s3/bucketLogging:BucketLogging": ("targetBucket",),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ("logDestinationConfigs.*",),
}
"""What writes logs, and the properties that say where to; a star stands for each of a list."""
_ALLOWED = f"a log group or a bucket of this stack in the region of what is logged, or in {ALLOWED}"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge whatever writes logs, a trail that gathers those of all regions, and findings gathered from other regions.

    In every stack: what the law of one region lets go, the register says by a row for logs.
    """
    for type_, patterns in SOURCES.items():
        for source in graph.of(type_):
            needs = [
                Need(path, lawful(DataClass.LOGS, source.region, place), _ALLOWED)
                for pattern in patterns
                for path in _paths(source, pattern)
                for place in _places(graph, source, path)
            ]
            if type_ == TRAIL:
                needs.append(need(source, "isMultiRegionTrail", is_no, "false: each region has a trail of its own", absent=True))
            if needs:
                yield ruled(source, *needs)
    for hub in graph.of(GATHERED):
        yield ruled(
            hub,
            need(hub, "linkingMode", lambda mode: mode == "SPECIFIED_REGIONS", "SPECIFIED_REGIONS"),
            *(
                Need("specifiedRegions", lawful(DataClass.LOGS, region, hub.region), f"regions of which {ALLOWED} is this one")
                for region in each(hub.properties, "specifiedRegions")
            ),
        )


def _paths(source: Resource, pattern: str) -> Iterator[str]:
    head, star, tail = pattern.partition(".*")
    if not star:
        yield pattern
        return
    yield from (f"{head}.{order}{tail}" for order, _ in enumerate(each(source.properties, head)))


def _places(graph: Graph, source: Resource, path: str) -> list[Any]:
    """Return the regions that logs go to; nothing where none are written, NOWHERE for what the graph does not have."""
    value = source.look(path)
    if value in (ABSENT, ""):
        return []
    linked = graph.target(source, path, *SINKS)
    if linked.resources:
        return [sink.region for sink in linked.resources]
    region = region_in(value)
    if region is not ABSENT:
        return [region]
    return [bucket.region for bucket in bucket_at(graph, source, path).resources] or [NOWHERE]


CONTROL = Control(
    id="RES-05",
    title="Logs, trails and findings are kept in the region that they tell about",
    severity=Severity.HIGH,
    why="Access logs name persons by their addresses; a sink in another country is a transfer of them that nobody planned.",
    fix="log to the bucket or log group of the stack's own region, one trail a region, or add a row for logs to config/transfers.yaml",
    clauses=clauses(gdpr="44*", lgpd="33 37", soc2="CC7.2*", iso27001="5.33* 8.15*", pci="10.3.3*"),
    governs=(*SOURCES, GATHERED),
    check=check,
    house=True,
)
