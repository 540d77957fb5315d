"""What all types of WAF share: where they live, their tags, the token that guards a change."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call
from sandbox.provider.values import Properties

EDGE_REGION = "us-east-1"


def scope_failures(call: Call, inputs: Properties) -> list[Failure]:
    """What belongs to CloudFront lives in one region only."""
    if inputs["scope"] == "CLOUDFRONT" and call.region != EDGE_REGION:
        return [Failure("scope", f"CLOUDFRONT needs region {EDGE_REGION} (got {call.region})")]
    return []


def address(resource_id: str, state: Properties) -> dict[str, str]:
    """Id, name and scope: of the state, or out of `id/name/scope`, which an import gives."""
    if state:
        return {"Id": resource_id.partition("/")[0], "Name": state["name"], "Scope": state["scope"]}
    identity, name, scope = (*resource_id.split("/"), "", "")[:3]
    return {"Id": identity, "Name": name, "Scope": scope or "REGIONAL"}


def client_for(call: Call, arn: str) -> Any:
    """The client of the region that the ARN's resource lives in: CloudFront's live at the edge."""
    return call.client("wafv2", EDGE_REGION if ":global/" in arn else call.region)


def retag(call: Call, arn: str, old: Properties, new: Properties) -> None:
    """Brings the tags of a WAF resource from those of the old outputs to those of the new inputs."""
    tagging.retag(client_for(call, arn), arn, old, new)


def live_tags(call: Call, arn: str) -> dict[str, str]:
    """The tags of a WAF resource."""
    return tagging.mapping(client_for(call, arn).list_tags_for_resource(ResourceARN=arn)["TagInfoForResource"]["TagList"])
