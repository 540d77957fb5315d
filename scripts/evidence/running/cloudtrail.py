"""Trails, and whether they record."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, given, text, told
from scripts.evidence.running.reader import Reader

_SWITCHES = {
    "enableLogFileValidation": "LogFileValidationEnabled",
    "includeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "isMultiRegionTrail": "IsMultiRegionTrail",
    "isOrganizationTrail": "IsOrganizationTrail",
}
_WHERE = {"s3BucketName": "S3BucketName", "cloudWatchLogsRoleArn": "CloudWatchLogsRoleArn"}


def trail(place: Place, resource: Resource) -> dict[str, Any]:
    """Read what is recorded, where to, with which key, and whether it is switched on."""
    name = text(resource, "arn", "id")
    found = place.ask("cloudtrail", "get_trail", Name=name)["Trail"]
    events = place.ask("cloudtrail", "get_event_selectors", TrailName=name)
    group = found.get("CloudWatchLogsLogGroupArn")
    return {
        **told(found, **_SWITCHES),
        **given(found, **_WHERE),
        "kmsKeyId": place.key(found.get("KmsKeyId")),
        "cloudWatchLogsGroupArn": group,
        "enableLogging": place.ask("cloudtrail", "get_trail_status", Name=name)["IsLogging"],
        "advancedEventSelectors": [_advanced(each) for each in camel(events.get("AdvancedEventSelectors", ()))] or None,
        "eventSelectors": camel(events.get("EventSelectors", ())) or None,
    }


def _advanced(selector: dict[str, Any]) -> dict[str, Any]:
    """Return a selector without comparisons that it does not make; the provider names those of beginnings and ends in the plural."""
    fields = [
        {f"{key}s" if key.endswith("With") else key: value for key, value in field.items() if value}
        for field in selector.get("fieldSelectors", ())
    ]
    return {**selector, "fieldSelectors": fields}


READERS = (
    Reader(
        type="aws:cloudtrail/trail:Trail",
        covers=(*_SWITCHES, *_WHERE, "kmsKeyId", "cloudWatchLogsGroupArn", "enableLogging", "advancedEventSelectors", "eventSelectors"),
        read=trail,
        gone=("TrailNotFoundException",),
    ),
)
