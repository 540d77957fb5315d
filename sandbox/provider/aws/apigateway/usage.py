"""Usage plans and API keys: who may call how often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.apigateway.common import Patch, arn, changed, replace, time
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import UNKNOWN, Properties, Secret, canonical, known

_DEFAULTS = {"offset": 0, "burstLimit": 0, "rateLimit": 0}
# https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html
_LAST_OFFSETS = {"DAY": 0, "WEEK": 6, "MONTH": 27}


class UsagePlan(Handler):
    """How much the holders of a plan's keys may call stages: at a time, and in a period."""

    token = "aws:apigateway/usagePlan:UsagePlan"
    unordered = frozenset({"apiStages"})
    autoname = "name"
    autoname_limit = 255

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return [*_quota(inputs.get("quotaSettings")), *refusals("apigateway", "CreateUsagePlan", _request(inputs))]

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        gateway = call.client("apigateway")
        made = gateway.create_usage_plan(**_request(inputs), **tagging.whole(inputs))
        if inputs.get("productCode"):
            patch = {"op": "add", "path": "/productCode", "value": inputs["productCode"]}
            gateway.update_usage_plan(usagePlanId=made["id"], patchOperations=[patch])
        return made["id"], {"arn": arn(call, f"/usageplans/{made['id']}")}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("apigateway").get_usage_plan(usagePlanId=resource_id)
        found: Properties = {
            "apiStages": [_plain_stage(item) for item in live.get("apiStages", [])],
            "quotaSettings": live.get("quota", {}),
            "throttleSettings": _limits(live.get("throttle", {})),
        }
        for name, value in found.items():
            if state.get(name):
                found[name] = aligned(state[name], value, defaults=_DEFAULTS)
        return found | {
            "arn": arn(call, f"/usageplans/{resource_id}"),
            "name": live["name"],
            "description": live.get("description", ""),
            "productCode": live.get("productCode", ""),
            "tags": live.get("tags", {}),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        gateway, patches = call.client("apigateway"), list(_plan_patches(old, new))
        if patches:
            gateway.update_usage_plan(usagePlanId=resource_id, patchOperations=patches)
        tagging.retag(gateway, old["arn"], old, new)
        return {"arn": old["arn"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        gateway = call.client("apigateway")
        stages = gateway.get_usage_plan(usagePlanId=resource_id).get("apiStages", [])
        if stages:
            gateway.update_usage_plan(usagePlanId=resource_id, patchOperations=[_stage_patch("remove", item) for item in stages])
        gateway.delete_usage_plan(usagePlanId=resource_id)


class ApiKey(Handler):
    """A key that callers send, so that their plan's limits hold for them."""

    token = "aws:apigateway/apiKey:ApiKey"
    create_only = frozenset({"value"})
    defaults = {"description": "Managed by Pulumi", "enabled": True}
    autoname = "name"
    autoname_limit = 255
    volatile = frozenset({"lastUpdatedDate"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        value = inputs.get("value")
        if isinstance(value, str) and not 20 <= len(value) <= 128:
            return [Failure("value", f"must have 20 to 128 characters (got {len(value)})")]
        return refusals("apigateway", "CreateApiKey", _key(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("apigateway").create_api_key(**_key(inputs), **tagging.whole(inputs))
        return made["id"], self._facts(call, made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("apigateway").get_api_key(apiKey=resource_id, includeValue=True)
        same = {key: live.get(key, "") for key in ("name", "description", "customerId")}
        return same | self._facts(call, live) | {"enabled": live.get("enabled", False), "tags": live.get("tags", {})}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        gateway = call.client("apigateway")
        paths = {key: f"/{key}" for key in ("name", "description", "customerId", "enabled")}
        patches = changed(old, new, paths)
        if patches:
            gateway.update_api_key(apiKey=resource_id, patchOperations=patches)
        tagging.retag(gateway, old["arn"], old, new)
        return self._facts(call, gateway.get_api_key(apiKey=resource_id, includeValue=True))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("apigateway").delete_api_key(apiKey=resource_id)

    def _facts(self, call: Call, live: dict[str, Any]) -> Properties:
        return {
            "arn": arn(call, f"/apikeys/{live['id']}"),
            "createdDate": time(live["createdDate"]),
            "lastUpdatedDate": time(live["lastUpdatedDate"]),
            "value": live["value"],
        }


class UsagePlanKey(Handler):
    """A key's place in a plan."""

    token = "aws:apigateway/usagePlanKey:UsagePlanKey"
    create_only = frozenset({"keyId", "keyType", "usagePlanId"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        if known(inputs["keyType"]) and inputs["keyType"] != "API_KEY":
            return [Failure("keyType", f"must be API_KEY (got {inputs['keyType']!r})")]
        return []

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        asked = parameters(inputs, usagePlanId="usagePlanId", keyId="keyId", keyType="keyType")
        made = call.client("apigateway").create_usage_plan_key(**asked)
        return made["id"], {"name": made.get("name", ""), "value": Secret(made["value"])}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        # An import gives the plan in the id: plan/key.
        plan = state["usagePlanId"] if state else resource_id.partition("/")[0]
        live = call.client("apigateway").get_usage_plan_key(usagePlanId=plan, keyId=resource_id.rpartition("/")[2])
        found = {"usagePlanId": plan, "keyId": live["id"], "keyType": live["type"]}
        return found | {"name": live.get("name", ""), "value": Secret(live["value"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("apigateway").delete_usage_plan_key(usagePlanId=state["usagePlanId"], keyId=resource_id)


def _key(inputs: Properties) -> Properties:
    same = {key: key for key in ("name", "description", "enabled", "value", "customerId")}
    return parameters(inputs, **same)


def _request(inputs: Properties) -> Properties:
    asked = parameters(inputs, name="name", description="description", quota="quotaSettings", throttle="throttleSettings")
    stages = inputs.get("apiStages")
    if stages is UNKNOWN:
        return asked | {"apiStages": UNKNOWN}
    return asked | ({"apiStages": [_stage(item) for item in stages]} if stages else {})


def _stage(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    limits = {each["path"]: {"burstLimit": 0, "rateLimit": 0.0, **_only_limits(each)} for each in item.get("throttles") or ()}
    return {"apiId": item["apiId"], "stage": item["stage"], **({"throttle": limits} if limits else {})}


def _only_limits(item: Properties) -> Properties:
    return {key: item[key] for key in ("burstLimit", "rateLimit") if key in item}


def _plain_stage(item: dict[str, Any]) -> Properties:
    limits = [{"path": path, **_limits(limit)} for path, limit in sorted(item.get("throttle", {}).items())]
    return {"apiId": item["apiId"], "stage": item["stage"], **({"throttles": limits} if limits else {})}


def _limits(live: dict[str, Any]) -> Properties:
    return {key: int(value) if float(value).is_integer() else value for key, value in live.items()}


def _stage_patch(kind: str, item: Properties) -> Patch:
    return {"op": kind, "path": "/apiStages", "value": f"{item['apiId']}:{item['stage']}"}


def _plan_patches(old: Properties, new: Properties) -> Iterator[Patch]:
    yield from changed(old, new, {"name": "/name", "description": "/description"})
    if old.get("productCode") != new.get("productCode"):
        yield replace("/productCode", new["productCode"]) if new.get("productCode") else {"op": "remove", "path": "/productCode"}
    before, after = old.get("apiStages") or [], new.get("apiStages") or []
    if sorted(map(canonical, before)) != sorted(map(canonical, after)):
        yield from (_stage_patch("remove", item) for item in before)
        for item in map(_stage, after):
            yield _stage_patch("add", item)
            for path, limits in item.get("throttle", {}).items():
                for name, value in limits.items():
                    yield replace(f"/apiStages/{item['apiId']}:{item['stage']}/throttle/{path}/{name}", value)
    for name, part in (("throttleSettings", "throttle"), ("quotaSettings", "quota")):
        if old.get(name) and not new.get(name):
            yield {"op": "remove", "path": f"/{part}"}
        elif new.get(name) and old.get(name) != new[name]:
            yield from (replace(f"/{part}/{key}", value) for key, value in sorted(new[name].items()))


def _quota(quota: Any) -> Iterator[Failure]:
    if not isinstance(quota, dict) or not known(quota):
        return
    last = _LAST_OFFSETS.get(quota.get("period", ""))
    if last is not None and not 0 <= quota.get("offset", 0) <= last:
        yield Failure("quotaSettings.offset", f"must be 0 to {last} for the period {quota['period']} (got {quota['offset']})")
