"""What API Gateway imports is what the contract says, with AWS's parts added."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from components.serverless.contract import read_contract
from components.serverless.gateway_document import gateway_document
from tests.components.serverless.test_contract import SMALL

POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc"
FUNCTIONS = {
    "things": "arn:aws:lambda:eu-west-1:123456789012:function:things:live",
    "makers": "arn:aws:lambda:eu-west-1:123456789012:function:makers:live",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return gateway_document(
        read_contract({"v1": SMALL}),
        title="small",
        region="eu-west-1",
        functions=FUNCTIONS,
        user_pool_arns=[POOL],
        web_origin="https://app.example.com",
    )


def test_it_is_a_valid_document_with_every_route_and_a_preflight_for_each_path(document: dict[str, Any]) -> None:
    validate(document)
    routes = {path: sorted(set(item) - {"parameters"}) for path, item in document["paths"].items()}
    assert routes == {"/v1/health": ["get", "options"], "/v1/things/{thing_id}": ["get", "options", "put"]}


def test_a_route_calls_its_functions_alias(document: dict[str, Any]) -> None:
    integration = document["paths"]["/v1/things/{thing_id}"]["put"]["x-amazon-apigateway-integration"]
    assert (integration["type"], integration["httpMethod"]) == ("aws_proxy", "POST")
    assert integration["uri"] == (f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTIONS['makers']}/invocations")
    assert integration["timeoutInMillis"] == 29_000


def test_a_protected_route_takes_a_token_of_the_pool_with_its_scope_and_a_clients_key(document: dict[str, Any]) -> None:
    assert document["paths"]["/v1/things/{thing_id}"]["get"]["security"] == [{"users": ["things.read"]}, {"client": []}]
    authorizer = document["components"]["securitySchemes"]["users"]
    assert authorizer["x-amazon-apigateway-authorizer"] == {"type": "cognito_user_pools", "providerARNs": [POOL]}
    assert document["components"]["securitySchemes"]["client"]["name"] == "x-api-key"
    assert document["paths"]["/v1/health"]["get"]["security"] == []


def test_answers_are_kept_apart_by_tenant_token_and_parameters_of_cached_routes_alone(document: dict[str, Any]) -> None:
    route = document["paths"]["/v1/things/{thing_id}"]["get"]
    integration = route["x-amazon-apigateway-integration"]
    assert integration["cacheKeyParameters"] == [
        "method.request.header.X-Tenant",
        "method.request.header.Authorization",
        "method.request.path.thing_id",
    ]
    declared = {(each["in"], each["name"]): each["required"] for each in route["parameters"]}
    assert declared == {("path", "thing_id"): True, ("header", "X-Tenant"): True, ("header", "Authorization"): True}
    assert "cacheKeyParameters" not in document["paths"]["/v1/things/{thing_id}"]["put"]["x-amazon-apigateway-integration"]


def test_requests_are_validated_as_the_contract_says(document: dict[str, Any]) -> None:
    validators = document["x-amazon-apigateway-request-validators"]
    get, put = (document["paths"]["/v1/things/{thing_id}"][method] for method in ("get", "put"))
    assert validators[get["x-amazon-apigateway-request-validator"]] == {"validateRequestParameters": True, "validateRequestBody": False}
    assert validators[put["x-amazon-apigateway-request-validator"]] == {"validateRequestParameters": True, "validateRequestBody": True}


def test_models_are_those_of_requests_in_words_that_api_gateway_knows(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas) == {"V1Thing", "V1Part"}, "answers are not checked"
    thing = schemas["V1Thing"]
    assert thing["additionalProperties"] is False
    assert thing["properties"] == {
        "name": {"type": "string", "maxLength": 10},
        "example": {"type": "string"},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/V1Part"}},
    }, "a property may be called like a keyword"
    assert "example" not in thing
    body = document["paths"]["/v1/things/{thing_id}"]["put"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/V1Thing"}


def test_only_pages_of_the_web_client_may_call_it_from_a_browser(document: dict[str, Any]) -> None:
    preflight = document["paths"]["/v1/things/{thing_id}"]["options"]
    assert preflight["security"] == []
    answer = preflight["x-amazon-apigateway-integration"]["responses"]["default"]
    headers = {name.rpartition(".")[2]: value for name, value in answer["responseParameters"].items()}
    assert headers["Access-Control-Allow-Origin"] == "'https://app.example.com'"
    assert headers["Access-Control-Allow-Methods"] == "'GET,PUT,OPTIONS'"
    assert "Authorization" in headers["Access-Control-Allow-Headers"]
    assert "X-Tenant" in headers["Access-Control-Allow-Headers"]
    assert set(preflight["responses"]["204"]["headers"]) == set(headers)
