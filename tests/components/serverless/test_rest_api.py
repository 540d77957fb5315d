"""The API that stands is the contract, with limits, logs and names around it."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from components.serverless.contract import ContractError, read_contract
from components.serverless.rest_api import SECURITY_POLICY, RestApi, RestApiArgs
from config.vocabulary import Region
from tests.components.serverless.test_contract import SMALL
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, computed_outputs, record

API, STAGE = "aws:apigateway/restApi:RestApi", "aws:apigateway/stage:Stage"
SETTINGS, DOMAIN = "aws:apigateway/methodSettings:MethodSettings", "aws:apigateway/domainName:DomainName"
LISTS = {
    "com.amazonaws.global.cloudfront.origin-facing": "203.0.113.0/24",
    "com.amazonaws.eu-west-1.route53-healthchecks": "192.0.2.0/24",
}
CALLS = {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": lambda args: {
        "id": "pl-1",
        "entries": [{"cidr": LISTS[args["name"]], "description": ""}],
    }
}
EXECUTION = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3"
ARGS = RestApiArgs(
    contract=read_contract({"v1": SMALL}),
    functions={
        "things": "arn:aws:lambda:eu-west-1:123456789012:function:things:live",
        "makers": "arn:aws:lambda:eu-west-1:123456789012:function:makers:live",
    },
    user_pool_arn="arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc",
    web_host="app.example.com",
    host="api.euw1.example.com",
    further_hosts={"check": "api-check.euw1.example.com"},
    certificate_arn="arn:certificate",
    log_key_arn="arn:key",
)


def outputs(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    more = {"executionArn": EXECUTION, "regionalDomainName": f"{name}.example.org", "regionalZoneId": "Z9"}
    return {**computed_outputs(type_, name, inputs), **more}


def made(args: RestApiArgs = ARGS, preview: bool = False) -> Graph:
    return record(lambda: RestApi("api", a_context(Region.EU_WEST_1), args), calls=CALLS, computed=outputs, preview=preview)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return made()


def test_its_body_has_every_route_of_the_contract_and_the_functions_aliases(graph: Graph) -> None:
    body = json.loads(graph.one(API).inputs["body"])
    assert set(body["paths"]) == {operation.path for operation in ARGS.contract.operations}
    assert "function:makers:live/invocations" in body["paths"]["/v1/things/{thing_id}"]["put"]["x-amazon-apigateway-integration"]["uri"]


def test_its_own_name_answers_nobody_and_its_names_speak_tls_1_2_at_least(graph: Graph) -> None:
    api = graph.one(API).inputs
    assert api["disableExecuteApiEndpoint"] is True
    assert api["endpointConfiguration"] == {"types": "REGIONAL", "ipAddressType": "ipv4"}
    domains = {each.inputs["domainName"]: each.inputs for each in graph.of_type(DOMAIN)}
    assert set(domains) == {"api.euw1.example.com", "api-check.euw1.example.com"}
    policies = botocore.session.get_session().get_service_model("apigateway").shape_for("SecurityPolicy").enum
    assert SECURITY_POLICY in policies
    for each in (api, *domains.values()):
        assert (each["securityPolicy"], each["endpointAccessMode"]) == (SECURITY_POLICY, "STRICT")
    mappings = graph.of_type("aws:apigateway/basePathMapping:BasePathMapping")
    assert {(each.inputs["domainName"], each.inputs["basePath"]) for each in mappings} == {(host, "api") for host in domains}


def test_requests_come_from_cloudfront_and_health_checkers_alone(graph: Graph) -> None:
    policy = json.loads(graph.one(API).inputs["body"])["x-amazon-apigateway-policy"]
    admitted = {statement["Resource"]: statement["Condition"]["IpAddress"]["aws:SourceIp"] for statement in policy["Statement"]}
    assert admitted == {"execute-api:/live/*": ["203.0.113.0/24"], "execute-api:/live/GET/v1/health": ["192.0.2.0/24"]}


def test_another_contract_is_another_deployment_and_the_same_is_the_same(graph: Graph) -> None:
    document = deepcopy(SMALL)
    document["paths"]["/health"]["get"]["x-function"] = "makers"
    other = made(replace(ARGS, contract=read_contract({"v1": document})))
    triggers = [each.one("aws:apigateway/deployment:Deployment").inputs["triggers"] for each in (graph, made(), other)]
    assert triggers[0] == triggers[1] != triggers[2]


def test_every_method_is_limited_and_measured_and_writes_no_body(graph: Graph) -> None:
    settings = {each.inputs["methodPath"]: each.inputs["settings"] for each in graph.of_type(SETTINGS)}
    assert set(settings) == {"*/*", "~1v1~1things~1{thing_id}/GET"}
    for each in settings.values():
        assert each["metricsEnabled"] is True and each["dataTraceEnabled"] is False and each["loggingLevel"] == "ERROR"
        assert (each["throttlingRateLimit"], each["throttlingBurstLimit"]) == (500, 250)
        assert each["cacheDataEncrypted"] is True
    assert settings["*/*"]["cachingEnabled"] is False
    cached = settings["~1v1~1things~1{thing_id}/GET"]
    assert (cached["cachingEnabled"], cached["cacheTtlInSeconds"], cached["requireAuthorizationForCacheControl"]) == (True, 300, True)


@pytest.mark.parametrize("cacheless", ["none asked for", "none in the contract"])
def test_without_anything_to_keep_there_is_no_cache_to_pay_for(cacheless: str) -> None:
    document = deepcopy(SMALL)
    del document["paths"]["/things/{thing_id}"]["get"]["x-cache"]
    args = replace(ARGS, cache_seconds=0) if cacheless == "none asked for" else replace(ARGS, contract=read_contract({"v1": document}))
    graph = made(args)
    stage = graph.one(STAGE).inputs
    assert stage["cacheClusterEnabled"] is False and "cacheClusterSize" not in stage
    assert [each.inputs["methodPath"] for each in graph.of_type(SETTINGS)] == ["*/*"]


def test_answers_are_kept_no_longer_than_config_and_contract_both_allow() -> None:
    graph = made(replace(ARGS, cache_seconds=60))
    assert graph.one(STAGE).inputs["cacheClusterSize"] == "0.5"
    assert graph.one(SETTINGS, "api-cached-get-thing").inputs["settings"]["cacheTtlInSeconds"] == 60


def test_what_is_logged_of_a_request_names_no_person(graph: Graph) -> None:
    stage = graph.one(STAGE).inputs
    assert stage["xrayTracingEnabled"] is True
    fields = json.loads(stage["accessLogSettings"]["format"])
    shown = " ".join(fields.values())
    for personal in (
        "identity.sourceIp",
        "userAgent",
        "querystring",
        "identity.apiKey ",
        "claims.sub",
        "claims.email",
        "$context.path",
        "username",
    ):
        assert personal not in f"{shown} "
    assert fields["client"] == "$context.identity.apiKeyId", "the key's id, and not the key"
    group = graph.one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert (group["kmsKeyId"], group["retentionInDays"], group["name"]) == ("arn:key", 365, "/aws/apigateway/morefocus-prod-euw1-api")


def test_one_stack_of_a_region_says_who_writes_the_logs(graph: Graph) -> None:
    account, stage = graph.one("aws:apigateway/account:Account"), graph.one(STAGE)
    assert account.inputs["cloudwatchRoleArn"].endswith("api-log-role")
    assert account.urn in stage.depends_on, "a stage with logs is refused before"
    assert not made(replace(ARGS, owns_log_role=False)).of_type("aws:apigateway/account:Account")


def test_only_this_stage_may_call_the_functions_aliases(graph: Graph) -> None:
    permissions = {each.inputs["function"]: each.inputs for each in graph.of_type("aws:lambda/permission:Permission")}
    assert set(permissions) == {
        "arn:aws:lambda:eu-west-1:123456789012:function:things",
        "arn:aws:lambda:eu-west-1:123456789012:function:makers",
    }
    for each in permissions.values():
        assert (each["qualifier"], each["principal"], each["sourceAccount"]) == ("live", "apigateway.amazonaws.com", "123456789012")
        assert each["sourceArn"] == f"{EXECUTION}/live/*"


def test_it_publishes_where_its_names_lead(graph: Graph) -> None:
    published = graph.outputs_of(graph.one("morefocus:serverless:RestApi"))
    assert published["target_domain"] == "api-domain.example.org"
    assert published["further_targets"] == {"check": "api-domain-check.example.org"}
    assert published["invoke_url"] == "https://api.euw1.example.com/api"
    assert published["execution_arn"] == f"{EXECUTION}/live"


def test_it_can_be_previewed_before_anything_is_there() -> None:
    assert made(preview=True).one(STAGE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, functions={"things": "arn"}), r"x-function must be one of things \(got 'makers'\)"),
        (lambda args: replace(args, functions={**args.functions, "idle": "arn"}), "function 'idle' has no route"),
        (lambda args: replace(args, host="https://api"), "host must be a host's name"),
        (lambda args: replace(args, further_hosts={"check": args.host}), "must all differ"),
        (lambda args: replace(args, further_hosts={"main": "other.example.com"}), "must not use 'main'"),
        (lambda args: replace(args, burst=0), "burst must be at least 1"),
        (lambda args: replace(args, cache_seconds=3601), r"cache_seconds must be 0 to 3600 \(got 3601\)"),
        (lambda args: replace(args, cache_gb="1"), "cache_gb must be one of 0.5, 1.6"),
        (lambda args: replace(args, health_route="/v1/things/{thing_id}"), "health_route must be a public GET"),
        (lambda args: replace(args, log_retention_days=2), "log_retention_days must be one of"),
    ],
)
def test_what_cannot_be_served_is_refused_at_once(change: Callable[[RestApiArgs], RestApiArgs], message: str) -> None:
    with pytest.raises((ValueError, ContractError), match=message):
        change(ARGS)
