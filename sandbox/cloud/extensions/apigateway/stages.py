"""Deployments and stages: a stage stands on a deployment that exists, and keeps settings by method as they were patched.

Source: https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
"""

from __future__ import annotations

import json
import time
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.apigateway.common import bad_request, is_true, not_found, steps, unless_missing, unsupported
from sandbox.cloud.extensions.common import asked

_SETTINGS: dict[str, tuple[str, Any]] = {
    "metrics/enabled": ("metricsEnabled", is_true),
    "logging/loglevel": ("loggingLevel", str),
    "logging/dataTrace": ("dataTraceEnabled", is_true),
    "throttling/burstLimit": ("throttlingBurstLimit", int),
    "throttling/rateLimit": ("throttlingRateLimit", float),
    "caching/enabled": ("cachingEnabled", is_true),
    "caching/ttlInSeconds": ("cacheTtlInSeconds", int),
    "caching/dataEncrypted": ("cacheDataEncrypted", is_true),
    "caching/requireAuthorizationForCacheControl": ("requireAuthorizationForCacheControl", is_true),
    "caching/unauthorizedCacheControlHeaderStrategy": ("unauthorizedCacheControlHeaderStrategy", str),
}
_UNSET: dict[str, Any] = {
    "metricsEnabled": False,
    "loggingLevel": "OFF",
    "dataTraceEnabled": False,
    "throttlingBurstLimit": 5000,
    "throttlingRateLimit": 10000.0,
    "cachingEnabled": False,
    "cacheTtlInSeconds": 300,
    "cacheDataEncrypted": False,
    "requireAuthorizationForCacheControl": True,
    "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
}
_TEXTS = {
    "clientCertificateId": "client_certificate_id",
    "deploymentId": "deployment_id",
    "description": "description",
    "documentationVersion": "documentation_version",
}


def install() -> None:
    """Adds it to moto."""
    from moto.apigateway.models import APIGatewayBackend, RestAPI, Stage
    from moto.apigateway.responses import APIGatewayResponse

    Stage.__init__ = _made(Stage.__init__)
    Stage.to_json = _shown(Stage.to_json)
    Stage.apply_operations = _patch
    APIGatewayResponse.create_stage = _create(APIGatewayResponse.create_stage)
    APIGatewayBackend.update_stage = _update
    APIGatewayBackend.create_deployment = _deploy(APIGatewayBackend.create_deployment)
    APIGatewayBackend.get_deployment = unless_missing(APIGatewayBackend.get_deployment, "Deployment")
    RestAPI.delete_deployment = _unless_active(RestAPI.delete_deployment)
    APIGatewayResponse.update_deployment = _update_deployment


