"""What an AWS request asks for: service, action and wire protocol, read from the request and botocore's service models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote

import botocore.session

from sandbox.cloud.messages import Environ

_XML_REST = {"s3", "cloudfront", "route53"}
_CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class AwsRequest:
    """One call of an AWS API."""

    signing_name: str
    """The service as it is named in the signature ("elasticloadbalancing" for elbv2)."""
    protocol: str
    """json, query, ec2, rest-xml or rest-json."""
    action: str | None
    """None for REST services, whose action only `RestService` can tell."""
    method: str
    path: str
    query: frozenset[str]
    headers: frozenset[str]
    """Names of the headers, in lower case."""


def read(environ: Environ) -> AwsRequest | None:
    """The call, or None when the request is not signed as AWS requests are. The body stays readable."""
    found = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not found:
        return None
    signing_name, method = found[1], environ["REQUEST_METHOD"]
    path, _, query = str(environ.get("RAW_URI", "/")).partition("?")
    keys = frozenset(unquote(part.partition("=")[0]) for part in query.split("&") if part)
    headers = frozenset(name.removeprefix("HTTP_").replace("_", "-").lower() for name in environ if name.startswith("HTTP_"))

    def made(protocol: str, action: str | None) -> AwsRequest:
        return AwsRequest(signing_name, protocol, action, method, unquote(path), keys, headers)

    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return made("json", target.rpartition(".")[2])
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        body = environ["wsgi.input"]
        form = parse_qs(body.read().decode())
        body.seek(0)
        if "Action" in form:
            return made("ec2" if signing_name == "ec2" else "query", form["Action"][0])
    return made("rest-xml" if signing_name in _XML_REST else "rest-json", None)


class UnknownServiceError(ValueError):
    """A service that botocore does not know."""


@cache
def service(name: str) -> Service:
    """botocore's model of the service, by boto3's name for it. UnknownServiceError when there is none."""
    session = botocore.session.get_session()
    if name not in session.get_available_services():
        raise UnknownServiceError(f"unknown AWS service {name!r}: use boto3's name, as ec2, elbv2, s3")
    model = session.get_service_model(name)
    routes = [_route(model.operation_model(operation)) for operation in model.operation_names]
    # The most particular first: a copy of an object is also what a put of one looks like.
    routes.sort(key=lambda route: (len(route.query) + len(route.headers), route.weight), reverse=True)
    return Service(model.signing_name, frozenset(model.operation_names), tuple(routes))


@dataclass(frozen=True, slots=True)
class _Route:
    operation: str
    method: str
    path: re.Pattern[str]
    query: frozenset[str]
    headers: frozenset[str]
    weight: int

    def matches(self, request: AwsRequest) -> bool:
        return (
            self.method == request.method
            and self.query <= request.query
            and self.headers <= request.headers
            and self.path.fullmatch(request.path) is not None
        )


@dataclass(frozen=True, slots=True)
class Service:
    """What tells the calls of one service apart."""

    signing_name: str
    actions: frozenset[str]
    routes: tuple[_Route, ...]

    def action(self, request: AwsRequest) -> str | None:
        """The action that the request calls; None when it is of another service."""
        if request.signing_name != self.signing_name:
            return None
        if request.action is not None:
            return request.action if request.action in self.actions else None
        return next((route.operation for route in self.routes if route.matches(request)), None)


def _route(operation: Any) -> _Route:
    path, _, query = operation.http.get("requestUri", "/").partition("?")
    needed: dict[str, set[str]] = {"querystring": {part.partition("=")[0] for part in query.split("&") if part}, "header": set()}
    shape = operation.input_shape
    for member in shape.required_members if shape else ():
        serialized = shape.members[member].serialization
        if (where := serialized.get("location")) in needed:
            needed[where].add(serialized["name"].lower() if where == "header" else serialized["name"])
    method = operation.http.get("method", "POST")
    return _Route(operation.name, method, _pattern(path), frozenset(needed["querystring"]), frozenset(needed["header"]), len(path))


def _pattern(uri: str) -> re.Pattern[str]:
    parts: list[Any] = re.split(r"(\{[^}]+\})", uri.rstrip("/") or "/")
    made = "".join((".+" if part.endswith("+}") else "[^/]+") if part.startswith("{") else re.escape(part) for part in parts)
    return re.compile(made if made == "/" else f"{made}/?")
