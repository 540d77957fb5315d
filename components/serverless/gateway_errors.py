"""What API Gateway itself answers when a request never reaches a function: problem documents, like every other error (API-5, RFC 9457).

Templates here are filled by plain substitution: only `$context.error.messageString` comes quoted, so nothing else of a request stands in
them. Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
"""

import json
from typing import Any, NamedTuple

_RETRY_SECONDS = 5


class _Error(NamedTuple):
    status: int
    kind: str
    title: str
    detail: str | None = None
    """None shows what API Gateway says."""


_INVALID = "The request is not valid"
_REFUSED = "The identity may not do this"
_FAILED = "The service failed"
_LATER = "The service cannot answer now"
_MISSING = "There is no such thing"

ERRORS = {
    "ACCESS_DENIED": _Error(403, "forbidden", _REFUSED, "The token has none of the scopes that this takes"),
    "API_CONFIGURATION_ERROR": _Error(500, "internal", _FAILED, "Try again, and tell us the instance if it stays"),
    "AUTHORIZER_CONFIGURATION_ERROR": _Error(500, "internal", _FAILED, "Try again, and tell us the instance if it stays"),
    "AUTHORIZER_FAILURE": _Error(500, "internal", _FAILED, "Try again, and tell us the instance if it stays"),
    # What exactly is wrong comes with quotation marks of its own, and would break the document.
    "BAD_REQUEST_BODY": _Error(400, "invalid-request", _INVALID, "The body is not as the schema of this operation has it"),
    "BAD_REQUEST_PARAMETERS": _Error(400, "invalid-request", _INVALID),
    "DEFAULT_4XX": _Error(400, "invalid-request", _INVALID),
    "DEFAULT_5XX": _Error(500, "internal", _FAILED, "Try again, and tell us the instance if it stays"),
    "EXPIRED_TOKEN": _Error(401, "unauthenticated", "The request carries no valid identity", "The token has expired: refresh it"),
    "INTEGRATION_FAILURE": _Error(503, "unavailable", _LATER, "Try again later"),
    "INTEGRATION_TIMEOUT": _Error(503, "unavailable", _LATER, "It took too long: try again later"),
    "INVALID_API_KEY": _Error(403, "forbidden", _REFUSED, "Send the key of the client in X-API-Key"),
    "INVALID_SIGNATURE": _Error(403, "forbidden", _REFUSED),
    # What API Gateway says of a route that is not there.
    "MISSING_AUTHENTICATION_TOKEN": _Error(404, "not-found", _MISSING, "The API has no such route"),
    "QUOTA_EXCEEDED": _Error(429, "too-many-requests", "Too many requests", "The client has used up its quota"),
    "REQUEST_TOO_LARGE": _Error(413, "too-large", "The request is too large"),
    "RESOURCE_NOT_FOUND": _Error(404, "not-found", _MISSING, "The API has no such route"),
    "THROTTLED": _Error(429, "too-many-requests", "Too many requests", "Ask less often"),
    "UNAUTHORIZED": _Error(401, "unauthenticated", "The request carries no valid identity", "Sign in, and send the token"),
    "UNSUPPORTED_MEDIA_TYPE": _Error(415, "unsupported-media-type", "The media type is not supported", "Send application/json"),
    "WAF_FILTERED": _Error(403, "forbidden", _REFUSED, "The firewall refused the request"),
}
"""Every type of answer that API Gateway gives by itself."""


def gateway_responses(web_origin: str) -> dict[str, Any]:
    """Return every answer of API Gateway's own, which pages of `web_origin` may read too."""
    return {kind: _response(error, web_origin) for kind, error in ERRORS.items()}


def _response(error: _Error, web_origin: str) -> dict[str, Any]:
    headers = {
        "Content-Type": "'application/problem+json'",
        "Cache-Control": "'no-store'",
        "Access-Control-Allow-Origin": f"'{web_origin}'",
    }
    if error.status in (429, 503):
        headers["Retry-After"] = f"'{_RETRY_SECONDS}'"
    if error.status == 401:
        headers["WWW-Authenticate"] = "'Bearer'"
    known = {"type": f"urn:morefocus:problem:{error.kind}", "title": error.title, "status": error.status}
    shown = json.dumps(error.detail) if error.detail is not None else "$context.error.messageString"
    body = f'{json.dumps(known)[:-1]}, "detail": {shown}, "instance": "urn:request:$context.requestId"}}'
    return {
        "statusCode": str(error.status),
        "responseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers.items()},
        "responseTemplates": {"application/json": body},
    }
