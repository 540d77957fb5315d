"""Whatever API Gateway refuses by itself is told as a problem document."""

import json
import re
from typing import Any

import pytest
import yaml

from components.serverless.gateway_errors import ERRORS, gateway_responses
from config.load import ROOT

RESPONSES = gateway_responses("https://app.example.com")


def filled(template: str) -> dict[str, Any]:
    """The template with what API Gateway would put in: the message comes quoted, the id does not."""
    text = template.replace("$context.error.messageString", json.dumps('Missing "day"')).replace("$context.requestId", "0b1c")
    assert "$" not in text, "only these two are safe in a template"
    document: dict[str, Any] = json.loads(text)
    return document


def test_every_type_of_answer_is_there() -> None:
    import botocore.session

    known = botocore.session.get_session().get_service_model("apigateway").shape_for("GatewayResponseType").enum
    assert set(RESPONSES) == set(ERRORS) == set(known)


@pytest.mark.parametrize("kind", sorted(RESPONSES))
def test_an_answer_is_a_problem_document_of_the_contract(kind: str) -> None:
    import jsonschema  # type: ignore[import-untyped]

    response = RESPONSES[kind]
    problem = filled(response["responseTemplates"]["application/json"])
    contract = yaml.safe_load(_contract())
    schema = {**contract["components"]["schemas"]["Problem"], "components": contract["components"]}
    jsonschema.validate(problem, schema)
    assert problem["status"] == int(response["statusCode"])
    assert problem["instance"] == "urn:request:0b1c"
    headers = {name.rpartition(".")[2]: value for name, value in response["responseParameters"].items()}
    assert headers["Content-Type"] == "'application/problem+json'"
    assert headers["Access-Control-Allow-Origin"] == "'https://app.example.com'"
    assert ("Retry-After" in headers) == (problem["status"] in (429, 503))


def test_an_unknown_route_is_not_found_and_an_expired_token_not_valid() -> None:
    assert RESPONSES["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == "404"
    assert RESPONSES["EXPIRED_TOKEN"]["statusCode"] == "401"
    assert RESPONSES["EXPIRED_TOKEN"]["responseParameters"]["gatewayresponse.header.WWW-Authenticate"] == "'Bearer'"


def _contract() -> str:
    """One schema of it, as text, so that a test reads little."""
    text = (ROOT / "services/scheduling/openapi/scheduling.v1.yaml").read_text(encoding="utf-8")
    found = [re.search(rf"^    {name}:\n(?:(?:      .*)?\n)+", text, re.MULTILINE) for name in ("Problem", "Fault")]
    return "components:\n  schemas:\n" + "".join(match.group(0) for match in found if match)
