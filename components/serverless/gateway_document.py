"""The document that API Gateway imports: a contract with what AWS needs to serve it (API-1 to API-5, SCH-2, SCH-7).

Routes, validators, authorizer, CORS and integrations are all derived from the contract: no route is declared anywhere else.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.serverless.contract import TENANT_HEADER, Contract, Document, Operation, resolve
from components.serverless.gateway_errors import gateway_responses

LONGEST_ANSWER_MS = 29_000
"""As long as API Gateway waits unless asked for more.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html"""

_TOKEN, _CLIENT = "users", "client"
_EXPOSED = ("ETag", "Location", "Retry-After")
_SENT = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-API-Key", TENANT_HEADER)
_PREFLIGHT_SECONDS = 600
_LOCATIONS = {"path": "path", "query": "querystring", "header": "header"}
_UNKNOWN_TO_MODELS = {"example", "examples", "discriminator", "readOnly", "writeOnly", "xml", "externalDocs", "deprecated", "default"}
"""Keywords of OpenAPI that JSON schema draft 4, which models are written in, does not have, or that API Gateway refuses.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html"""


def gateway_document(
    contract: Contract, *, title: str, region: str, functions: Mapping[str, str], user_pool_arns: Sequence[str], web_origin: str
) -> dict[str, Any]:
    """Return what API Gateway imports.

    `functions` maps a name of `x-function` to the ARN of the function's alias; `web_origin`, such as `https://app.example.com`, is the only
    one whose pages may call the API from a browser.
    """
    paths: dict[str, dict[str, Any]] = {}
    for operation in contract.operations:
        route = _route(contract.documents[operation.version], operation)
        route["x-amazon-apigateway-integration"] = _integration(operation, region, functions[operation.function])
        paths.setdefault(operation.path, {})[operation.method] = route
    for path, item in paths.items():
        item["options"] = _preflight(path, sorted(item), web_origin)
    return {
        "openapi": "3.0.1",
        "info": {"title": title, "version": "+".join(sorted(contract.documents))},
        "paths": paths,
        "components": {"schemas": dict(_models(contract)), "securitySchemes": _security_schemes(user_pool_arns)},
        "x-amazon-apigateway-api-key-source": "HEADER",
        "x-amazon-apigateway-request-validators": {
            "parameters": {"validateRequestParameters": True, "validateRequestBody": False},
            "all": {"validateRequestParameters": True, "validateRequestBody": True},
        },
        "x-amazon-apigateway-gateway-responses": gateway_responses(web_origin),
    }


def _route(document: Document, operation: Operation) -> dict[str, Any]:
    route: dict[str, Any] = {
        "operationId": operation.id,
        "parameters": [_parameter(document, each) for each in operation.parameters],
        "responses": {str(code): {"description": "As the contract says"} for code in operation.document["responses"]},
        "x-amazon-apigateway-request-validator": operation.validation,
        # As API Gateway itself exports it: one requirement each, all of which hold.
        "security": [
            *([{_TOKEN: list(operation.scopes)}] if operation.public is None else []),
            *([{_CLIENT: []}] if operation.needs_client else []),
        ],
    }
    if operation.cache is not None:
        # A parameter must be declared before it can be part of the cache's key.
        route["parameters"].append({"name": "Authorization", "in": "header", "required": True, "schema": {"type": "string"}})
    if "requestBody" in operation.document:
        content = resolve(document, operation.document["requestBody"])["content"]
        route["requestBody"] = {
            "required": True,
            "content": {kind: {"schema": _model(operation.version, each["schema"])} for kind, each in content.items()},
        }
    return route


def _parameter(document: Document, parameter: Document) -> dict[str, Any]:
    """API Gateway checks that a parameter is there; what it may be is the function's to check."""
    kind = resolve(document, parameter.get("schema", {})).get("type", "string")
    return {
        "name": parameter["name"],
        "in": parameter["in"],
        "required": bool(parameter.get("required", False)),
        "schema": {"type": kind},
    }


def _integration(operation: Operation, region: str, function_arn: str) -> dict[str, Any]:
    integration: dict[str, Any] = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function_arn}/invocations",
        "passthroughBehavior": "when_no_match",
        "timeoutInMillis": LONGEST_ANSWER_MS,
    }
    if operation.cache is not None:
        integration["cacheKeyParameters"] = [_source(part) for part in operation.cache.key]
        integration["cacheNamespace"] = operation.id
    return integration


def _source(part: str) -> str:
    location, _, name = part.partition(".")
    return f"method.request.{_LOCATIONS[location]}.{name}"


def _preflight(path: str, methods: Sequence[str], web_origin: str) -> dict[str, Any]:
    """Answer what browsers ask before they send a token (CORS): the web client's own pages, and no others, may."""
    allowed = ",".join([*(method.upper() for method in methods), "OPTIONS"])
    headers = {
        "Access-Control-Allow-Origin": web_origin,
        "Access-Control-Allow-Methods": allowed,
        "Access-Control-Allow-Headers": ",".join(_SENT),
        "Access-Control-Expose-Headers": ",".join(_EXPOSED),
        "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
        "Vary": "Origin",
    }
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return {
        "parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names],
        "responses": {
            "204": {"description": "What browsers may send", "headers": {name: {"schema": {"type": "string"}} for name in headers}}
        },
        "security": [],
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "passthroughBehavior": "when_no_templates",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "responses": {
                "default": {
                    "statusCode": "204",
                    "responseParameters": {f"method.response.header.{name}": f"'{value}'" for name, value in headers.items()},
                }
            },
        },
    }


def _security_schemes(user_pool_arns: Sequence[str]) -> dict[str, Any]:
    """Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-cognito-user-pool.html."""
    return {
        _TOKEN: {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": list(user_pool_arns)},
        },
        _CLIENT: {"type": "apiKey", "name": "x-api-key", "in": "header"},
    }


def _models(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each schema that a request's body is checked by; of answers API Gateway checks nothing."""
    for version, document in contract.documents.items():
        wanted = [
            content["schema"]
            for operation in contract.operations
            if operation.version == version and "requestBody" in operation.document
            for content in resolve(document, operation.document["requestBody"])["content"].values()
        ]
        schemas = document.get("components", {}).get("schemas", {})
        reached: list[str] = []
        while wanted:
            for name in _references(wanted.pop()):
                if name not in reached:
                    reached.append(name)
                    wanted.append(schemas[name])
        yield from ((_model_name(version, name), _model(version, schemas[name])) for name in sorted(reached))


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if "$ref" in node:
            yield str(node["$ref"]).rpartition("/")[2]
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)


def _model_name(version: str, name: str) -> str:
    """Versions share one API, and names of its models are letters and digits."""
    return f"{version.upper()}{name}"


def _model(version: str, schema: Any) -> Any:
    """Return a schema of the contract as a model of API Gateway."""
    if isinstance(schema, list):
        return [_model(version, each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    if "$ref" in schema:
        return {"$ref": f"#/components/schemas/{_model_name(version, str(schema['$ref']).rpartition('/')[2])}"}
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            made[key] = {name: _model(version, each) for name, each in value.items()}
        elif key not in _UNKNOWN_TO_MODELS and not key.startswith("x-"):
            made[key] = _model(version, value)
    return made
