"""Routes that anybody may call, stages without limits or logs, names with old TLS."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from policies.controls.edge.api_access import CONTROL
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

API, METHOD, INTEGRATION = "aws:apigateway/restApi:RestApi", "aws:apigateway/method:Method", "aws:apigateway/integration:Integration"
STAGE, SETTINGS = "aws:apigateway/stage:Stage", "aws:apigateway/methodSettings:MethodSettings"
DOMAIN, DOMAIN_2 = "aws:apigateway/domainName:DomainName", "aws:apigatewayv2/domainName:DomainName"
PLAN, KEY, MEMBER = (
    "aws:apigateway/usagePlan:UsagePlan",
    "aws:apigateway/apiKey:ApiKey",
    "aws:apigateway/usagePlanKey:UsagePlanKey",
)
API_2, ROUTE_2, STAGE_2 = "aws:apigatewayv2/api:Api", "aws:apigatewayv2/route:Route", "aws:apigatewayv2/stage:Stage"
EVERY = "scheduling-api-every-method"
SIGNED = {"name": "X-Hub-Signature-256", "in": "header", "required": True, "schema": {"type": "string"}}
CHECKED = "parameters"


def route(name: str, method: str, path: str, **operation: Any) -> Mutation:
    def change(draft: Draft) -> None:
        api = draft.one(API)
        body = json.loads(api.properties["body"])
        body["paths"].setdefault(path, {})[method] = {"responses": {}, **operation}
        api.set("body", json.dumps(body))

    return Mutation(name, change)


def schemes(draft: Draft, change: Callable[[dict[str, Any]], object]) -> None:
    api = draft.one(API)
    body = json.loads(api.properties["body"])
    change(body)
    api.set("body", json.dumps(body))


def method(draft: Draft, verb: str, kind: str, answered_by: str | None = None, resource_id: str = "r1") -> None:
    draft.add(METHOD, "one", {"restApi": "a", "resourceId": "r1", "httpMethod": verb, "authorization": kind})
    if answered_by:
        draft.add(INTEGRATION, "one", {"restApi": "a", "resourceId": resource_id, "httpMethod": verb, "type": answered_by})


def one(type_: str, path: str, value: Any, name: str = "") -> Mutation:
    return Mutation(f"{path} of {type_.rpartition(':')[2]} is {value}", lambda draft: draft.one(type_, name).set(path, value))


def made(name: str, type_: str, **properties: Any) -> Mutation:
    return Mutation(name, lambda draft: draft.add(type_, "made", properties))


def socket(draft: Draft, key: str) -> None:
    draft.add(API_2, "socket", {"id": "a2", "protocolType": "WEBSOCKET"})
    draft.add(ROUTE_2, "made", {"apiId": "a2", "routeKey": key, "authorizationType": "NONE"})


def reachable(draft: Draft) -> None:
    for path in ("disableExecuteApiEndpoint", "securityPolicy"):
        draft.one(API).drop(path)


LIMITS = {"throttlingBurstLimit": 10, "throttlingRateLimit": 5}
LOGGED = {"accessLogSettings": {"destinationArn": "arn:logs"}}
CAUGHT = [
    route("a route asks nobody", "get", "/v1/everybody", security=[]),
    route("a route asks for the key of a program alone", "get", "/v1/programs", security=[{"client": []}]),
    route("a route says nothing, and nor does the document", "get", "/v1/silent"),
    route("a route writes without a token, in the name of health", "post", "/v1/health", security=[]),
    route("a webhook takes whatever comes", "post", "/v1/hook", security=[], parameters=[SIGNED | {"required": False}]),
    route("a signature is asked for and not checked", "post", "/v1/hook", security=[], parameters=[SIGNED]),
    route(
        "a browser's question reaches a function",
        "options",
        "/v1/health",
        security=[],
        **{"x-amazon-apigateway-integration": {"type": "aws_proxy"}},
    ),
    route("all methods ask nobody", "x-amazon-apigateway-any-method", "/v1/any", **{"x-amazon-apigateway-auth": {"type": "NONE"}}),
    Mutation("no scheme asks who calls", lambda draft: schemes(draft, lambda body: body["components"].pop("securitySchemes"))),
    one(API, "body", "openapi: 3.0.1"),
    Mutation("an API answers under AWS's own name", reachable),
    Mutation("a method asks nobody", lambda draft: method(draft, "GET", "NONE")),
    Mutation("a method that API Gateway answers asks nobody", lambda draft: method(draft, "GET", "NONE", "MOCK")),
    made("nothing is said of who may call a method", METHOD, restApi="a", resourceId="r1", httpMethod="GET"),
    Mutation("OPTIONS reaches a function", lambda draft: method(draft, "OPTIONS", "NONE", "AWS_PROXY")),
    Mutation("OPTIONS is answered on another path", lambda draft: method(draft, "OPTIONS", "NONE", "MOCK", "r2")),
    Mutation("a stage has no limits", lambda draft: draft.remove(SETTINGS, EVERY)),
    one(SETTINGS, "methodPath", "v1/GET", EVERY),
    one(SETTINGS, "settings.throttlingRateLimit", -1, EVERY),
    one(SETTINGS, "settings.throttlingBurstLimit", None, EVERY),
    Mutation("a stage keeps no log", lambda draft: draft.one(STAGE).drop("accessLogSettings")),
    one(DOMAIN, "securityPolicy", "TLS_1_0"),
    one(PLAN, "throttleSettings.rateLimit", 0),
    one(PLAN, "throttleSettings.burstLimit", 0),
    Mutation("a plan has no limits", lambda draft: draft.one(PLAN).drop("throttleSettings")),
    Mutation("a key is in no plan", lambda draft: draft.remove(MEMBER)),
    made("an HTTP route asks nobody", ROUTE_2, apiId="a", routeKey="GET /", authorizationType="NONE"),
    Mutation("a socket is opened by anybody", lambda draft: socket(draft, "$connect")),
    made("an HTTP stage has no limits", STAGE_2, **LOGGED),
    made("an HTTP stage has no rate", STAGE_2, defaultRouteSettings={"throttlingBurstLimit": 10}, **LOGGED),
    made("an HTTP stage has no burst", STAGE_2, defaultRouteSettings={"throttlingRateLimit": 5}, **LOGGED),
    made("nothing is said of who may call an HTTP route", ROUTE_2, apiId="a", routeKey="GET /"),
    made("an HTTP stage keeps no log", STAGE_2, defaultRouteSettings=LIMITS),
    made("a name of an HTTP API takes old TLS", DOMAIN_2, domainNameConfiguration={"securityPolicy": "TLS_1_0"}),
    made("an HTTP API's document asks nobody", API_2, body='{"paths": {"/": {"get": {}}}}'),
]
SPARED = [
    route("a route takes a token", "get", "/v1/mine", security=[{"users": []}]),
    route("a route asks IAM", "get", "/v1/iam", **{"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}),
    Mutation(
        "a document asks for all routes that say nothing",
        lambda draft: schemes(
            draft, lambda body: body.update(security=[{"users": []}]) or body["paths"].update({"/v1/silent": {"get": {}}})
        ),
    ),
    route("checkers ask for health", "get", "/v3/health", security=[]),
    route(
        "a webhook must be signed",
        "post",
        "/v1/hook",
        security=[],
        parameters=[SIGNED],
        **{"x-amazon-apigateway-request-validator": CHECKED},
    ),
    Mutation("an API has a modern floor under AWS's own name", lambda draft: draft.one(API).drop("disableExecuteApiEndpoint")),
    Mutation("AWS's own name of an API answers nobody", lambda draft: draft.one(API).drop("securityPolicy")),
    made("an API has its routes as resources", API, disableExecuteApiEndpoint=True),
    Mutation("OPTIONS is answered by API Gateway", lambda draft: method(draft, "OPTIONS", "NONE", "MOCK")),
    Mutation("a method asks the pool", lambda draft: method(draft, "GET", "COGNITO_USER_POOLS")),
    one(DOMAIN, "securityPolicy", "TLS_1_2"),
    made("an HTTP route takes a token", ROUTE_2, apiId="a", routeKey="GET /", authorizationType="JWT"),
    made("an HTTP API's preflight is open", ROUTE_2, apiId="a", routeKey="OPTIONS /{proxy+}", authorizationType="NONE"),
    Mutation("what comes through an open socket needs no more", lambda draft: socket(draft, "$default")),
    made("an HTTP stage has both", STAGE_2, defaultRouteSettings=LIMITS, **LOGGED),
    made("a name of an HTTP API takes TLS 1.2", DOMAIN_2, domainNameConfiguration={"securityPolicy": "TLS_1_2"}),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-10", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-10", mutation)


def test_before_the_first_update_only_the_document_is_open() -> None:
    api = resource(API, "api", id=UNKNOWN, body=UNKNOWN, disableExecuteApiEndpoint=True)
    of_it = {"restApi": UNKNOWN, "stageName": "live", "property_dependencies": {"restApi": (api.urn,)}}
    stage = resource(STAGE, "stage", **of_it, **LOGGED)
    settings = resource(SETTINGS, "settings", **of_it, methodPath="*/*", settings=LIMITS)
    verdicts = {finding.urn.rpartition("::")[2]: finding.verdict for finding in CONTROL.evaluate(lone(api, stage, settings))}
    assert verdicts == {"api": Verdict.UNDECIDED, "stage": Verdict.PASS, "settings": Verdict.PASS}
