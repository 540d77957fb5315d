"""PutRestApi and ImportRestApi: a document becomes resources, methods, models, validators, authorizers and gateway responses.

It is taken as a whole or not at all. Resources, authorizers and validators that are there already keep their ids.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html
"""

from __future__ import annotations

import copy
import json
from typing import Any

from sandbox.cloud import openapi
from sandbox.cloud.extensions.apigateway.common import bad_request

_EXTENSION = "x-amazon-apigateway"
_ENDPOINT = f"{_EXTENSION}-endpoint-configuration"
_REPLACED = ("resources", "models", "request_validators", "authorizers", "gateway_responses")
_TIMEOUT = 29_000


def install() -> None:
    """Adds it to moto."""
    from moto.apigateway.models import APIGatewayBackend, Integration

    APIGatewayBackend.put_rest_api = _put
    APIGatewayBackend.import_rest_api = _import
    Integration.to_json = _shown(Integration.to_json)


def _import(self: Any, api_doc: dict[str, Any], fail_on_warnings: bool) -> Any:
    info = api_doc.get("info") or {}
    api = self.create_rest_api(name=info.get("title", ""), description=info.get("description"))
    try:
        return self.put_rest_api(api.id, api_doc, fail_on_warnings=fail_on_warnings, mode="overwrite")
    except Exception:
        del self.apis[api.id]
        raise


def _put(self: Any, function_id: str, api_doc: dict[str, Any], fail_on_warnings: bool, mode: str = "merge") -> Any:
    from moto.apigateway.exceptions import InvalidOpenApiDocVersionException, InvalidOpenApiModeException

    del fail_on_warnings  # nothing is only warned of here
    if mode not in ("merge", "overwrite"):
        raise InvalidOpenApiModeException()
    if not str(api_doc.get("openapi", "")).startswith("3"):
        raise InvalidOpenApiDocVersionException()
    api, content = self.get_rest_api(function_id), openapi.read(api_doc)
    if content.problems:
        raise bad_request("Errors found during import:\n\t" + "\n\t".join(content.problems))
    before = {name: copy.copy(getattr(api, name)) for name in _REPLACED}
    methods = {identity: dict(resource.resource_methods) for identity, resource in api.resources.items()}
    try:
        _settle(api, api_doc, overwrite=mode == "overwrite")
        _parts(self, api, content, overwrite=mode == "overwrite")
        _resources(self, api, content, overwrite=mode == "overwrite")
    except Exception:
        for name, value in before.items():
            setattr(api, name, value)
        for identity, kept in methods.items():
            api.resources[identity].resource_methods = kept
        raise
    return api


def _settle(api: Any, api_doc: dict[str, Any], *, overwrite: bool) -> None:
    """What the document says of the API itself; an overwriting import takes back what it does not say."""
    info = api_doc.get("info") or {}
    given = [server[_ENDPOINT] for server in api_doc.get("servers") or () if _ENDPOINT in server]
    endpoint: dict[str, Any] = given[0] if given else {}
    policy = api_doc.get(f"{_EXTENSION}-policy")
    said = {
        "name": info.get("title"),
        "description": info.get("description"),
        "version": info.get("version"),
        "api_key_source": api_doc.get(f"{_EXTENSION}-api-key-source"),
        "binaryMediaTypes": api_doc.get(f"{_EXTENSION}-binary-media-types"),
        "minimum_compression_size": api_doc.get(f"{_EXTENSION}-minimum-compression-size"),
        "policy": json.dumps(policy) if isinstance(policy, dict) else policy,
        "disableExecuteApiEndpoint": endpoint.get("disableExecuteApiEndpoint"),
    }
    unsaid: dict[str, Any] = {"api_key_source": "HEADER", "binaryMediaTypes": [], "disableExecuteApiEndpoint": False}
    for name, value in said.items():
        if value is not None:
            setattr(api, name, value)
        elif overwrite and name != "name":
            setattr(api, name, unsaid.get(name))
    if endpoint.get("vpcEndpointIds") or overwrite:
        api.endpoint_configuration["vpcEndpointIds"] = endpoint.get("vpcEndpointIds", [])


