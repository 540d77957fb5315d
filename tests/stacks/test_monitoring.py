"""What watches each stack's cluster."""

import json
from typing import Any

import pytest

from config.load import load
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS
from tests.kit.recorder import Graph

RELEASE = "kubernetes:helm.sh/v3:Release"


def values(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = graph.named("monitoring-release").inputs["values"]
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_primary_and_every_replica_have_an_exporter_of_their_own(stack: str) -> None:
    graph = shipped_graph(stack)
    made = {each.name for each in graph.of_type("morefocus:platform:Exporter") if each.name.startswith("postgres-")}
    replicas = [each for each in graph.of_type("aws:rds/instance:Instance") if each.name.startswith("database-replica")]
    assert len(made) == 1 + len(replicas) and "postgres-primary" in made


@pytest.mark.parametrize("stack", STACKS)
def test_alertmanager_publishes_to_the_stacks_own_alert_topic_and_to_no_other(stack: str) -> None:
    graph = shipped_graph(stack)
    topic = graph.one("aws:sns/topic:Topic", "alerts-topic").inputs["name"]
    page = next(each for each in values(graph)["alertmanager"]["config"]["receivers"] if each["name"] == "page")
    assert page["sns_configs"][0]["topic_arn"].endswith(f":{topic}")
    policy = next(each for each in graph.of_type("aws:iam/rolePolicy:RolePolicy") if each.name.startswith("alertmanager-identity"))
    statement = json.loads(policy.inputs["policy"])["Statement"][0]
    assert statement["Action"] == "sns:Publish" and statement["Resource"] == page["sns_configs"][0]["topic_arn"]


@pytest.mark.parametrize("stack", STACKS)
def test_every_secret_that_is_asked_for_is_one_of_the_stack(stack: str) -> None:
    graph = shipped_graph(stack)
    secrets = graph.of_type("aws:secretsmanager/secret:Secret")
    kept = {each.inputs["name"] for each in secrets} | {each.answered.get("arn") for each in secrets}
    asked = {
        value["remoteRef"]["key"]
        for each in graph.of_type("kubernetes:external-secrets.io/v1:ExternalSecret")
        if each.inputs["metadata"]["namespace"] == "monitoring"
        for value in each.inputs["spec"]["data"]
    }
    assert asked and not asked - kept


def test_a_region_has_two_servers_three_alertmanagers_and_what_its_size_needs() -> None:
    found = values(shipped_graph("us-east-1"))
    spec = found["prometheus"]["prometheusSpec"]
    assert (spec["replicas"], found["alertmanager"]["alertmanagerSpec"]["replicas"]) == (2, 3)
    assert spec["externalLabels"] == {"region": "us-east-1", "environment": "production"}
    assert spec["storageSpec"]["volumeClaimTemplate"]["spec"]["resources"]["requests"]["storage"] == "20Gi"


def test_both_pages_are_there_and_rules_of_every_kind() -> None:
    graph = shipped_graph("us-east-1")
    pages = {each.inputs["metadata"]["name"] for each in graph.of_type("kubernetes:core/v1:ConfigMap")}
    assert {"dashboard-executive", "dashboard-technical"} <= pages
    rules = {each.inputs["metadata"]["name"] for each in graph.of_type("kubernetes:monitoring.coreos.com/v1:PrometheusRule")}
    assert {"nodes", "database", "automation", "business", "objectives", "watching", "escalation"} <= rules


def test_staging_keeps_less() -> None:
    spec = values(shipped_graph("staging"))["prometheus"]["prometheusSpec"]
    assert (spec["replicas"], spec["retention"]) == (1, "3d")


@pytest.mark.parametrize("stack", STACKS)
def test_each_tenant_of_a_stack_has_a_page_of_its_own(stack: str) -> None:
    graph = shipped_graph(stack)
    pages = [
        each.inputs["metadata"]
        for each in graph.of_type("kubernetes:core/v1:ConfigMap")
        if each.inputs["metadata"]["name"].startswith("dashboard-tenant-")
    ]
    assert {page["labels"]["morefocus.com/tenant"] for page in pages} == {tenant.name for tenant in load(stack).tenants}
