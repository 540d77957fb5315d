"""The parts of a region's service fit each other: names, keys, places and callers."""

import json
from dataclasses import replace
from typing import Any

import pytest

from components.products.scheduling.functions import Bundle
from components.products.scheduling.hosts import Hosts
from components.products.scheduling.scheduling import Scheduling, SchedulingArgs, Topics
from components.products.scheduling.variables import Told
from config.vocabulary import Region
from stacks.scheduling import read_documents
from tests.components.products.scheduling.test_functions import RUNTIME, SECRETS
from tests.components.products.scheduling.test_triggers import HASH
from tests.kit.composed import answers, outputs_in
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import Graph, record

POOL = "aws:cognito/userPool:UserPool"
ARGS = SchedulingArgs(
    hosts=Hosts(region=Region.US_EAST_1, domain="example.com", web="app.example.com", stands_in_for={"stand-in-1": Region.EU_WEST_1}),
    zone_id="Z0",
    contract=read_documents(),
    bundle=Bundle(bucket="releases", key="a.zip", source_hash=HASH),
    runtime=RUNTIME,
    topics=Topics(alerts="arn:alerts", hub_alerts="arn:hub-alerts", hub_context=a_context()),
    told=Told(
        whatsapp="meta",
        sender="no-reply",
        language="es",
        time_zone="America/Argentina/Buenos_Aires",
        retention_days={"booking": 730},
        files_bucket="files",
        messages_per_minute=120,
    ),
    files_bucket_arn="arn:aws:s3:::files",
    copies={Region.US_WEST_2: "arn:key-there"},
    failover_to=None,
    dmarc_reports=None,
    requests_per_minute=1000,
    cache_seconds=300,
    redrivers=[f"arn:aws:iam::{ACCOUNT}:role/platform-administrator"],
    monthly_usd=75,
    runbooks="https://example.com/runbooks",
)


def made(args: SchedulingArgs = ARGS) -> Graph:
    return record(lambda: Scheduling("scheduling", a_context(), args), computed=outputs_in("us-east-1"), calls=answers())


@pytest.fixture(scope="module")
def graph() -> Graph:
    return made()


def variables(graph: Graph, function: str) -> dict[str, Any]:
    found: dict[str, Any] = graph.named(f"scheduling-{function}-function").inputs["environment"]["variables"]
    return found


def test_handlers_find_the_table_index_and_end_of_life_that_they_are_written_for(graph: Graph) -> None:
    table = graph.named("scheduling-table-table").inputs
    assert variables(graph, "bookings")["TABLE"] == table["name"]
    (index,) = table["globalSecondaryIndexes"]
    assert [each["attributeName"] for each in index["keySchemas"]] == ["gsi1pk", "gsi1sk"] and index["name"] == "by-time"
    assert table["ttl"] == {"attributeName": "expires_at", "enabled": True}
    assert table["streamEnabled"] and table["pointInTimeRecovery"]["enabled"]


def test_a_message_stays_hidden_six_times_as_long_as_its_worker_may_take_and_is_sent_by_nobody_else(graph: Graph) -> None:
    queue = graph.named("scheduling-jobs-queue").inputs
    assert queue["visibilityTimeoutSeconds"] == 6 * RUNTIME.sizes["messages"].timeout_seconds
    policy = json.loads(graph.named("scheduling-jobs-policy").inputs["policy"])["Statement"]
    (only,) = [each for each in policy if each["Sid"] == "SendersOnly"]
    roles = {each.rpartition("/")[2] for each in only["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]}
    assert roles == {"morefocus-prod-use1-scheduling-audit", "morefocus-prod-use1-scheduling-messages", "platform-administrator"}
    made_roles = {each.inputs["name"] for each in graph.of_type("aws:iam/role:Role")}
    assert roles - {"platform-administrator"} <= made_roles


def test_the_pool_signs_in_by_code_with_the_contracts_scopes_and_the_tenant_is_added(graph: Graph) -> None:
    pool = graph.one(POOL).inputs
    alias = graph.named("scheduling-tokens-live").answered["arn"]
    assert pool["lambdaConfig"]["preTokenGenerationConfig"]["lambdaArn"] == alias
    scopes = {f"{server}/{name}" for server, named in ARGS.contract.scopes.items() for name in named}
    for client in graph.of_type("aws:cognito/userPoolClient:UserPoolClient"):
        assert scopes < set(client.inputs["allowedOauthScopes"]) and client.inputs["allowedOauthFlows"] == ["code"]
    assert variables(graph, "privacy")["USER_POOL_ID"] == f"{graph.one(POOL).name}-id"


def test_a_firewall_stands_before_the_api_and_one_before_the_pool(graph: Graph) -> None:
    guarded = {each.inputs["resourceArn"] for each in graph.of_type("aws:wafv2/webAclAssociation:WebAclAssociation")}
    assert guarded == {graph.named("scheduling-api-stage").answered["arn"], graph.one(POOL).answered["arn"]}


def test_the_api_answers_under_its_names_with_one_certificate_for_all(graph: Graph) -> None:
    domains = {each.inputs["domainName"] for each in graph.of_type("aws:apigateway/domainName:DomainName")}
    certificate = graph.one("aws:acm/certificate:Certificate").inputs
    assert domains == {certificate["domainName"], *certificate["subjectAlternativeNames"]}
    assert domains == {"api.use1.example.com", "api-check.use1.example.com", "api.euw1.example.com"}


def test_whatever_is_secret_is_named_and_never_told(graph: Graph) -> None:
    assert variables(graph, "messages")["WHATSAPP_SECRET"] == SECRETS["WHATSAPP"]
    assert variables(graph, "feedback")["ADDRESS_KEY_SECRET"] == SECRETS["ADDRESS_KEY"]
    assert "WHATSAPP_SECRET" not in variables(graph, "bookings")


def test_the_page_shows_the_names_that_are_there(graph: Graph) -> None:
    body = graph.one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"]
    shown = {
        part
        for widget in json.loads(body)["widgets"]
        for metric in widget["properties"]["metrics"]
        for part in metric
        if isinstance(part, str)
    }
    names = [
        graph.named("scheduling-table-table").inputs["name"],
        graph.named("scheduling-jobs-queue").inputs["name"],
        graph.named("scheduling-jobs-dead-queue").inputs["name"],
        graph.one("aws:apigateway/restApi:RestApi").inputs["name"],
        graph.one("aws:apigateway/stage:Stage").inputs["stageName"],
        *(each.inputs["name"] for each in graph.of_type("aws:lambda/function:Function")),
    ]
    assert set(names) <= shown


def test_everything_is_a_child_of_the_service_and_what_it_tells_is_known(graph: Graph) -> None:
    service = graph.one("morefocus:products:Scheduling")
    roots = [each.name for each in graph.resources if each.parent is None]
    assert roots == [service.name]
    assert all(value for value in graph.outputs_of(service).values())


def test_a_service_that_may_be_thrown_away_protects_nothing() -> None:
    assert not [each.name for each in made(replace(ARGS, protect=False, copies={})).resources if each.protect]
