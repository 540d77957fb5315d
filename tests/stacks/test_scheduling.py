"""Every region has its own scheduling service, made of what its plan says, and nothing of it leaves the region but by the register."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.products.scheduling.functions import FUNCTIONS, ROUTED
from config.errors import ConfigError
from config.load import ROOT, load
from config.transfers import TransferRegister
from config.vocabulary import Region
from stacks import scheduling
from stacks.scheduling import CONTRACT, hosts, read_documents, stand_in
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS
from tests.kit.recorder import Graph, Recorded

PRODUCTION = ("us-east-1", "eu-west-1", "sa-east-1")
CODES = {"us-east-1": "use1", "eu-west-1": "euw1", "sa-east-1": "sae1"}
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
FUNCTION = "aws:lambda/function:Function"
RUNBOOKS = ROOT / "docs" / "runbooks" / "scheduling"


def functions(graph: Graph) -> dict[str, Recorded]:
    return {name: graph.named(f"scheduling-{name}-function") for name in FUNCTIONS}


def policy_of(graph: Graph, function: str) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = json.loads(graph.named(f"scheduling-{function}-policy").inputs["policy"])["Statement"]
    return statements


@pytest.mark.parametrize("name", STACKS)
def test_every_function_runs_the_repositorys_own_handlers(name: str) -> None:
    graph = shipped_graph(name)
    for function, made in functions(graph).items():
        assert made.inputs["handler"] == f"{function}/handler.handle"
        assert (ROOT / "services" / "scheduling" / function / "handler.mjs").is_file()
    assert len({made.inputs["s3Key"] for made in functions(graph).values()}) == 1


@pytest.mark.parametrize("name", STACKS)
def test_sizes_are_those_of_the_plan(name: str) -> None:
    plan = load(name).plan.scheduling.functions
    for function, made in functions(shipped_graph(name)).items():
        size = getattr(plan, function)
        given = (made.inputs["memorySize"], made.inputs["timeout"], made.inputs.get("reservedConcurrentExecutions"))
        assert given == (size.memory_mb, size.timeout_seconds, size.reserved_concurrency), function


@pytest.mark.parametrize("name", STACKS)
def test_functions_in_the_network_are_those_that_speak_with_providers_or_handle_files(name: str) -> None:
    inside = {function for function, made in functions(shipped_graph(name)).items() if made.inputs.get("vpcConfig")}
    assert inside == {"messages", "payments", "privacy"}


@pytest.mark.parametrize("name", PRODUCTION)
def test_a_function_may_read_the_secrets_that_it_is_told_of_and_the_secret_lets_it(name: str) -> None:
    settings, graph = load(name), shipped_graph(name)
    rows = settings.plan.scheduling.secret_rows(settings.plan.markets)
    role = f"arn:aws:iam::123456789012:role/morefocus-prod-{CODES[name]}-scheduling-"
    for secret, row in rows.items():
        (guard,) = [each for each in json.loads(graph.named(row).inputs["policy"])["Statement"] if each["Sid"] == "ReadersOnly"]
        let_in = {each.removeprefix(role) for each in guard["Condition"]["ArnNotLike"]["aws:PrincipalArn"] if each.startswith(role)}
        told = {
            function
            for function, made in functions(graph).items()
            if f"{secret}_SECRET" in (made.inputs.get("environment") or {}).get("variables", {})
        }
        reading = {
            function
            for function in FUNCTIONS
            if row in json.dumps([each for each in policy_of(graph, function) if each["Sid"] == "ReadSecrets"])
        }
        assert let_in == told and told and told <= reading, (row, let_in, told, reading)


def test_mercado_pago_is_known_where_it_takes_payments() -> None:
    known = {
        name
        for name in PRODUCTION
        if "MERCADO_PAGO_SECRET" in functions(shipped_graph(name))["payments"].inputs["environment"]["variables"]
    }
    assert known == {"sa-east-1"}


@pytest.mark.parametrize("name", STACKS)
def test_the_table_is_copied_to_where_personal_data_may_go_and_nowhere_else(name: str) -> None:
    copies = shipped_graph(name).of_type("aws:dynamodb/tableReplica:TableReplica")
    assert {each.inputs["region"] for each in copies} == set(load(name).plan.copies)


def test_a_copy_whose_row_has_ended_is_refused_before_it_is_registered() -> None:
    settings = load("eu-west-1")
    register = TransferRegister(transfers=())
    bare = replace(settings, estate=replace(settings.estate, register=register))
    site = type("Site", (), {"region": Region.EU_CENTRAL_1, "keys": {}})()
    with pytest.raises(ConfigError, match="data: personal, from: eu-west-1, to: eu-central-1"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduling, "sites_for", lambda *_: (site,))
        scheduling._copies(bare, ())


@pytest.mark.parametrize("name", STACKS)
def test_every_access_to_the_table_is_recorded_where_the_stack_owns_the_trail(name: str) -> None:
    graph = shipped_graph(name)
    table = graph.named("scheduling-table-table").inputs["name"]
    for trail in graph.of_type("aws:cloudtrail/trail:Trail"):
        assert f"table/{table}" in json.dumps(trail.inputs["advancedEventSelectors"])


@pytest.mark.parametrize("name", ["eu-west-1", "sa-east-1"])
def test_the_hubs_region_answers_under_the_names_of_the_others(name: str) -> None:
    hub, other = shipped_graph("us-east-1"), shipped_graph(name)
    host = f"api.{CODES[name]}.morefocus.com"
    assert host in {each.inputs["domainName"] for each in hub.of_type("aws:apigateway/domainName:DomainName")}
    assert host in hub.named("scheduling-certificate-certificate").inputs["subjectAlternativeNames"]
    primary, secondary = other.named("scheduling-front-primary").inputs, other.named("scheduling-front-secondary").inputs
    assert primary["name"] == secondary["name"] == host
    stand_ins = {each.inputs["name"] for each in hub.of_type("aws:route53/record:Record") if "scheduling-front-stand-in" in each.name}
    assert secondary["aliases"][0]["name"] in stand_ins


@pytest.mark.parametrize("name", STACKS)
def test_checkers_ask_the_public_health_route_and_look_for_what_the_contract_says_it_answers(name: str) -> None:
    check = shipped_graph(name).named("scheduling-front-check").inputs
    (health,) = [each for each in read_documents().operations if f"/api{each.path}" == check["resourcePath"]]
    examples = health.document["responses"]["200"]["content"]["application/json"]["examples"].values()
    assert health.public and all(check["searchString"] in json.dumps(each["value"], separators=(",", ":")) for each in examples)


def test_the_hub_and_staging_have_no_stand_in() -> None:
    assert stand_in(load("eu-west-1")) is Region.US_EAST_1
    assert stand_in(load("us-east-1")) is None and stand_in(load("staging")) is None
    assert hosts(load("staging")).stands_in_for == {} and set(hosts(load("us-east-1")).stands_in_for.values()) == {
        Region.EU_WEST_1,
        Region.SA_EAST_1,
    }


@pytest.mark.parametrize("name", STACKS)
def test_the_api_is_the_contract_and_only_its_functions_answer(name: str) -> None:
    body = json.loads(shipped_graph(name).one("aws:apigateway/restApi:RestApi").inputs["body"])
    contract = read_documents()
    assert set(body["paths"]) == {each.path for each in contract.operations}
    assert set(contract.functions) == set(ROUTED)
    assert {"/v1/health", "/v2/health"} <= set(body["paths"])


@pytest.mark.parametrize("name", STACKS)
def test_every_alarm_of_the_service_has_a_page_that_says_what_to_do(name: str) -> None:
    wanted = set()
    for alarm in shipped_graph(name).of_type(ALARM):
        _, found, role = alarm.name.partition("scheduling-")
        if found:
            function, _, rest = role.partition("-")
            wanted.add(f"function-{rest}" if function in FUNCTIONS else role)
    there = {path.stem for path in RUNBOOKS.glob("*.md")}
    assert wanted <= there, wanted - there
    assert name == "staging" or wanted == there, there - wanted


def test_every_runbook_says_where_to_look_and_what_to_do() -> None:
    for path in RUNBOOKS.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.stem}\n") and "\n## Look\n- " in text and "\n## Do\n1. " in text, path.name


@pytest.mark.parametrize("name", PRODUCTION)
def test_what_people_and_programs_need_is_exported(name: str) -> None:
    exported = shipped_graph(name).stack_outputs
    assert exported["scheduling_api_host"] == f"api.{CODES[name]}.morefocus.com"
    assert exported["scheduling_table_name"] == f"morefocus-prod-{CODES[name]}-scheduling-table"
    assert exported["scheduling_release_bucket"] == f"morefocus-prod-{CODES[name]}-releases"
    assert exported["scheduling_queue_url"].endswith("-scheduling-jobs")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda get: get.update({"security": []}) or get.pop("x-public", None), "it has no authorizer"),
        (lambda get: get.update({"x-cache": {"seconds": 300, "key": ["header.Authorization"]}}), "x-cache.key must hold header.X-Tenant"),
        (
            lambda get: get.update({"x-function": "invoices"}) or get.update({"x-request-validation": "none"}),
            "x-request-validation must be",
        ),
    ],
)
def test_a_contract_that_opens_a_door_ends_the_preview_naming_the_route(change: Any, said: str, tmp_path: Path, monkeypatch: Any) -> None:
    for path in (ROOT / CONTRACT).glob("*.yaml"):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(document["paths"]["/bookings/{booking_id}"]["get"])
        (tmp_path / path.name).write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    monkeypatch.setattr(scheduling, "ROOT", tmp_path.parent)
    with pytest.raises(ConfigError) as error:
        read_documents(tmp_path.name)
    assert f"GET /v1/bookings/{{booking_id}}: {said}" in str(error.value)
    assert "routes are declared there alone" in str(error.value)
