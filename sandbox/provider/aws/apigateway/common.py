"""What API Gateway's types share: ARNs without an account, patches, endpoints, times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call
from sandbox.provider.values import Properties, known, moment

Patch = dict[str, str]


def arn(call: Call, path: str) -> str:
    """The ARN of what lies at that path of the API, such as `/restapis/abc`."""
    return call.arn("apigateway", path, account="")


def pointer(name: str) -> str:
    """A name as a patch's path has it (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def replace(path: str, value: Any) -> Patch:
    """A patch that sets one value; switches and numbers are text there."""
    return {"op": "replace", "path": path, "value": str(value).lower() if isinstance(value, bool) else str(value)}


def changed(old: Properties, new: Properties, paths: dict[str, str]) -> list[Patch]:
    """Patches for those plain properties that differ; one that is gone becomes empty text."""
    return [replace(path, new.get(name, "")) for name, path in paths.items() if old.get(name, "") != new.get(name, "")]


def mapped(old: Properties, new: Properties, name: str, path: str) -> Iterator[Patch]:
    """Patches that bring a map of texts from its old content to the new one."""
    before, after = old.get(name) or {}, new.get(name) or {}
    for key in sorted(before.keys() - after.keys()):
        yield {"op": "remove", "path": f"{path}/{pointer(key)}"}
    for key, value in sorted(after.items()):
        if before.get(key) != value:
            yield replace(f"{path}/{pointer(key)}", value)


def endpoint_request(inputs: Properties) -> Properties:
    """`endpointConfiguration` as a request has it: pulumi_aws knows one type of endpoint where the service has a list."""
    given = inputs.get("endpointConfiguration")
    if given is None:
        return {}
    if not isinstance(given, dict):
        return {"endpointConfiguration": given}
    return {"endpointConfiguration": {**given, "types": [given["types"]]}}


def endpoint(live: dict[str, Any]) -> Properties:
    """A live endpoint as a program writes it."""
    found = {"types": live["types"][0], "ipAddressType": live.get("ipAddressType", "ipv4")}
    return found | ({"vpcEndpointIds": live["vpcEndpointIds"]} if live.get("vpcEndpointIds") else {})


def endpoint_failures(inputs: Properties) -> Iterator[Failure]:
    """What contradicts itself about an endpoint and its TLS policy."""
    given = inputs.get("endpointConfiguration")
    if isinstance(given, dict) and given.get("types") == "PRIVATE" and given.get("ipAddressType") == "ipv4":
        yield Failure("endpointConfiguration.ipAddressType", "a private endpoint needs dualstack (got ipv4)")
    policy, mode = inputs.get("securityPolicy"), inputs.get("endpointAccessMode")
    if known(policy) and str(policy or "").startswith("SecurityPolicy_") and mode is None:
        yield Failure("endpointAccessMode", f"needed with the security policy {policy}: BASIC or STRICT")
    if known(policy) and mode is not None and not str(policy or "").startswith("SecurityPolicy_"):
        yield Failure("endpointAccessMode", "goes with a securityPolicy that begins with SecurityPolicy_, and only with one")


def time(value: datetime | None) -> str:
    """A time as the provider writes it."""
    return moment(value.astimezone(UTC)) if value else ""
