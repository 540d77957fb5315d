"""Usage plans and API keys: patches keep fractions of a request and limits by method; what is gone says so."""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.apigateway.common import not_found, steps, unless_missing, unsupported

_NUMBERS = {"rateLimit": float, "burstLimit": int}
_QUOTA = {"limit": int, "offset": int, "period": str}


def install() -> None:
    """Adds it to moto."""
    from moto.apigateway.models import APIGatewayBackend, ApiKey, UsagePlan

    ApiKey.update_operations = _patch_key
    ApiKey.__init__ = _tagged(ApiKey.__init__)
    UsagePlan.__init__ = _tagged(UsagePlan.__init__)
    UsagePlan.apply_patch_operations = _patch_plan
    APIGatewayBackend.create_usage_plan = _on_stages(APIGatewayBackend.create_usage_plan)
    APIGatewayBackend.update_usage_plan = _update(APIGatewayBackend.update_usage_plan)
    APIGatewayBackend.delete_usage_plan = unless_missing(APIGatewayBackend.delete_usage_plan, "Usage Plan")
    APIGatewayBackend.delete_usage_plan_key = unless_missing(APIGatewayBackend.delete_usage_plan_key, "Usage Plan Key")
    APIGatewayBackend.create_usage_plan_key = _of_plan(APIGatewayBackend.create_usage_plan_key)


def _tagged(original: Any) -> Any:
    @wraps(original)
    def make(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.tags = self.tags or {}

    return make


def _patch_key(self: Any, patch_operations: list[dict[str, Any]]) -> Any:
    from moto.apigateway.models import ApiKey

    for operation in patch_operations:
        match operation["op"], *steps(operation["path"]):
            case "replace", "enabled":
                self.enabled = ApiKey._str2bool(self, operation["value"])
            case "replace", "name":
                self.name = operation["value"]
            case "replace", "customerId":
                self.customer_id = operation["value"]
            case "replace", "description":
                self.description = operation["value"]
            case _:
                raise unsupported(operation)
    return self


def _stage(backend: Any, api: str, stage: str) -> None:
    if api not in backend.apis or stage not in backend.apis[api].stages:
        raise not_found("API Stage not found: " + f"{api}:{stage}")


def _on_stages(original: Any) -> Any:
    @wraps(original)
    def create_usage_plan(self: Any, payload: dict[str, Any]) -> Any:
        for item in payload.get("apiStages") or ():
            _stage(self, item["apiId"], item["stage"])
        return original(self, payload)

    return create_usage_plan


def _update(original: Any) -> Any:
    @wraps(original)
    def update_usage_plan(self: Any, usage_plan_id: str, patch_operations: list[dict[str, Any]]) -> Any:
        for operation in patch_operations:
            if operation["op"] == "add" and operation["path"] == "/apiStages":
                _stage(self, *operation["value"].split(":"))
        return original(self, usage_plan_id, patch_operations)

    return update_usage_plan


def _patch_plan(self: Any, patch_operations: list[dict[str, Any]]) -> None:
    for operation in patch_operations:
        value = operation.get("value")
        match operation["op"], *steps(operation["path"]):
            case "add", "apiStages":
                api, stage = str(value).split(":")
                if not any(item["apiId"] == api and item["stage"] == stage for item in self.api_stages):
                    self.api_stages.append({"apiId": api, "stage": stage})
            case "remove", "apiStages":
                self.api_stages = [item for item in self.api_stages if f"{item['apiId']}:{item['stage']}" != value]
            case "replace" | "add", "apiStages", place, "throttle", *method, limit:
                item = next(item for item in self.api_stages if f"{item['apiId']}:{item['stage']}" == place)
                item.setdefault("throttle", {}).setdefault("/".join(method), {})[limit] = _NUMBERS[limit](value)
            case "replace" | "add", "throttle", limit:
                self.throttle[limit] = _NUMBERS[limit](value)
            case "replace" | "add", "quota", part:
                self.quota[part] = _QUOTA[part](value)
            case "remove", "throttle" | "quota" as part:
                setattr(self, part, {})
            case "replace" | "add", "name" | "description" as part:
                setattr(self, part, value)
            case "replace" | "add", "productCode":
                self.product_code = value
            case "remove", "productCode":
                self.product_code = None
            case _:
                raise unsupported(operation)


def _of_plan(original: Any) -> Any:
    @wraps(original)
    def create_usage_plan_key(self: Any, usage_plan_id: str, payload: dict[str, Any]) -> Any:
        self.get_usage_plan(usage_plan_id)
        return original(self, usage_plan_id, payload)

    return create_usage_plan_key
