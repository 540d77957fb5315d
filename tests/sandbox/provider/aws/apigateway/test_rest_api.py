"""REST APIs and what an import of their body makes, against the emulated cloud."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.provider.errors import InvalidInputs
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.apigateway.openapi import FUNCTION, POOL, body, document

API = "aws:apigateway/restApi:RestApi"
POLICY = "aws:apigateway/restApiPolicy:RestApiPolicy"


def policy(address: str) -> str:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**deny, "Condition": {"NotIpAddress": {"aws:SourceIp": address}}}]})


def given(**more: Any) -> dict[str, Any]:
    return {
        "name": "morefocus-bookings",
        "body": body(),
        "endpointConfiguration": {"types": "REGIONAL"},
        "disableExecuteApiEndpoint": True,
        "minimumCompressionSize": "1024",
        "policy": policy("192.0.2.0/24"),
        "tags": {"component": "scheduling"},
        **more,
    }


def paths(life: Life) -> dict[str, dict[str, Any]]:
    return {item["path"]: item for item in life.boto("apigateway").get_resources(restApiId=life.id, embed=["methods"])["items"]}


def test_an_api_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(API, **given())
    gateway = life.boto("apigateway")
    live = gateway.get_rest_api(restApiId=life.id)
    assert (live["name"], live["description"]) == ("morefocus-bookings", "Bookings of the scheduling service")
    assert (live["disableExecuteApiEndpoint"], live["minimumCompressionSize"]) == (True, 1024)
    assert live["endpointConfiguration"]["types"] == ["REGIONAL"]
    assert json.loads(live["policy"]) == json.loads(policy("192.0.2.0/24"))
    assert life.outputs["executionArn"] == f"arn:aws:execute-api:eu-west-1:123456789012:{life.id}"
    assert gateway.get_tags(resourceArn=life.outputs["arn"])["tags"] == {"component": "scheduling"}
    assert life.refresh() == []
    assert life.imported()[0]["endpointConfiguration"] == {"types": "REGIONAL", "ipAddressType": "ipv4"}

    changed = given(disableExecuteApiEndpoint=False, minimumCompressionSize="-1", policy=policy("198.51.100.0/24"), tags={})
    life.update(**changed)
    live = gateway.get_rest_api(restApiId=life.id)
    assert not live["disableExecuteApiEndpoint"]
    assert "minimumCompressionSize" not in live
    assert json.loads(live["policy"]) == json.loads(policy("198.51.100.0/24"))
    assert gateway.get_tags(resourceArn=life.outputs["arn"])["tags"] == {}
    assert life.refresh() == []
    gateway.update_rest_api(restApiId=life.id, patchOperations=[{"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"}])
    assert [change.path for change in life.refresh()] == ["disableExecuteApiEndpoint"]
    life.delete()
    assert life.gone()


def test_an_import_makes_all_that_the_document_describes(workbench: Workbench) -> None:
    life = workbench.made(API, **given())
    gateway, resources = life.boto("apigateway"), paths(life)
    assert set(resources) == {"/", "/v1", "/v1/bookings", "/v1/bookings/{id}"}
    [authorizer] = gateway.get_authorizers(restApiId=life.id)["items"]
    assert (authorizer["name"], authorizer["type"], authorizer["providerARNs"]) == ("users", "COGNITO_USER_POOLS", [POOL])
    assert authorizer["identitySource"] == "method.request.header.Authorization"
    [validator] = gateway.get_request_validators(restApiId=life.id)["items"]
    assert (validator["name"], validator["validateRequestBody"], validator["validateRequestParameters"]) == ("all", True, True)
    models = {item["name"]: json.loads(item["schema"]) for item in gateway.get_models(restApiId=life.id)["items"]}
    assert models["Booking"]["properties"]["start"]["$ref"] == f"https://apigateway.amazonaws.com/restapis/{life.id}/models/Moment"
    [response] = gateway.get_gateway_responses(restApiId=life.id)["items"]
    assert (response["responseType"], response["statusCode"]) == ("UNAUTHORIZED", "401")
    assert response["responseParameters"] == {"gatewayresponse.header.WWW-Authenticate": "'Bearer'"}

    method = gateway.get_method(restApiId=life.id, resourceId=resources["/v1/bookings"]["id"], httpMethod="GET")
    assert (method["authorizationType"], method["authorizerId"]) == ("COGNITO_USER_POOLS", authorizer["id"])
    assert (method["authorizationScopes"], method["apiKeyRequired"], method["operationName"]) == (["openid"], True, "listBookings")
    assert method["requestValidatorId"] == validator["id"]
    assert method["requestParameters"] == {"method.request.header.Authorization": True, "method.request.querystring.day": True}
    assert method["methodResponses"]["200"]["responseParameters"] == {"method.response.header.Cache-Control": False}
    integration = method["methodIntegration"]
    assert (integration["type"], integration["httpMethod"], integration["uri"]) == ("AWS_PROXY", "POST", FUNCTION)
    assert (integration["timeoutInMillis"], integration["cacheNamespace"]) == (10_000, "bookings")
    assert integration["cacheKeyParameters"] == ["method.request.querystring.day", "method.request.header.Authorization"]

    post = gateway.get_method(restApiId=life.id, resourceId=resources["/v1/bookings"]["id"], httpMethod="POST")
    assert post["requestModels"] == {"application/json": "Booking"}
    options = resources["/v1/bookings"]["resourceMethods"]["OPTIONS"]
    assert (options["authorizationType"], options["apiKeyRequired"]) == ("NONE", False)
    assert options["methodIntegration"]["type"] == "MOCK"
    [answer] = options["methodIntegration"]["integrationResponses"].values()
    assert answer["responseParameters"] == {"method.response.header.Access-Control-Allow-Origin": "'https://app.morefocus.example'"}
    one = resources["/v1/bookings/{id}"]["resourceMethods"]["GET"]
    assert (one["apiKeyRequired"], one["requestParameters"]) == (False, {"method.request.path.id": True})


def test_another_body_replaces_the_whole_and_keeps_the_ids(workbench: Workbench) -> None:
    life = workbench.made(API, **given())
    gateway, before = life.boto("apigateway"), paths(life)
    [users] = gateway.get_authorizers(restApiId=life.id)["items"]
    other = document()
    del other["paths"]["/v1/bookings/{id}"], other["x-amazon-apigateway-gateway-responses"], other["paths"]["/v1/bookings"]["options"]
    life.update(**given(body=json.dumps(other)))
    after = paths(life)
    assert {path: item["id"] for path, item in after.items()} == {path: before[path]["id"] for path in ("/", "/v1", "/v1/bookings")}
    assert set(after["/v1/bookings"]["resourceMethods"]) == {"GET", "POST"}
    assert gateway.get_authorizers(restApiId=life.id)["items"][0]["id"] == users["id"]
    assert gateway.get_gateway_responses(restApiId=life.id).get("items", []) == []
    # What the program says beside the body holds over it.
    assert gateway.get_rest_api(restApiId=life.id)["name"] == "morefocus-bookings"
    assert gateway.get_rest_api(restApiId=life.id)["minimumCompressionSize"] == 1024
    assert life.refresh() == []


def test_a_merge_adds_and_takes_nothing_away(workbench: Workbench) -> None:
    life = workbench.made(API, **given())
    other = document()
    other["paths"] = {"/v2/bookings": other["paths"]["/v1/bookings"]}
    life.update(**given(body=json.dumps(other), putRestApiMode="merge"))
    assert {"/v1/bookings", "/v1/bookings/{id}", "/v2/bookings"} <= set(paths(life))


WRONG: list[tuple[str, Any, str]] = [
    ("security", [{"nobody": []}], "no security scheme nobody"),
    ("x-amazon-apigateway-request-validator", "none", "Invalid Request Validator"),
    ("requestBody", {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Nothing"}}}}, "Invalid model"),
    ("parameters", [{"$ref": "#/components/parameters/Nothing"}], "Unable to resolve"),
    (
        "x-amazon-apigateway-integration",
        {"type": "aws_proxy", "httpMethod": "POST", "uri": FUNCTION, "cacheKeyParameters": ["method.request.querystring.other"]},
        "Invalid cache key parameter",
    ),
    (
        "x-amazon-apigateway-integration",
        {
            "type": "http_proxy",
            "httpMethod": "GET",
            "uri": "https://example.com/{x}",
            "requestParameters": {"integration.request.path.x": "method.request.path.x"},
        },
        "Invalid mapping expression",
    ),
    ("x-amazon-apigateway-integration", {"type": "aws_proxy", "httpMethod": "POST", "uri": "arn:aws:lambda:x"}, "path or action"),
]


def test_a_document_that_cannot_be_is_refused_as_a_whole(workbench: Workbench) -> None:
    life = workbench.made(API, **given())
    before = paths(life)
    for place, value, message in WRONG:
        wrong = document()
        wrong["paths"]["/v1/bookings"]["get"][place] = value
        with pytest.raises(ClientError, match=message):
            life.boto("apigateway").put_rest_api(restApiId=life.id, mode="overwrite", body=json.dumps(wrong).encode())
        if message != "path or action":
            with pytest.raises(InvalidInputs, match=message):
                life.check(**given(body=json.dumps(wrong)))
        assert paths(life) == before


def test_a_policy_of_its_own_lives_as_declared(workbench: Workbench) -> None:
    api = workbench.made(API, logical="api", name="bookings")
    assert api.outputs["endpointConfiguration"]["types"] == "EDGE"
    life = workbench.made(POLICY, restApiId=api.id, policy=policy("192.0.2.0/24"))
    assert life.refresh() == api.refresh() == []
    life.update(restApiId=api.id, policy=policy("198.51.100.0/24"))
    live = life.boto("apigateway").get_rest_api(restApiId=api.id)["policy"]
    assert json.loads(live) == json.loads(policy("198.51.100.0/24"))
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"body": "openapi: 3.0.1"}, "in JSON"),
        ({"body": '{"swagger": "2.0"}'}, "3.0.x"),
        ({"minimumCompressionSize": "20000000"}, "10485760"),
        ({"securityPolicy": "SecurityPolicy_TLS13_1_3_2025_09"}, "BASIC or STRICT"),
        ({"securityPolicy": "TLS_9"}, "TLS_1_2"),
        ({"endpointConfiguration": {"types": "PRIVATE", "ipAddressType": "ipv4"}}, "dualstack"),
        ({"policy": '{"Statement": []}'}, "at least one Statement"),
    ],
)
def test_an_api_that_cannot_be_is_refused_before(emulated_cloud: EmulatedCloud, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputs, match=message):
        Workbench(emulated_cloud.endpoint).life(API).check(**given(**change))
