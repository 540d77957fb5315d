"""Which routes of an OpenAPI document anybody may call, as API Gateway imports it."""

import re
from collections.abc import Mapping
from typing import Any

from policies.values import ABSENT, UNKNOWN, Answer, all_of, document, each, look

_METHODS = frozenset({"delete", "get", "head", "patch", "post", "put", "options", "trace", "x-amazon-apigateway-any-method"})
_HEALTH = re.compile(r"/(health|healthz|livez|ready|readyz|status)$")
_SIGNATURE = re.compile(r"signature", re.IGNORECASE)


def routes_are_closed(body: Any) -> Answer:
    """Tell whether every route takes an authorizer, or is one of those that cannot have any.

    Those are a browser's question before its request (OPTIONS), answered by API Gateway itself; a question for health; and a webhook
    whose caller must send a signature, without which API Gateway hands nothing on.
    Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html,
    https://spec.openapis.org/oas/v3.0.3#operation-object
    """
    parsed = document(body)
    if parsed is UNKNOWN:
        return None
    paths = look(parsed, "paths")
    if parsed is ABSENT or not isinstance(paths, Mapping):
        return False
    return all_of(
        [
            _is_closed(parsed, path, method, operation)
            for path, item in paths.items()
            if isinstance(item, Mapping)
            for method, operation in item.items()
            if method in _METHODS
        ]
    )


def _is_closed(api: Any, path: str, method: str, operation: Any) -> bool:
    if _asks_who(api, operation):
        return True
    if method == "options":
        return str(look(operation, "x-amazon-apigateway-integration.type")).lower() == "mock"
    return (method == "get" and bool(_HEALTH.search(path))) or _needs_signature(api, operation)


def _asks_who(api: Any, operation: Any) -> bool:
    """Tell whether a requirement names an authorizer; a key of a usage plan tells programs apart, and opens nothing."""
    own = _field(operation, "x-amazon-apigateway-auth")
    if isinstance(own, Mapping) and str(own.get("type", "NONE")).upper() != "NONE":
        return True
    asked = _field(operation, "security")
    if asked is ABSENT:
        asked = _field(api, "security")
    names = [name for one in (asked if isinstance(asked, list) else []) if isinstance(one, Mapping) for name in one]
    schemes = {**_mapping(look(api, "securityDefinitions")), **_mapping(look(api, "components.securitySchemes"))}
    return any(
        "x-amazon-apigateway-authorizer" in scheme or "x-amazon-apigateway-authtype" in scheme
        for name in names
        if isinstance(scheme := schemes.get(name), Mapping)
    )


def _needs_signature(api: Any, operation: Any) -> bool:
    validator = _field(operation, "x-amazon-apigateway-request-validator")
    if validator is ABSENT:
        validator = _field(api, "x-amazon-apigateway-request-validator")
    validators = _mapping(_field(api, "x-amazon-apigateway-request-validators"))
    if not isinstance(validator, str) or _mapping(validators.get(validator)).get("validateRequestParameters") is not True:
        return False
    return any(
        isinstance(one, Mapping) and one.get("in") == "header" and one.get("required") is True and _SIGNATURE.search(str(one.get("name")))
        for one in each(operation, "parameters")
    )


def _field(value: Any, name: str) -> Any:
    return value.get(name, ABSENT) if isinstance(value, Mapping) else ABSENT


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
