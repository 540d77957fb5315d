"""Log groups."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, one, text
from scripts.evidence.running.reader import Reader


def log_group(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read days and key; without days events are kept for ever."""
    name = text(resource, "name", "id")
    found = one(group for group in place.ask("logs", "describe_log_groups")["logGroups"] if group["logGroupName"] == name)
    return found and {"retentionInDays": found.get("retentionInDays"), "kmsKeyId": place.key(found.get("kmsKeyId"))}


READERS = (Reader(type="aws:cloudwatch/logGroup:LogGroup", covers=("retentionInDays", "kmsKeyId"), read=log_group),)
