"""EDGE-10: every route of an API asks who calls, is throttled, takes TLS 1.2 and newer only, and is written down."""

from collections.abc import Iterable, Iterator
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.controls.edge._routes import routes_are_closed
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, all_of, any_of, asks, is_yes
from policies.verdict import Ruling

REST_API, METHOD, INTEGRATION = "aws:apigateway/restApi:RestApi", "aws:apigateway/method:Method", "aws:apigateway/integration:Integration"
STAGE, SETTINGS = "aws:apigateway/stage:Stage", "aws:apigateway/methodSettings:MethodSettings"
DOMAIN, DOMAIN_2 = "aws:apigateway/domainName:DomainName", "aws:apigatewayv2/domainName:DomainName"
PLAN, KEY, MEMBER = (
    "aws:apigateway/usagePlan:UsagePlan",
    "aws:apigateway/apiKey:ApiKey",
    "aws:apigateway/usagePlanKey:UsagePlanKey",
)
API_2, ROUTE_2, STAGE_2 = "aws:apigatewayv2/api:Api", "aws:apigatewayv2/route:Route", "aws:apigatewayv2/stage:Stage"
EVERY = "*/*"
_TLS = "TLS_1_2, or a policy whose name begins with SecurityPolicy_TLS13"
_CLOSED = "an authorizer; none only for OPTIONS that API Gateway answers, GET of health, and webhooks that must send a signature"
_WHO = ("AWS_IAM", "COGNITO_USER_POOLS", "CUSTOM", "JWT")
_POSITIVE = "a number above 0"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge APIs with the routes of their documents, routes that are resources, stages, names, and what limits callers."""
    yield from _rest_apis(graph)
    yield from _stages(graph)
    for settings in graph.of(SETTINGS):
        yield ruled(settings, _limit(settings, "settings.throttlingRateLimit"), _limit(settings, "settings.throttlingBurstLimit"))
    for domain in graph.of(DOMAIN):
        yield ruled(domain, need(domain, "securityPolicy", _is_modern, _TLS))
    for domain in graph.of(DOMAIN_2):
        yield ruled(domain, need(domain, "domainNameConfiguration.securityPolicy", _is_modern, _TLS))
    for plan in graph.of(PLAN):
        yield ruled(plan, _limit(plan, "throttleSettings.rateLimit"), _limit(plan, "throttleSettings.burstLimit"))
    for key in graph.of(KEY):
        members = graph.attached(key, MEMBER, "keyId")
        yield ruled(key, Need("", bool(members.resources) or (False if members.certain else None), "a usage plan that it is a key of"))
    yield from _second_generation(graph)


def _limit(resource: Resource, path: str) -> Need:
    return need(resource, path, lambda limit: float(limit) > 0, _POSITIVE)


def _is_modern(policy: Any) -> bool:
    return policy == "TLS_1_2" or str(policy).startswith("SecurityPolicy_TLS13")


def _rest_apis(graph: Graph) -> Iterator[Ruling]:
    for api in graph.of(REST_API):
        unreachable = any_of(
            [
                asks(api.properties, "disableExecuteApiEndpoint", is_yes, absent=False),
                asks(api.properties, "securityPolicy", _is_modern, absent=False),
            ]
        )
        closed = True if api.look("body") is ABSENT else routes_are_closed(api.look("body"))
        yield ruled(api, Need("body", closed, _CLOSED), Need("disableExecuteApiEndpoint", unreachable, "true"))
    mocks = {_place(each) for each in graph.of(INTEGRATION) if each.look("type") == "MOCK"}
    for method in graph.of(METHOD):
        known = asks(method.properties, "authorization", lambda kind: kind in _WHO, absent=False)
        asked = asks(method.properties, "httpMethod", lambda verb: verb == "OPTIONS", absent=False)
        answered = (None if UNKNOWN in _place(method) else True) if _place(method) in mocks else False
        yield ruled(method, Need("authorization", any_of([known, all_of([asked, answered])]), _CLOSED))


def _place(resource: Resource) -> tuple[Any, ...]:
    return tuple(resource.look(path) for path in ("restApi", "resourceId", "httpMethod"))


def _stages(graph: Graph) -> Iterator[Ruling]:
    limited = {(_api(graph, each), each.look("stageName")) for each in graph.of(SETTINGS) if each.look("methodPath") == EVERY}
    for stage in graph.of(STAGE):
        found = (_api(graph, stage), stage.look("stageName")) in limited
        yield ruled(
            stage,
            need(stage, "accessLogSettings.destinationArn", bool, "a log group or a delivery stream"),
            Need("", found or (None if any(UNKNOWN in each for each in limited) else False), f"MethodSettings of {EVERY} with limits"),
        )


def _api(graph: Graph, resource: Resource) -> Any:
    """Return the API that a resource belongs to: by urn where it is of this stack, else as it is written."""
    apis = graph.target(resource, "restApi", REST_API).resources
    return apis[0].urn if apis else resource.look("restApi")


def _second_generation(graph: Graph) -> Iterator[Ruling]:
    for api in graph.of(API_2):
        yield ruled(api, Need("body", True if api.look("body") is ABSENT else routes_are_closed(api.look("body")), _CLOSED))
    for route in graph.of(ROUTE_2):
        known = asks(route.properties, "authorizationType", lambda kind: kind in _WHO, absent=False)
        preflight = asks(route.properties, "routeKey", lambda key: key.startswith("OPTIONS "), absent=False)
        yield ruled(route, Need("authorizationType", any_of([known, preflight, _is_of_a_socket(graph, route)]), _CLOSED))
    for stage in graph.of(STAGE_2):
        yield ruled(
            stage,
            need(stage, "accessLogSettings.destinationArn", bool, "a log group"),
            _limit(stage, "defaultRouteSettings.throttlingRateLimit"),
            _limit(stage, "defaultRouteSettings.throttlingBurstLimit"),
        )


def _is_of_a_socket(graph: Graph, route: Resource) -> bool:
    """A socket is opened once, by $connect; what follows comes through it."""
    apis = graph.target(route, "apiId", API_2).resources
    return route.look("routeKey") != "$connect" and any(api.look("protocolType") == "WEBSOCKET" for api in apis)


CONTROL = Control(
    id="EDGE-10",
    title="Every route of an API asks who calls, within limits, over TLS 1.2 and newer, with an access log",
    severity=Severity.HIGH,
    why="A route that was added without an authorizer answers the whole world, and nobody notices.",
    fix="give each operation a `security` with an authorizer, the stage access_log_settings and MethodSettings of */* with throttling",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.1* PI1.2", iso27001="5.15 8.3 8.15", pci="7.2.1 10.2.1"),
    governs=(REST_API, METHOD, STAGE, SETTINGS, DOMAIN, PLAN, KEY, MEMBER, API_2, ROUTE_2, STAGE_2, DOMAIN_2),
    check=check,
)
