"""Topics and their policies."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, text
from scripts.evidence.running.reader import Reader

_POLICY = "aws:sns/topicPolicy:TopicPolicy"


def _attributes(place: Place, arn: str) -> dict[str, str]:
    return dict(place.ask("sns", "get_topic_attributes", TopicArn=arn)["Attributes"])


def topic(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the key; the policy too where no resource of its own says it."""
    found = _attributes(place, text(resource, "arn", "id"))
    inline = place.unless_said(resource, "policy", _POLICY, "arn", lambda: found.get("Policy"))
    return {"kmsMasterKeyId": place.key(found.get("KmsMasterKeyId")), **inline}


def policy(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read the policy; a topic always has one, AWS's own at least."""
    found = _attributes(place, text(resource, "arn", "id")).get("Policy")
    return {"policy": found} if found else None


READERS = (
    Reader(type="aws:sns/topic:Topic", covers=("kmsMasterKeyId", "policy"), read=topic, gone=("NotFound", "NotFoundException")),
    Reader(type=_POLICY, covers=("policy",), read=policy, gone=("NotFound", "NotFoundException")),
)