def _made(original: Any) -> Any:
    @wraps(original)
    def make(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.client_certificate_id = self.documentation_version = self.canary_settings = None
        self.tags, self.created = self.tags or {}, int(time.time())
        self.updated = self.created

    return make


def _shown(original: Any) -> Any:
    @wraps(original)
    def to_json(self: Any) -> dict[str, Any]:
        shown = original(self) | {
            "cacheClusterStatus": "AVAILABLE" if self.cache_cluster_enabled else "NOT_AVAILABLE",
            "canarySettings": self.canary_settings,
            "clientCertificateId": self.client_certificate_id,
            "createdDate": self.created,
            "documentationVersion": self.documentation_version,
            "lastUpdatedDate": self.updated,
            "tags": self.tags,
            "tracingEnabled": bool(self.tracing_enabled),
        }
        return {key: value for key, value in shown.items() if value is not None}

    return to_json


def _create(original: Any) -> Any:
    @wraps(original)
    def create_stage(self: Any) -> Any:
        given, api = asked(self), self.backend.get_rest_api(self.path.split("/")[2])
        if given["deploymentId"] not in api.deployments:
            raise not_found("Invalid Deployment identifier specified")
        original(self)
        stage = api.stages[given["stageName"]]
        stage.documentation_version, stage.canary_settings = given.get("documentationVersion"), given.get("canarySettings")
        return 201, {"status": 201}, json.dumps(stage.to_json())

    return create_stage


def _update(self: Any, function_id: str, stage_name: str, patch_operations: list[dict[str, Any]]) -> Any:
    stage = self.get_stage(function_id, stage_name)
    for operation in patch_operations:
        logs = operation["path"].endswith("/logging/loglevel") and operation["value"] != "OFF"
        if (logs or operation["path"].startswith("/accessLogSettings/")) and not self.account.cloudwatch_role_arn:
            raise bad_request("CloudWatch Logs role ARN must be set in account settings to enable logging")
        if operation["path"] == "/deploymentId" and operation["value"] not in self.get_rest_api(function_id).deployments:
            raise bad_request("Deployment id does not exist")
    return stage.apply_operations(patch_operations)


def _patch(self: Any, patch_operations: list[dict[str, Any]]) -> Any:
    for operation in patch_operations:
        kind, path = operation["op"], operation["path"]
        match kind, *steps(path):
            case "replace" | "add", "variables", name:
                self.variables[name] = operation["value"]
            case "remove", "variables", name:
                self.variables.pop(name, None)
            case "replace", "cacheClusterEnabled":
                self.cache_cluster_enabled = is_true(operation["value"])
            case "replace", "cacheClusterSize":
                self.cache_cluster_size = operation["value"]
            case "replace", "tracingEnabled":
                self.tracing_enabled = is_true(operation["value"])
            case "replace" | "add", "accessLogSettings", name:
                self.access_log_settings = {**(self.access_log_settings or {}), name: operation["value"]}
            case "remove", "accessLogSettings":
                self.access_log_settings = None
            case "replace", name if name in _TEXTS:
                setattr(self, _TEXTS[name], operation["value"])
            case _, "canarySettings", *rest:
                self.canary_settings = _canary(self.canary_settings, kind, rest, operation)
            case _:
                _patch_method(self, operation)
    self.updated = int(time.time())
    return self


def _canary(before: dict[str, Any] | None, kind: str, rest: list[str], operation: dict[str, Any]) -> dict[str, Any] | None:
    match kind, *rest:
        case ["remove"]:
            return None
        case "replace" | "add", "stageVariableOverrides", name:
            overrides = {**(before or {}).get("stageVariableOverrides", {}), name: operation["value"]}
            return {**(before or {}), "stageVariableOverrides": overrides}
        case "remove", "stageVariableOverrides", name:
            overrides = {key: value for key, value in (before or {}).get("stageVariableOverrides", {}).items() if key != name}
            return {**(before or {}), "stageVariableOverrides": overrides}
        case "replace", "percentTraffic":
            return {**(before or {}), "percentTraffic": float(operation["value"])}
        case "replace", "useStageCache":
            return {**(before or {}), "useStageCache": is_true(operation["value"])}
        case "replace", "deploymentId":
            return {**(before or {}), "deploymentId": operation["value"]}
    raise unsupported(operation)


def _patch_method(stage: Any, operation: dict[str, Any]) -> None:
    """Settings of one method, kept under its path with `~1` for each slash, as GetStage shows them."""
    path = operation["path"].removeprefix("/")
    if operation["op"] == "remove":
        if stage.method_settings.pop(_method_key(path), None) is None:
            raise bad_request(f"Cannot remove method setting {path} because there is no method setting for this method")
        return
    for suffix, (name, convert) in _SETTINGS.items():
        if path.endswith(f"/{suffix}"):
            method = path.removesuffix(f"/{suffix}")
            if "/" not in method:
                raise bad_request(f"Invalid method setting path: {operation['path']}")
            stage.method_settings.setdefault(_method_key(method), dict(_UNSET))[name] = convert(operation["value"])
            return
    raise unsupported(operation)


def _method_key(method: str) -> str:
    path, _, verb = method.rpartition("/")
    return method if path == "*" else f"~1{path.replace('/', '~1').removeprefix('~1')}/{verb}"


def _deploy(original: Any) -> Any:
    @wraps(original)
    def create_deployment(self: Any, function_id: str, *args: Any, **kwargs: Any) -> Any:
        methods = [method for resource in self.get_resources(function_id) for method in resource.resource_methods.values()]
        if any(method.method_integration is None for method in methods):
            raise bad_request("No integration defined for method")
        return original(self, function_id, *args, **kwargs)

    return create_deployment


def _unless_active(original: Any) -> Any:
    @wraps(original)
    def delete_deployment(self: Any, deployment_id: str) -> Any:
        if any(stage.deployment_id == deployment_id for stage in self.stages.values()):
            raise bad_request("Active stages pointing to this deployment must be moved or deleted")
        return original(self, deployment_id)

    return delete_deployment


def _update_deployment(self: Any) -> Any:
    _, _, api, _, identity, *_ = self.path.split("/")
    deployment = self.backend.get_deployment(api, identity)
    for operation in asked(self)["patchOperations"]:
        if operation["path"] != "/description":
            raise unsupported(operation)
        deployment.description = operation.get("value", "")
    return json.dumps(deployment.to_json())
