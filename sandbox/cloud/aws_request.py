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
    """json, cbor, query, ec2, rest-xml or rest-json."""
    action: str | None
    """None for REST services, whose action only `RestService` can tell."""
    method: str
    path: str
    query: frozenset[str]
    target: str = ""


def read(environ: Environ) -> AwsRequest | None:
    """The call, or None when the request is not signed as AWS requests are. The body stays readable."""
    found = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not found:
        return None
    signing_name, method = found[1], environ["REQUEST_METHOD"]
    path, _, query = str(environ.get("RAW_URI", "/")).partition("?")
    keys = frozenset(unquote(part.partition("=")[0]) for part in query.split("&") if part)

    def made(protocol: str, action: str | None, target: str = "") -> AwsRequest:
        return AwsRequest(signing_name, protocol, action, method, unquote(path), keys, target)

    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return made("json", target.rpartition(".")[2], target)
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        return made("cbor", path.rpartition("/")[2])
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
    routes = []
    for operation in model.operation_names:
        http = model.operation_model(operation).http
        path, _, query = http.get("requestUri", "/").partition("?")
        required = frozenset(part.partition("=")[0] for part in query.split("&") if part)
        routes.append(_Route(operation, http.get("method", "POST"), _pattern(path), required, len(path)))
    routes.sort(key=lambda route: (len(route.query), route.weight), reverse=True)
    return Service(model.signing_name, frozenset(model.operation_names), tuple(routes))


@dataclass(frozen=True, slots=True)
class _Route:
    operation: str
    method: str
    path: re.Pattern[str]
    query: frozenset[str]
    weight: int


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
        for route in self.routes:
            if route.method == request.method and route.query <= request.query and route.path.fullmatch(request.path):
                return route.operation
        return None


def _pattern(uri: str) -> re.Pattern[str]:
    parts: list[Any] = re.split(r"(\{[^}]+\})", uri.rstrip("/") or "/")
    made = "".join((".+" if part.endswith("+}") else "[^/]+") if part.startswith("{") else re.escape(part) for part in parts)
    return re.compile(made if made == "/" else f"{made}/?")
