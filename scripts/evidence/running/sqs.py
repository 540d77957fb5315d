"""Queues and their policies."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, text
from scripts.evidence.running.reader import Reader

_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
_GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_NUMBERS = {"messageRetentionSeconds": "MessageRetentionPeriod", "visibilityTimeoutSeconds": "VisibilityTimeout"}


def _attributes(place: Place, url: str) -> dict[str, str]:
    return dict(place.ask("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["All"]).get("Attributes", {}))


def queue(place: Place, resource: Resource) -> dict[str, Any]:
    """Read key, days and where undelivered messages go; the policy too where no resource of its own says it."""
    found = _attributes(place, text(resource, "url", "id"))
    inline = place.unless_said(resource, "policy", _POLICY, "queueUrl", lambda: found.get("Policy"))
    numbers = {ours: int(found[theirs]) for ours, theirs in _NUMBERS.items() if theirs in found}
    return {"kmsMasterKeyId": place.key(found.get("KmsMasterKeyId")), "redrivePolicy": found.get("RedrivePolicy"), **numbers, **inline}


def policy(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read the policy; a queue without one has none to read."""
    found = _attributes(place, text(resource, "queueUrl", "id")).get("Policy")
    return {"policy": found} if found else None


READERS = (
    Reader(
        type="aws:sqs/queue:Queue",
        covers=("kmsMasterKeyId", "messageRetentionSeconds", "visibilityTimeoutSeconds", "redrivePolicy", "policy"),
        read=queue,
        gone=_GONE,
    ),
    Reader(type=_POLICY, covers=("policy",), read=policy, gone=_GONE),
)
