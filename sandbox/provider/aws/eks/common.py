"""What the handlers of EKS share."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.values import Properties


def moment(value: Any) -> str:
    """A time as the provider writes it."""
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"


def tagged(inputs: Properties) -> Properties:
    """The `tags` of a request, which EKS wants filled or not at all."""
    return {"tags": inputs["tagsAll"]} if inputs.get("tagsAll") else {}


def retag(eks: Any, arn: str, old: Properties, new: Properties) -> None:
    """Brings the tags of a resource from the old outputs' to the new ones."""
    setting, removing = tagging.changed(old, new)
    if setting:
        eks.tag_resource(resourceArn=arn, tags=setting)
    if removing:
        eks.untag_resource(resourceArn=arn, tagKeys=removing)