def _parts(backend: Any, api: Any, content: openapi.Content, *, overwrite: bool) -> None:
    from moto.apigateway.models import Authorizer, GatewayResponse, RequestValidator

    validators = {item.name: item for item in api.request_validators.values()}
    authorizers = {item.name: item for item in api.authorizers.values()}
    if overwrite:
        api.models, api.request_validators, api.authorizers, api.gateway_responses = {}, {}, {}, {}
    for name, schema in content.models.items():
        text = json.dumps(schema).replace('"#/components/schemas/', f'"https://apigateway.amazonaws.com/restapis/{api.id}/models/')
        backend.create_model(api.id, name, "application/json", schema.get("description", ""), text)
    for name, given in content.validators.items():
        identity = validators[name].id if name in validators else backend.create_request_validator(api.id, name, False, False).id
        wanted = (bool(given.get("validateRequestBody")), bool(given.get("validateRequestParameters")))
        api.request_validators[identity] = RequestValidator(identity, name, *wanted)
    for name, given in content.authorizers.items():
        identity = authorizers[name].id if name in authorizers else backend.create_authorizer(api.id, name, given["type"]).id
        rest = {key: value for key, value in given.items() if key != "type"}
        api.authorizers[identity] = Authorizer(identity, name, given["type"], **rest)
    for kind, given in content.responses.items():
        status = given.get("statusCode")
        api.gateway_responses[kind] = GatewayResponse(
            kind,
            None if status is None else str(status),
            {f"gatewayresponse.{key.removeprefix('gatewayresponse.')}": value for key, value in _map(given, "responseParameters").items()},
            _map(given, "responseTemplates"),
        )


def _map(given: Any, name: str) -> dict[str, Any]:
    return dict(given.get(name) or {})


def _resources(backend: Any, api: Any, content: openapi.Content, *, overwrite: bool) -> None:
    if overwrite:
        for resource in api.resources.values():
            resource.resource_methods = {}
    for method in content.methods:
        _method(backend, api, _resource(backend, api, method.path), method)
    if overwrite:
        kept = {path for method in content.methods for path in _above(method.path)}
        api.resources = {key: item for key, item in api.resources.items() if item.get_path() in kept}


def _above(path: str) -> list[str]:
    """The path and all above it, the root included."""
    steps = [step for step in path.split("/") if step]
    return ["/", *("/" + "/".join(steps[: end + 1]) for end in range(len(steps)))]


def _resource(backend: Any, api: Any, path: str) -> Any:
    found = api.get_resource_for_path("/")
    for place in _above(path)[1:]:
        found = api.get_resource_for_path(place) or backend.create_resource(api.id, found.id, place.rpartition("/")[2])
    return found


def _method(backend: Any, api: Any, resource: Any, method: openapi.Method) -> None:
    made = backend.put_method(
        api.id,
        resource.id,
        method.verb,
        method.authorization,
        api_key_required=method.key_required,
        request_parameters=method.parameters or None,
        request_models=method.models or None,
        operation_name=method.name,
        authorizer_id=_named(api.authorizers, method.authorizer),
        authorization_scopes=method.scopes,
        request_validator_id=_named(api.request_validators, method.validator),
    )
    for code, response in method.responses.items():
        made.create_response(code, response["models"] or None, response["parameters"] or None)
    if method.integration:
        _integrate(backend, api, resource, method.verb, dict(method.integration))


def _named(items: dict[str, Any], name: str | None) -> str | None:
    return next((identity for identity, item in items.items() if item.name == name), None)


def _integrate(backend: Any, api: Any, resource: Any, verb: str, given: dict[str, Any]) -> None:
    integration = backend.put_integration(
        api.id,
        resource.id,
        verb,
        str(given.get("type", "")).upper(),
        given.get("uri") or "",
        integration_method=given.get("httpMethod"),
        credentials=given.get("credentials"),
        request_templates=given.get("requestTemplates"),
        passthrough_behavior=str(given.get("passthroughBehavior", "WHEN_NO_MATCH")).upper(),
        tls_config=given.get("tlsConfig"),
        cache_namespace=given.get("cacheNamespace", resource.id),
        timeout_in_millis=given.get("timeoutInMillis", _TIMEOUT),
        request_parameters=given.get("requestParameters"),
        content_handling=given.get("contentHandling"),
        connection_type=given.get("connectionType"),
    )
    integration.cache_key_parameters = list(given.get("cacheKeyParameters") or ())
    integration.connection_id = given.get("connectionId")
    for pattern, response in (given.get("responses") or {}).items():
        integration.create_integration_response(
            str(response["statusCode"]),
            "" if pattern == "default" else pattern,
            _map(response, "responseTemplates"),
            _map(response, "responseParameters"),
            response.get("contentHandling"),
        )


def _shown(original: Any) -> Any:
    def to_json(self: Any) -> dict[str, Any]:
        shown = original(self) | {"connectionId": getattr(self, "connection_id", None)}
        return {key: value for key, value in shown.items() if value not in (None, "")}

    return to_json
