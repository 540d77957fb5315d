"""What an OpenAPI 3.0 document with API Gateway's extensions says: methods, models, validators, authorizers, gateway responses.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Node = Mapping[str, Any]

_EXTENSION = "x-amazon-apigateway"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_ANY = f"{_EXTENSION}-any-method"
_MODEL_NAME = re.compile(r"[A-Za-z0-9]+")
_STATUS = re.compile(r"[1-5]\d\d")
_MAPPED = re.compile(r"method\.request\.(path|querystring|header|multivaluequerystring|multivalueheader)\.(.+)")
_PLACES = {"path": "path", "query": "querystring", "header": "header"}


@dataclass(frozen=True, slots=True)
class Method:
    """One operation of the document."""

    path: str
    verb: str
    name: str | None
    authorization: str
    authorizer: str | None
    scopes: list[str] | None
    key_required: bool
    validator: str | None
    parameters: dict[str, bool]
    models: dict[str, str]
    responses: dict[str, dict[str, Any]]
    integration: Node | None


@dataclass(slots=True)
class Content:
    """All that an import makes, and why it would be refused."""

    methods: list[Method] = field(default_factory=list)
    models: dict[str, Node] = field(default_factory=dict)
    validators: dict[str, Node] = field(default_factory=dict)
    authorizers: dict[str, dict[str, Any]] = field(default_factory=dict)
    responses: dict[str, Node] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read(document: Node) -> Content:
    """The content of a document; `problems` holds everything that API Gateway would refuse."""
    reader = _Reader(document, Content())
    reader.read()
    return reader.content


class _Reader:
    def __init__(self, document: Node, content: Content) -> None:
        self._document, self.content = document, content
        self._components: Node = document.get("components") or {}
        self._schemes: Node = self._components.get("securitySchemes") or {}

    def read(self) -> None:
        content = self.content
        content.validators = dict(self._document.get(f"{_EXTENSION}-request-validators") or {})
        content.responses = dict(self._document.get(f"{_EXTENSION}-gateway-responses") or {})
        for name, schema in (self._components.get("schemas") or {}).items():
            if not _MODEL_NAME.fullmatch(name):
                self._problem(f"Unable to create model for '{name}': Model name must be alphanumeric: {name}")
            content.models[name] = schema
        for name, scheme in self._schemes.items():
            if given := scheme.get(f"{_EXTENSION}-authorizer"):
                content.authorizers[name] = _authorizer(scheme, given)
        for path, item in sorted((self._document.get("paths") or {}).items()):
            for key, operation in item.items():
                if key in _METHODS or key == _ANY:
                    content.methods.append(self._method(path, "ANY" if key == _ANY else key.upper(), item, operation))
        for model in content.models.values():
            for reference in _references(model):
                self._model(reference)

    def _problem(self, text: str) -> None:
        if text not in self.content.problems:
            self.content.problems.append(text)

    def _resolved(self, node: Any) -> Node:
        while isinstance(node, Mapping) and "$ref" in node:
            target: Any = self._document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target.get(step) if isinstance(target, Mapping) else None
            if target is None:
                self._problem(f"Unable to resolve the reference {node['$ref']}")
                return {}
            node = target
        found: Node = node if isinstance(node, Mapping) else {}
        return found

    def _method(self, path: str, verb: str, item: Node, operation: Node) -> Method:
        where = f"Unable to put method '{verb}' on resource at path '{path}'"
        authorization, authorizer, scopes, key = self._security(where, operation)
        validator = operation.get(f"{_EXTENSION}-request-validator") or self._document.get(f"{_EXTENSION}-request-validator")
        if validator and validator not in self.content.validators:
            self._problem(f"{where}: Invalid Request Validator identifier specified: {validator}")
        body = self._resolved(operation.get("requestBody"))
        method = Method(
            path=path,
            verb=verb,
            name=operation.get("operationId"),
            authorization=authorization,
            authorizer=authorizer,
            scopes=scopes,
            key_required=key,
            validator=validator,
            parameters=dict(self._parameters([*(item.get("parameters") or ()), *(operation.get("parameters") or ())])),
            models=dict(self._models(body.get("content") or {})),
            responses=dict(self._responses(operation.get("responses") or {})),
            integration=operation.get(f"{_EXTENSION}-integration"),
        )
        for problem in _mapping_problems(method):
            self._problem(f"{where}: {problem}")
        return method

    def _security(self, where: str, operation: Node) -> tuple[str, str | None, list[str] | None, bool]:
        """Kind of authorization, authorizer, scopes, and whether an API key is needed."""
        kind, authorizer, scopes, key = (operation.get(f"{_EXTENSION}-auth") or {}).get("type", "NONE").upper(), None, None, False
        wanted = operation.get("security", self._document.get("security")) or ()
        for name, asked in ((name, asked) for requirement in wanted for name, asked in requirement.items()):
            scheme = self._schemes.get(name)
            if scheme is None:
                self._problem(f"{where}: Invalid authorizer: no security scheme {name}")
            elif name in self.content.authorizers:
                custom = self.content.authorizers[name]["type"] != "COGNITO_USER_POOLS"
                kind, authorizer, scopes = "CUSTOM" if custom else "COGNITO_USER_POOLS", name, list(asked) or None
            elif str(scheme.get(f"{_EXTENSION}-authtype", "")).lower() == "awssigv4":
                kind = "AWS_IAM"
            elif scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() == "x-api-key":
                key = True
        return kind, authorizer, scopes, key

    def _parameters(self, parameters: list[Any]) -> Iterator[tuple[str, bool]]:
        for item in map(self._resolved, parameters):
            if item.get("in") in _PLACES:
                yield f"method.request.{_PLACES[item['in']]}.{item['name']}", bool(item.get("required", item["in"] == "path"))

    def _models(self, content: Node) -> Iterator[tuple[str, str]]:
        for kind, media in content.items():
            if schema := media.get("schema"):
                yield kind, self._model(schema["$ref"]) if "$ref" in schema else self._unnamed(schema)

    def _model(self, reference: str) -> str:
        name = reference.rpartition("/")[2]
        if name not in self.content.models:
            self._problem(f"Invalid model specified: {reference} is not among the schemas")
        return name

    def _unnamed(self, schema: Node) -> str:
        name = f"MODEL{hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()[:6]}"
        self.content.models[name] = schema
        return name

    def _responses(self, responses: Node) -> Iterator[tuple[str, dict[str, Any]]]:
        for code, given in responses.items():
            if not _STATUS.fullmatch(str(code)):
                continue  # API Gateway has no response for "all others"
            response = self._resolved(given)
            headers = {f"method.response.header.{name}": False for name in response.get("headers") or {}}
            yield str(code), {"models": dict(self._models(response.get("content") or {})), "parameters": headers}


def _authorizer(scheme: Node, given: Node) -> dict[str, Any]:
    kind = given["type"].upper()
    source = given.get("identitySource")
    if source is None and scheme.get("in") == "header" and kind != "REQUEST":
        source = f"method.request.header.{scheme['name']}"
    found = {
        "type": kind,
        "provider_arns": given.get("providerARNs"),
        "auth_type": scheme.get(f"{_EXTENSION}-authtype"),
        "authorizer_uri": given.get("authorizerUri"),
        "authorizer_credentials": given.get("authorizerCredentials"),
        "identity_source": source,
        "identity_validation_expression": given.get("identityValidationExpression"),
        "authorizer_result_ttl": given.get("authorizerResultTtlInSeconds", 300),
    }
    return {key: value for key, value in found.items() if value is not None}


def _mapping_problems(method: Method) -> Iterator[str]:
    """Parameters that the integration uses and the method does not declare."""
    integration = method.integration or {}
    mapped = integration.get("requestParameters") or {}
    for source in mapped.values():
        if _MAPPED.fullmatch(str(source)) and _single(source) not in method.parameters:
            yield f"Invalid mapping expression specified: Invalid mapping expression parameter specified: {source}"
    for key in integration.get("cacheKeyParameters") or ():
        if key not in mapped and key not in method.parameters:
            yield f"Invalid cache key parameter specified: {key}"


def _single(source: str) -> str:
    return source.replace(".multivaluequerystring.", ".querystring.").replace(".multivalueheader.", ".header.")


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for item in node:
            yield from _references(item)
