from dataclasses import replace
from fnmatch import fnmatchcase

import pytest

from components.products.automation.entry import WebhookEntry, WebhookEntryArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record
from tests.kit.schemas import custom_problems

ARGS = WebhookEntryArgs(namespace="automation", listener_arn="arn:aws:listener", target_group_arn="arn:aws:targets", vpc_id="vpc-1")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: WebhookEntry("entry", a_context(), ARGS))


def _public(graph: Graph, path: str) -> bool:
    rules = graph.of_type("aws:lb/listenerRule:ListenerRule")
    return any(fnmatchcase(path, each) for rule in rules for each in rule.inputs["conditions"][0]["pathPattern"]["values"])


@pytest.mark.parametrize(
    "path", ["/webhook/abc", "/webhook/abc/def", "/webhook-waiting/12", "/form/x", "/form-waiting/3", "/mcp/y", "/healthz"]
)
def test_what_callers_and_health_checks_need_is_let_in(graph: Graph, path: str) -> None:
    assert _public(graph, path)


INSIDE = (
    *("/", "/signin", "/setup", "/rest/login", "/rest/workflows", "/api/v1/workflows", "/assets/index.js"),
    *("/webhook-test/abc", "/form-test/x", "/mcp-test/x", "/webhook", "/metrics", "/healthz/readiness"),
)


@pytest.mark.parametrize("path", INSIDE)
def test_the_editor_its_api_and_its_metrics_are_not(graph: Graph, path: str) -> None:
    assert not _public(graph, path)


def test_the_target_group_of_the_load_balancer_gets_the_addresses_of_webhook_processors(graph: Graph) -> None:
    binding = graph.named("entry-binding").inputs
    assert binding["spec"]["serviceRef"] == {"name": "n8n-webhook", "port": 8443}
    assert binding["spec"]["targetGroupARN"] == ARGS.target_group_arn
    assert not custom_problems(binding)


def test_rules_have_priorities_of_their_own_and_as_many_values_as_they_may(graph: Graph) -> None:
    rules = graph.of_type("aws:lb/listenerRule:ListenerRule")
    assert sorted(each.inputs["priority"] for each in rules) == [100, 101]
    assert all(len(each.inputs["conditions"][0]["pathPattern"]["values"]) <= 5 for each in rules)


@pytest.mark.parametrize("paths", [("/*",), ("/webhook",), ("webhook/*",), (), tuple(f"/{letter}/*" for letter in "abcdef")])
def test_paths_that_let_out_the_editor_or_fit_no_rule_are_refused(paths: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="paths must"):
        replace(ARGS, paths=paths)
