"""The contract holds: both documents are valid and exact, and whatever is asked of the handlers, they answer as it says (API-5)."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from components.serverless.contract import read_contract, resolve
from components.serverless.gateway_document import gateway_document
from tests.kit.functions import node
from tests.services.scheduling.contracts import DOCUMENTS, Front, closed, front, headers, operations, token
from tests.services.scheduling.scene import scene

ROUTED = ("bookings", "payments", "privacy")
PROVIDERS, RECORD = ("StripeEvent", "MercadoPagoEvent"), "ExportedRecord"
EXAMPLES = 4
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance]
VERSIONS = ("v1", "v2")
SESSION = requests.Session()
"""Keeps its connection: hundreds of requests would each open one."""


def quarters() -> st.SearchStrategy[str]:
    """Times at full quarters, on days of a month that the tests before have booked nothing of."""
    parts = (st.integers(1, 12), st.integers(1, 28), st.integers(0, 23), st.sampled_from(["00", "15", "30", "45"]))
    return st.tuples(*parts).map(lambda at: f"2033-{at[0]:02}-{at[1]:02}T{at[2]:02}:{at[3]}:00Z")


schemathesis.openapi.format("date-time", quarters())
schemathesis.openapi.format("date", st.dates().map(lambda day: day.replace(year=2020 + day.year % 80, day=min(day.day, 28)).isoformat()))
schemathesis.openapi.format("email", st.integers(0, 9999).map(lambda number: f"ana{number}@example.com"))


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    node()
    with scene(tmp_path_factory.mktemp("scene")) as made, front(made, tmp_path_factory.mktemp("front")) as running:
        yield running


@pytest.mark.parametrize("version", VERSIONS)
def test_the_documents_are_valid_openapi(version: str) -> None:
    validate(DOCUMENTS[version])


def test_both_versions_stand_side_by_side_and_every_function_has_a_route() -> None:
    contract = read_contract(DOCUMENTS)
    contract.check_functions(ROUTED)
    assert {operation.version for operation in contract.operations} == set(VERSIONS)
    assert {operation.place for operation in contract.cached} == {
        f"GET /{each}/resources/{{resource_id}}/availability" for each in VERSIONS
    }
    assert all(operation.needs_client for operation in contract.operations if operation.public is None)


def _schemas(node: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema below a node that is one, with its place."""
    if not isinstance(node, dict) or "$ref" in node:
        return
    yield place, node
    for name, each in node.get("properties", {}).items():
        yield from _schemas(each, f"{place}.{name}")
    yield from _schemas(node.get("items"), f"{place}[]")


def _open(name: str, whole: bool) -> bool:
    """Whether a schema may have more than it says: providers' notices as a whole and below, of an exported record its data."""
    return name in PROVIDERS or (name == RECORD and not whole)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_schema_says_exactly_what_may_be(version: str) -> None:
    loose = []
    for name, schema in DOCUMENTS[version]["components"]["schemas"].items():
        assert "example" in schema and "description" in schema, name
        for place, each in _schemas(schema, name):
            kind = each.get("type")
            if kind == "object" and each.get("additionalProperties") is not _open(name, each is schema):
                loose.append(f"{place}: additionalProperties")
            if kind == "string" and not ({"enum", "maxLength"} & set(each)):
                loose.append(f"{place}: maxLength")
            if kind in ("integer", "number") and not ("enum" in each or {"minimum", "maximum"} <= set(each)):
                loose.append(f"{place}: minimum and maximum")
            if kind == "array" and "maxItems" not in each:
                loose.append(f"{place}: maxItems")
    assert not loose


def _examples(version: str) -> Iterator[tuple[str, Any, Any]]:
    """Place, schema and value of every example of a document."""
    document = DOCUMENTS[version]
    for name, schema in document["components"]["schemas"].items():
        yield name, schema, schema["example"]
    for path, method, operation in operations(version):
        place = f"{method.upper()} {path}"
        for parameter in operation["parameters"]:
            if "example" in parameter:
                yield f"{place} {parameter['name']}", resolve(document, parameter["schema"]), parameter["example"]
        bodies = [("request", operation.get("requestBody")), *operation["responses"].items()]
        for told, body in bodies:
            for content in resolve(document, body or {}).get("content", {}).values():
                values = [resolve(document, each)["value"] for each in content.get("examples", {}).values()]
                values += [content["example"]] if "example" in content else []
                assert values, f"{place} {told} has no example"
                yield from ((f"{place} {told}", resolve(document, content["schema"]), value) for value in values)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_example_fits_its_schema(version: str) -> None:
    wrong = []
    for place, schema, value in _examples(version):
        checker = OAS30ReadValidator(closed(version, schema), format_checker=oas30_format_checker)
        wrong += [f"{place}: {error.message}" for error in checker.iter_errors(value)]
    assert not wrong


