"""LOG-01: what is done in the account is recorded, complete and tamper-proof."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging, own_key
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, is_no, is_yes, look
from policies.verdict import Ruling

TRAIL = "aws:cloudtrail/trail:Trail"
BUCKET = "aws:s3/bucket:Bucket"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
VPC = "aws:ec2/vpc:Vpc"


def check(graph: Graph) -> Iterable[Ruling]:
    """Ask the stack of each production network for a trail, and judge each trail.

    One that covers its own region alone is right, since records of what persons do stay in their region.
    """
    for vpc in graph.of(VPC):
        if not is_staging(vpc):
            yield ruled(vpc, Need("", bool(graph.of(TRAIL)), "a Trail in the same stack"))
    for trail in graph.of(TRAIL):
        yield ruled(
            trail,
            need(trail, "enableLogging", is_yes, "true", absent=True),
            need(trail, "enableLogFileValidation", is_yes, "true"),
            own_key(graph, trail, "kmsKeyId"),
            # One that is not known yet is named all the same.
            Need("cloudWatchLogsGroupArn", trail.look("cloudWatchLogsGroupArn") not in (ABSENT, ""), "the ARN of a log group"),
            Need("s3BucketName", _is_protected(graph, trail), "a bucket with an object lock"),
            Need("advancedEventSelectors", _records_changes(trail), "selectors with every management call that changes something"),
        )


def _is_protected(graph: Graph, trail: Resource) -> Answer:
    buckets = graph.target(trail, "s3BucketName", BUCKET)
    # A bucket of another stack is judged there.
    return (
        True
        if not buckets.resources and buckets.certain
        else any_of(
            [
                *(bool(graph.attached(bucket, LOCK, "bucket").resources) for bucket in buckets.resources),
                False if buckets.resources else None,
            ]
        )
    )


def _records_changes(trail: Resource) -> Answer:
    advanced = each(trail.properties, "advancedEventSelectors")
    if advanced:
        return any_of([_is_all_changes(selector) for selector in advanced])
    # Without any, AWS records every management call.
    older = each(trail.properties, "eventSelectors")
    return any_of([_has_all_changes(selector) for selector in older]) if older else True


def _has_all_changes(selector: object) -> Answer:
    """Tell the same of a selector of the old kind, whose own defaults are to record all."""
    return all_of(
        [
            asks(selector, "includeManagementEvents", lambda on: not is_no(on), absent=True),
            asks(selector, "readWriteType", lambda kind: kind in ("All", "WriteOnly"), absent=True),
            asks(selector, "excludeManagementEventSources", lambda sources: sources == [], absent=True),
        ]
    )


def _is_all_changes(selector: object) -> Answer:
    """Tell whether a selector has all management calls, or all that change something, without leaving a service out."""
    fields = {look(field, "field"): field for field in each(selector, "fieldSelectors") if isinstance(look(field, "field"), str)}
    category = fields.get("eventCategory")
    if category is None or set(fields) - {"eventCategory", "readOnly"}:
        return None if look(selector, "fieldSelectors") is UNKNOWN else False
    management = asks(category, "equals", lambda names: "Management" in names, absent=False)
    changes = "readOnly" not in fields or asks(fields["readOnly"], "equals", lambda kinds: "false" in kinds, absent=False)
    return all_of([management, changes])


CONTROL = Control(
    id="LOG-01",
    title="Trails record every change, validated, encrypted with a key of our own, to a locked bucket and a log group",
    severity=Severity.CRITICAL,
    why="Without a record that nobody could change, neither an incident nor its absence can be shown.",
    fix="set enable_log_file_validation, kms_key_id, cloud_watch_logs_group_arn and a locked bucket on cloudtrail.Trail",
    clauses=clauses(gdpr="25 30 32", lgpd="37 46 48", soc2="CC2.1 CC7.2 CC7.3", iso27001="5.33 8.15 8.16", pci="10.2.1 10.3.2 10.3.4"),
    governs=(TRAIL, VPC),
    check=check,
)
