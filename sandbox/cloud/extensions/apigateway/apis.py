"""REST APIs: every setting is kept, patches change what they say, and an API that a domain maps cannot be deleted."""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.apigateway.common import bad_request, is_true, steps, unless_missing, unsupported
from sandbox.cloud.extensions.common import asked

_TEXTS = {
    "apiKeySource": "api_key_source",
    "description": "description",
    "endpointAccessMode": "endpoint_access_mode",
    "name": "name",
    "policy": "policy",
    "securityPolicy": "security_policy",
    "version": "version",
}


def install() -> None:
    """Adds it to moto."""
    from moto.apigateway.models import APIGatewayBackend, RestAPI
    from moto.apigateway.responses import APIGatewayResponse

    RestAPI.__init__ = _made(RestAPI.__init__)
    RestAPI.to_dict = _shown(RestAPI.to_dict)
    RestAPI.apply_patch_operations = _patch
    APIGatewayResponse.create_rest_api = _create(APIGatewayResponse.create_rest_api)
    APIGatewayBackend.delete_rest_api = _delete
    for name, what in (("delete_authorizer", "Authorizer"), ("delete_request_validator", "Request Validator")):
        setattr(APIGatewayBackend, name, unless_missing(getattr(APIGatewayBackend, name), what))


def _made(original: Any) -> Any:
    @wraps(original)
    def make(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.version = None
        self.security_policy, self.endpoint_access_mode = "TLS_1_0", None
        self.endpoint_configuration = _endpoint(self.endpoint_configuration)

    return make


def _endpoint(given: dict[str, Any]) -> dict[str, Any]:
    private = given["types"] == ["PRIVATE"]
    return {"ipAddressType": "dualstack" if private else "ipv4", **given}


def _shown(original: Any) -> Any:
    @wraps(original)
    def to_dict(self: Any) -> dict[str, Any]:
        shown = original(self) | {
            "securityPolicy": self.security_policy,
            "endpointAccessMode": self.endpoint_access_mode,
            "apiStatus": "AVAILABLE",
        }
        return {key: value for key, value in shown.items() if value is not None}

    return to_dict


def _create(original: Any) -> Any:
    @wraps(original)
    def create_rest_api(self: Any) -> Any:
        known = set(self.backend.apis)
        answer = original(self)
        for identity in set(self.backend.apis) - known:
            api, given = self.backend.apis[identity], asked(self)
            api.binaryMediaTypes = given.get("binaryMediaTypes", [])
            api.version = given.get("version")
            api.security_policy = given.get("securityPolicy", api.security_policy)
            api.endpoint_access_mode = given.get("endpointAccessMode")
            return 201, {}, _text(api)
        return answer

    return create_rest_api


def _text(api: Any) -> str:
    from sandbox.cloud.extensions.common import answer

    return answer(**api.to_dict())


def _patch(self: Any, patch_operations: list[dict[str, Any]]) -> None:
    for operation in patch_operations:
        match operation["op"], *steps(operation["path"]):
            case "add", "binaryMediaTypes", kind:
                self.binaryMediaTypes = [*(item for item in self.binaryMediaTypes if item != kind), kind]
            case "remove", "binaryMediaTypes", kind:
                self.binaryMediaTypes = [item for item in self.binaryMediaTypes if item != kind]
            case "replace", "endpointConfiguration", "types", _:
                self.endpoint_configuration["types"] = [operation["value"]]
            case "replace", "endpointConfiguration", "ipAddressType":
                self.endpoint_configuration["ipAddressType"] = operation["value"]
            case "add" | "remove" as kind, "endpointConfiguration", "vpcEndpointIds":
                there = [item for item in self.endpoint_configuration.get("vpcEndpointIds", []) if item != operation["value"]]
                self.endpoint_configuration["vpcEndpointIds"] = [*there, operation["value"]] if kind == "add" else there
            case "replace", "disableExecuteApiEndpoint":
                self.disableExecuteApiEndpoint = is_true(operation["value"])
            case "replace", "minimumCompressionSize":
                size = operation.get("value")
                self.minimum_compression_size = int(size) if size else None
            case "replace" | "remove", name if name in _TEXTS:
                setattr(self, _TEXTS[name], operation.get("value") or None)
            case _:
                raise unsupported(operation)


def _delete(self: Any, function_id: str) -> Any:
    api = self.get_rest_api(function_id)
    if any(mapping.rest_api_id == function_id for mappings in self.base_path_mappings.values() for mapping in mappings.values()):
        raise bad_request("Please remove all base path mappings related to the API in your custom domain names")
    return self.apis.pop(api.id)
