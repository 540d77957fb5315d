"""A contract that could give one tenant's answer to another, or leave a route open, is refused before anything is built."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from components.serverless.contract import ContractError, read_contract, resolve

PROBLEM = {"description": "Wrong", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
SMALL: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Small", "version": "1.0.0"},
    "paths": {
        "/health": {
            "get": {
                "operationId": "getHealth",
                "x-function": "things",
                "x-public": "Health checkers have no token.",
                "x-request-validation": "parameters",
                "security": [],
                "responses": {"200": {"description": "Up"}, "429": PROBLEM, "500": PROBLEM},
            }
        },
        "/things/{thing_id}": {
            "parameters": [{"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "operationId": "getThing",
                "x-function": "things",
                "x-request-validation": "parameters",
                "x-cache": {"seconds": 300, "key": ["header.X-Tenant", "header.Authorization", "path.thing_id"]},
                "security": [{"oauth": ["things.read"], "client": []}],
                "parameters": [{"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string"}}],
                "responses": {
                    "200": {"description": "It"},
                    "400": PROBLEM,
                    "401": PROBLEM,
                    "403": PROBLEM,
                    "429": PROBLEM,
                    "500": {"$ref": "#/components/responses/Failed"},
                },
            },
            "put": {
                "operationId": "putThing",
                "x-function": "makers",
                "x-request-validation": "all",
                "security": [{"oauth": ["things.write"], "client": []}],
                "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                "responses": {
                    "204": {"description": "Put"},
                    "400": PROBLEM,
                    "401": PROBLEM,
                    "403": PROBLEM,
                    "429": PROBLEM,
                    "500": PROBLEM,
                },
            },
        },
    },
    "components": {
        "securitySchemes": {
            "oauth": {
                "type": "oauth2",
                "flows": {
                    "authorizationCode": {
                        "authorizationUrl": "https://auth.example.com/authorize",
                        "tokenUrl": "https://auth.example.com/token",
                        "scopes": {"things.read": "Read", "things.write": "Write"},
                    }
                },
            },
            "client": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        },
        "responses": {"Failed": PROBLEM},
        "schemas": {
            "Problem": {"type": "object"},
            "Thing": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 10, "example": "lamp", "x-kept": True},
                    "example": {"type": "string"},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                },
                "example": {"name": "lamp"},
            },
            "Part": {"type": "string", "enum": ["foot", "shade"]},
        },
    },
}


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """The small document after one change."""
    document = deepcopy(SMALL)
    change(document)
    return document


def get_thing(document: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = document["paths"]["/things/{thing_id}"]["get"]
    return operation


def test_what_a_contract_says_of_a_route_is_read() -> None:
    contract = read_contract({"v1": SMALL})
    health, thing, put = contract.operations
    assert (health.place, health.public, health.scopes, health.needs_client) == (
        "GET /v1/health",
        "Health checkers have no token.",
        (),
        False,
    )
    assert (thing.place, thing.function, thing.scopes, thing.needs_client) == (
        "GET /v1/things/{thing_id}",
        "things",
        ("things.read",),
        True,
    )
    assert thing.cache is not None and thing.cache.seconds == 300
    assert (put.validation, put.cache) == ("all", None)
    assert contract.functions == ("makers", "things")
    assert contract.cached == (thing,)
    assert contract.scopes == {"": {"things.read": "Read", "things.write": "Write"}}


def test_functions_and_routes_must_belong_together() -> None:
    contract = read_contract({"v1": SMALL})
    contract.check_functions(["things", "makers"])
    with pytest.raises(ContractError, match=r"PUT /v1/things/\{thing_id\}: x-function must be one of things \(got 'makers'\)"):
        contract.check_functions(["things"])
    with pytest.raises(ContractError, match="function 'idle' has no route"):
        contract.check_functions(["things", "makers", "idle"])


def test_two_versions_share_one_api_and_so_no_operation_id() -> None:
    with pytest.raises(ContractError, match=r"GET /v2/health: operationId 'getHealth' is taken by GET /v1/health"):
        read_contract({"v1": SMALL, "v2": SMALL})


def _del(document: dict[str, Any], key: str) -> None:
    del get_thing(document)[key]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: get_thing(d).update(security=[]), "it has no authorizer"),
        (lambda d: get_thing(d).update(security=[{"client": []}]), "it has no authorizer"),
        (lambda d: get_thing(d).update(security=[{"oauth": ["things.read"]}, {}]), "it has no authorizer"),
        (lambda d: get_thing(d).update(security=[{"oauth": []}]), "security names no scope"),
        (
            lambda d: get_thing(d).update(security=[{"oauth": ["all"]}]),
            "scope 'all' is none of the security scheme's: things.read, things.write",
        ),
        (lambda d: get_thing(d).update({"x-public": "We like it open."}), "keep one of them"),
        (lambda d: d["paths"]["/health"]["get"].update({"x-public": ""}), "must say why, in a sentence"),
        (lambda d: get_thing(d)["x-cache"].update(key=["header.Authorization", "path.thing_id"]), "x-cache.key must hold header.X-Tenant"),
        (lambda d: get_thing(d)["x-cache"].update(key=["header.X-Tenant", "path.thing_id"]), "x-cache.key must hold header.Authorization"),
        (lambda d: get_thing(d)["x-cache"]["key"].remove("path.thing_id"), "leaves out path.thing_id"),
        (lambda d: get_thing(d)["x-cache"]["key"].append("query.page"), "'query.page', which is no parameter"),
        (lambda d: get_thing(d)["x-cache"].update(seconds=4000), r"must be 1 to 3600 \(got 4000\)"),
        (lambda d: get_thing(d)["parameters"][0].pop("required"), "X-Tenant must be required"),
        (lambda d: d["paths"]["/things/{thing_id}"]["put"].update({"x-cache": {"seconds": 1, "key": []}}), "x-cache is for GET alone"),
        (lambda d: d["paths"]["/health"]["get"].update({"x-cache": {"seconds": 1, "key": []}}), "for operations with a token"),
        (lambda d: _del(d, "operationId"), "operationId is missing"),
        (lambda d: _del(d, "x-function"), "x-function is missing"),
        (lambda d: _del(d, "x-request-validation"), "must be one of parameters, all"),
        (lambda d: get_thing(d).update({"x-request-validation": "all"}), "'all' with a requestBody and 'parameters' without"),
        (lambda d: d["paths"]["/things/{thing_id}"].update(parameters=[]), r"must be those of the path: thing_id \(got none\)"),
        (lambda d: get_thing(d)["responses"].pop("429"), "responses must tell of 429"),
        (lambda d: get_thing(d)["responses"].pop("200"), "one that tells of success"),
        (
            lambda d: get_thing(d)["responses"].update({"404": {"description": "No", "content": {"application/json": {}}}}),
            r"response 404 must be application/problem\+json alone \(got application/json\)",
        ),
        (lambda d: get_thing(d)["responses"].update({"404": {"$ref": "#/components/responses/Nowhere"}}), "leads nowhere"),
        (lambda d: d.update(openapi="3.1.0"), r"openapi must be 3.0.x, which API Gateway imports \(got '3.1.0'\)"),
        (lambda d: d["paths"].update({"/ping": d["paths"].pop("/health")}), "API Gateway's own"),
        (lambda d: d["paths"].update({"/a b": d["paths"].pop("/health")}), r"a path is made of names .* \(got '/a b'\)"),
        (lambda d: d.update(paths={}), "there is no operation"),
        (lambda d: d["components"]["schemas"]["Part"].update(nullable=True), "v1: schema Part is nullable"),
    ],
)
def test_a_faulty_contract_is_refused_naming_the_fault(change: Callable[[dict[str, Any]], Any], message: str) -> None:
    with pytest.raises(ContractError, match=message):
        read_contract({"v1": changed(change)})


def test_every_fault_is_told_at_once() -> None:
    def both(document: dict[str, Any]) -> None:
        _del(document, "operationId")
        get_thing(document)["security"] = []

    with pytest.raises(ContractError) as caught:
        read_contract({"v1": changed(both), "first": SMALL})
    assert len(caught.value.faults) >= 3
    assert "version must look like 'v1' (got 'first')" in caught.value.faults


def test_references_that_go_round_are_refused() -> None:
    with pytest.raises(Exception, match="must lead to a component of the same document"):
        resolve({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}}, {"$ref": "#/a"})
