"""Web ACLs, what they guard, and what they write down."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import HOME, Place, camel, text
from scripts.evidence.running.reader import Reader

_OWN = {"cloudWatchMetricsEnabled": "cloudwatchMetricsEnabled"}
_GONE = ("WAFNonexistentItemException",)


def web_acl(place: Place, resource: Resource) -> dict[str, Any]:
    """Read what is done by default, and the rules."""
    scope = text(resource, "scope")
    names = {"Name": text(resource, "name"), "Id": text(resource, "id"), "Scope": scope}
    region = HOME if scope == "CLOUDFRONT" else place.region
    found = place.cloud.ask("wafv2", region, "get_web_acl", **names)["WebACL"]
    return {"defaultAction": camel(found["DefaultAction"]), "rules": [_renamed(rule) for rule in camel(found["Rules"])]}


def _renamed(value: Any) -> Any:
    """Return what this service's part of the provider spells in its own way."""
    if isinstance(value, dict):
        return {_OWN.get(key, key): _renamed(inner) for key, inner in value.items()}
    return [_renamed(inner) for inner in value] if isinstance(value, list) else value


def association(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read which web ACL guards a resource."""
    answer = place.ask("wafv2", "get_web_acl_for_resource", ResourceArn=text(resource, "resourceArn"))
    found = answer.get("WebACL")
    return {"webAclArn": found["ARN"]} if found else None


def logging(place: Place, resource: Resource) -> dict[str, Any]:
    """Read where requests are written down."""
    arn = text(resource, "resourceArn", "id")
    found = place.cloud.ask("wafv2", arn.split(":")[3], "get_logging_configuration", ResourceArn=arn)["LoggingConfiguration"]
    return {"logDestinationConfigs": found["LogDestinationConfigs"]}


READERS = (
    Reader(type="aws:wafv2/webAcl:WebAcl", covers=("defaultAction", "rules"), read=web_acl, gone=_GONE),
    Reader(type="aws:wafv2/webAclAssociation:WebAclAssociation", covers=("webAclArn",), read=association, gone=_GONE),
    Reader(
        type="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        covers=("logDestinationConfigs",),
        read=logging,
        gone=_GONE,
    ),
)
