"""Actions and conditions, which listeners and their rules share."""

from __future__ import annotations

from typing import Any

from sandbox.provider.alignment import aligned
from sandbox.provider.values import Properties

NAMES = {
    "TargetGroupTuple.arn": "TargetGroupArn",
    "ForwardActionConfig.stickiness": "TargetGroupStickinessConfig",
    "TargetGroupStickinessConfig.duration": "DurationSeconds",
    "queryStrings": "QueryStringConfig",
}
FIELDS = {
    "hostHeader": "host-header",
    "httpHeader": "http-header",
    "httpRequestMethod": "http-request-method",
    "pathPattern": "path-pattern",
    "queryStrings": "query-string",
    "sourceIp": "source-ip",
}
# What the service fills in: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
_DEFAULTS = {
    "order": 1,
    "weight": 1,
    "host": "#{host}",
    "path": "/#{path}",
    "port": "#{port}",
    "protocol": "#{protocol}",
    "query": "#{query}",
}
_NEVER_SHOWN = frozenset({"clientSecret", "jwtValidation"})


def as_declared(declared: list[Properties], live: list[Properties]) -> list[Properties]:
    """Live actions as the program writes them: one target group may stand as such or inside `forward`, and the service shows both."""
    found = []
    for position, action in enumerate(live):
        wanted = declared[position] if position < len(declared) else {}
        drop = "targetGroupArn" if "forward" in wanted or "targetGroupArn" not in action else "forward"
        weighted = len(action.get("forward", {}).get("targetGroups", [])) > 1
        found.append({key: value for key, value in action.items() if key != drop or (drop == "forward" and weighted)})
    result: list[Properties] = aligned(declared, found, lost=_NEVER_SHOWN, defaults=_DEFAULTS)
    return result


def with_fields(conditions: Any) -> Any:
    """Conditions with the field name that the API wants beside each, and query strings as its values."""
    if not isinstance(conditions, list):
        return conditions
    return [
        {
            name: {"values": value} if name == "queryStrings" and isinstance(value, list) else value,
            "field": FIELDS[name],
        }
        for condition in conditions
        for name, value in condition.items()
        if value is not None
    ]


def without_fields(live: list[dict[str, Any]], translated: list[Properties]) -> list[Properties]:
    """Conditions as the program writes them; `translated` are the live ones in its spelling."""
    found = []
    for raw, condition in zip(live, translated, strict=True):
        name = next(name for name, field in FIELDS.items() if field == raw["Field"])
        if name == "queryStrings":
            pairs = raw["QueryStringConfig"]["Values"]
            found.append({name: [{key.lower(): text for key, text in pair.items() if text} for pair in pairs]})
        else:
            found.append({name: condition.get(name, {"values": raw.get("Values", [])})})
    return found
