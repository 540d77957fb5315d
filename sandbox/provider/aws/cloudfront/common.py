"""What CloudFront's types share: ARNs, tags, and the mark that guards a change."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.handler import Call
from sandbox.provider.values import Properties


def arn(call: Call, resource: str) -> str:
    """CloudFront is of no region."""
    return call.arn("cloudfront", resource, region="")


def retag(call: Call, resource: str, old: Properties, new: Properties) -> None:
    """Brings the tags of a CloudFront resource (its ARN) from those of the old outputs to those of the new inputs."""
    setting, removing = tagging.changed(old, new)
    if setting:
        call.client("cloudfront").tag_resource(Resource=resource, Tags={"Items": tagging.pairs(setting)})
    if removing:
        call.client("cloudfront").untag_resource(Resource=resource, TagKeys={"Items": removing})


def live_tags(call: Call, resource: str) -> dict[str, str]:
    """The tags of a CloudFront resource."""
    return tagging.mapping(call.client("cloudfront").list_tags_for_resource(Resource=resource)["Tags"]["Items"])


def without_empty(value: Any) -> Any:
    """A configuration without the lists that only count to nothing and the objects that say nothing."""
    if isinstance(value, dict):
        kept = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in ({}, {"Quantity": 0}, {"Quantity": 0, "Enabled": False}, None, "")}
    return [without_empty(item) for item in value] if isinstance(value, list) else value