def _signed(path: str, body: bytes) -> dict[str, str]:
    """What the provider would send with the body."""
    at = int(time.time())
    if path.endswith("stripe"):
        made = hmac.new(b"whsec_test", f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={at},v1={made}"}
    text = f"id:999009;request-id:request-1;ts:{at};"
    return {"x-signature": f"ts={at},v1={hmac.new(b'mp-secret', text.encode(), hashlib.sha256).hexdigest()}", "x-request-id": "request-1"}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_example_of_a_request_is_accepted(api: Front, version: str) -> None:
    """Those that change a booking are sent to one of their own, with its version."""
    document = DOCUMENTS[version]
    for number, (path, method, operation) in enumerate(operations(version)):
        content = resolve(document, operation.get("requestBody", {})).get("content", {}).get("application/json", {})
        bodies = [each["value"] for each in content.get("examples", {}).values()] or [None]
        for turn, body in enumerate(bodies):
            made = api.booking(version, f"example-{version}-{number}-{turn}")
            assert made.status == 201, made.body
            values = {each["name"]: each.get("example", "") for each in operation["parameters"] if each["in"] == "path"}
            known = {"booking_id": made.body["id"], "customer_id": made.body["customer"]["id"]}
            place = path.format(**{**values, **{name: value for name, value in known.items() if name in values}})
            query = "&".join(
                f"{each['name']}={each['example']}" for each in operation["parameters"] if each["in"] == "query" and "example" in each
            )
            sent = None if body is None else json.dumps(body).encode()
            signed = _signed(path, sent) if sent and "webhooks" in path else {}
            given = headers(**{"If-Match": made.headers["etag"], **signed})
            answer = api.ask(method.upper(), f"/api/{version}{place}?{query}", sent, given)
            assert 200 <= answer.status < 300, (operation["operationId"], body, answer.body)
            assert str(answer.status) in operation["responses"]


def test_the_two_versions_see_the_same_booking_in_their_own_words(api: Front) -> None:
    made = api.booking("v2", "both-versions")
    first = api.ask("GET", f"/api/v1/bookings/{made.body['id']}").body
    assert (first["resource"], first["start"], first["duration_minutes"]) == ("both-versions", "2032-05-10T14:00:00Z", 30)
    listed = api.ask("GET", "/api/v1/bookings?resource=both-versions&day=2032-05-10").body
    spanned = api.ask("GET", "/api/v2/resources/both-versions/bookings?from=2032-05-01T00:00:00Z&to=2032-06-01T00:00:00Z").body
    assert [each["id"] for each in listed["items"]] == [each["id"] for each in spanned["items"]] == [made.body["id"]]


def test_what_no_function_may_see_is_refused_with_a_problem_document(api: Front) -> None:
    path = "/api/v1/bookings?resource=dr-silva&day=2032-05-10"
    cases = {
        401: [
            {"X-API-Key": "a-client"},
            headers(Authorization=f"Bearer {token(scope='openid')}"),
            headers(Authorization=f"Bearer {token(exp=1)}"),
        ],
        403: [{"Authorization": f"Bearer {token()}"}, headers(Authorization=f"Bearer {token(groups=())}")],
    }
    for status, given in cases.items():
        for each in given:
            answer = api.ask("GET", path, given=each)
            assert (answer.status, answer.headers["content-type"], answer.body["status"]) == (status, "application/problem+json", status)
    for missing in ("/api/v1/bookings?resource=dr-silva", "/api/v1/bookings?resource=dr-silva&day="):
        assert api.ask("GET", missing).status == 400
    for nowhere in ("/api/v1/nothing", "/api/v3/health", "/v1/health"):
        assert api.ask("GET", nowhere).status == 404
    assert api.ask("POST", "/api/v1/bookings", b"{").status == 400
    assert api.ask("POST", "/api/v1/bookings", b"x" * (10 * 1024 * 1024 + 1)).status == 413
    assert api.ask("POST", "/api/v1/bookings", b"a=b", headers(**{"Content-Type": "application/x-www-form-urlencoded"})).status == 415


def test_kept_answers_of_one_tenant_are_never_filled_by_another(api: Front) -> None:
    """The tenant is part of the cache's key by a header, which must therefore be the token's."""
    path = "/api/v1/resources/dr-silva/availability?day=2032-05-10"
    assert api.ask("GET", path).status == 200
    assert api.ask("GET", path, given=headers(**{"X-Tenant": "clinic-b"})).status == 403


def test_api_gateway_imports_every_route_with_its_authorizer_validator_and_cache(api: Front) -> None:
    """What an emulated API Gateway makes of the document that is deployed."""
    contract = read_contract(DOCUMENTS)
    functions = {name: f"arn:aws:lambda:eu-west-1:123456789012:function:{name}:live" for name in ROUTED}
    pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc"
    document = gateway_document(
        contract, title="scheduling", region="eu-west-1", functions=functions, user_pool_arns=[pool], web_origin="https://app.example.com"
    )
    validate(document)
    gateway = api.scene.connect("apigateway")
    made = gateway.import_rest_api(failOnWarnings=True, body=json.dumps(document).encode())["id"]
    resources = gateway.get_resources(restApiId=made, embed=["methods"], limit=500)["items"]
    methods = {
        method["operationName"]: method
        for each in resources
        for verb, method in each.get("resourceMethods", {}).items()
        if verb != "OPTIONS"
    }
    (authorizer,) = gateway.get_authorizers(restApiId=made)["items"]
    assert authorizer["providerARNs"] == [pool]
    validators = {each["id"]: each for each in gateway.get_request_validators(restApiId=made)["items"]}
    assert set(methods) == {operation.id for operation in contract.operations}
    for operation in contract.operations:
        method = methods[operation.id]
        protected = operation.public is None
        assert method["authorizationType"] == ("COGNITO_USER_POOLS" if protected else "NONE"), operation.place
        assert method.get("authorizationScopes", []) == list(operation.scopes) and method["apiKeyRequired"] is protected
        assert validators[method["requestValidatorId"]]["validateRequestBody"] is (operation.validation == "all")
        assert functions[operation.function] in method["methodIntegration"]["uri"]
        kept = method["methodIntegration"].get("cacheKeyParameters", [])
        assert bool(kept) is (operation.cache is not None)
        assert not kept or {"method.request.header.X-Tenant", "method.request.header.Authorization"} <= set(kept) <= set(
            method["requestParameters"]
        )
    answered = {each["responseType"] for each in gateway.get_gateway_responses(restApiId=made)["items"]}
    assert {"UNAUTHORIZED", "THROTTLED", "BAD_REQUEST_BODY", "WAF_FILTERED"} <= answered


@pytest.fixture(scope="module")
def generated_v1(api: Front) -> Any:
    return _loaded(api, "v1")


@pytest.fixture(scope="module")
def generated_v2(api: Front) -> Any:
    return _loaded(api, "v2")


def _loaded(api: Front, version: str) -> Any:
    schema = schemathesis.openapi.from_dict(DOCUMENTS[version])
    schema.config.update(base_url=f"{api.address}/api/{version}")
    # Routes that are not there have a test of their own.
    schema.config.phases.coverage.unexpected_methods = set()
    return schema


def _judged(api: Front, version: str, case: Any) -> None:
    """Half of the generated ids lead to a booking that is there, so that more than the refusal of unknown ones is reached."""
    known = api.known(version)
    for name, value in (("booking_id", known["id"]), ("customer_id", known["customer"]["id"])):
        if (
            name in case.path_parameters
            and str(case.path_parameters[name])[:1] < "8"
            and case.method != "DELETE"
            and "erasure" not in case.path
        ):
            case.path_parameters[name] = value
    given = {} if "webhooks" in case.path else headers()
    response = case.call(headers=given, session=SESSION)
    case.validate_response(response, checks=CHECKS)


QUICK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@schemathesis.pytest.from_fixture("generated_v1").parametrize()
@QUICK
def test_whatever_is_asked_of_the_first_version_is_answered_as_it_says(case: Any, api: Front) -> None:
    _judged(api, "v1", case)


@schemathesis.pytest.from_fixture("generated_v2").parametrize()
@QUICK
def test_whatever_is_asked_of_the_second_version_is_answered_as_it_says(case: Any, api: Front) -> None:
    _judged(api, "v2", case)
