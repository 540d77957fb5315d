"""n8n as each shipped stack builds it, and as a licence changes it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from tests.kit.composed import composed, shipped_graph
from tests.kit.plans import STACKS, shipped, write
from tests.kit.recorder import Graph

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
ROLES = ("main", "webhook", "worker")


def _environment(graph: Graph, role: str) -> dict[str, Any]:
    spec = graph.one(DEPLOYMENT, f"automation-{role}").inputs["spec"]["template"]["spec"]
    return {each["name"]: each.get("value") or each["valueFrom"]["secretKeyRef"] for each in spec["containers"][0]["env"]}


@cache
def _bent(folder: str, *changes: tuple[str, str]) -> Graph:
    documents = shipped()
    plan = documents["config/estate.yaml"]["defaults"]["platform"]["automation"]
    plan.update({key: json.loads(value) for key, value in changes})
    return composed(load("eu-west-1", root=write(documents, Path(folder))))


@pytest.mark.parametrize("stack", STACKS)
def test_queue_database_and_webhooks_are_those_of_the_stack(stack: str) -> None:
    graph = shipped_graph(stack)
    queue = graph.one("aws:elasticache/replicationGroup:ReplicationGroup", "queue-redis-group")
    for role in ROLES:
        told = _environment(graph, role)
        assert told["QUEUE_BULL_REDIS_HOST"] == queue.answered["primaryEndpointAddress"]
        assert told["DB_POSTGRESDB_HOST"] == "pgbouncer.pgbouncer.svc.cluster.local"
        assert told["DB_POSTGRESDB_SCHEMA"] == "n8n"


@pytest.mark.parametrize("stack", STACKS)
def test_every_key_is_fetched_from_a_secret_that_the_stack_makes(stack: str) -> None:
    graph = shipped_graph(stack)
    made = {each.inputs["name"] for each in graph.of_type("aws:secretsmanager/secret:Secret")}
    made |= {each.answered["arn"] for each in graph.of_type("aws:secretsmanager/secret:Secret")}
    # The queue's is referred to by what it was given as its version's secret.
    made |= {each.inputs["secretId"] for each in graph.of_type("aws:secretsmanager/secretVersion:SecretVersion")}
    for name in ("automation-credentials-keys", "automation-credentials-owner"):
        for each in graph.named(name).inputs["spec"]["data"]:
            assert each["remoteRef"]["key"] in made, each


@pytest.mark.parametrize("stack", STACKS)
def test_the_keys_that_are_fetched_are_held_by_their_secret(stack: str) -> None:
    settings, graph = load(stack), shipped_graph(stack)
    rows = {f"{graph_prefix(graph)}-{name}": row.holds for name, row in settings.catalogue.integrations.items()}
    for each in graph.named("automation-credentials-keys").inputs["spec"]["data"]:
        reference = each["remoteRef"]
        if reference["key"] in rows:
            assert reference["property"] in rows[reference["key"]]


def graph_prefix(graph: Graph) -> str:
    """Return what every physical name of a stack begins with."""
    name: str = graph.named("automation-packages-volume").inputs["metadata"]["name"]
    return name.removesuffix("-n8n-packages")


def test_the_target_group_that_was_made_for_pods_is_bound_to_webhook_processors() -> None:
    graph = shipped_graph("eu-west-1")
    group = graph.one("aws:lb/targetGroup:TargetGroup")
    binding = graph.named("automation-entry-binding").inputs["spec"]
    assert binding["targetGroupARN"] == group.answered["arn"]
    service = graph.named("automation-webhook-service").inputs["spec"]
    assert binding["serviceRef"]["port"] == service["ports"][0]["port"] == group.inputs["port"]
    assert group.inputs["protocol"] == "HTTPS"
    probe = graph.one(DEPLOYMENT, "automation-webhook").inputs["spec"]["template"]["spec"]["containers"][0]["livenessProbe"]["httpGet"]
    assert group.inputs["healthCheck"]["path"] == probe["path"] == "/healthz"


def test_the_front_is_healthy_when_webhook_processors_are() -> None:
    graph = shipped_graph("eu-west-1")
    path = graph.named("front-check").inputs["resourcePath"]
    rule = graph.named("automation-entry-health").inputs
    assert rule["conditions"][0]["pathPattern"]["values"] == [path]
    assert rule["actions"][0]["targetGroupArn"] == graph.one("aws:lb/targetGroup:TargetGroup").answered["arn"]


def test_nobody_from_outside_reaches_a_main_or_a_worker() -> None:
    graph = shipped_graph("eu-west-1")
    for policy in graph.of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy"):
        spec = policy.inputs["spec"]
        if policy.inputs["metadata"]["namespace"] != "automation" or "ingress" not in spec:
            continue
        if any("ipBlock" in peer for rule in spec["ingress"] for peer in rule["from"]):
            assert spec["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == "webhook", policy.name


def test_workers_reach_the_internet_and_none_of_the_estates_own_networks() -> None:
    spec = shipped_graph("eu-west-1").named("automation-worker-to-internet-out").inputs["spec"]
    (rule,) = spec["egress"]
    assert {port["port"] for port in rule["ports"]} == {80, 443, 587}
    blocks = [peer["ipBlock"]["cidr"] for peer in rule["to"]]
    assert not [block for block in blocks if block.startswith(("10.", "172.16.", "192.168.", "169.254.")) or block == "0.0.0.0/0"]


def test_webhook_processors_reach_the_queue_and_the_database_and_nothing_else() -> None:
    names = {each.name for each in shipped_graph("eu-west-1").resources if each.name.startswith("automation-webhook-to")}
    assert not [name for name in names if "internet" in name]


def test_a_licence_brings_mains_that_elect_a_leader_and_binary_data_in_a_bucket(tmp_path: Path) -> None:
    mains, workers = json.dumps({"min": 2, "max": 3}), json.dumps({"min": 3, "max": 10})
    graph = _bent(str(tmp_path), ("profile", '"enterprise"'), ("licence", '"n8n-licence"'), ("mains", mains), ("workers", workers))
    told = _environment(graph, "main")
    assert told["N8N_MULTI_MAIN_SETUP_ENABLED"] == "true"
    assert told["N8N_DEFAULT_BINARY_DATA_MODE"] == "s3"
    bucket = graph.named("automation-objects-bucket").inputs
    assert told["N8N_EXTERNAL_STORAGE_S3_BUCKET_NAME"] == bucket["bucket"]
    policy = json.loads(graph.named("automation-identity-policy").inputs["policy"])
    assert [f"arn:aws:s3:::{bucket['bucket']}/*"] == _list(policy["Statement"][0]["Resource"])
    fetched = {each["remoteRef"]["key"] for each in graph.named("automation-credentials-keys").inputs["spec"]["data"]}
    assert "morefocus-prod-euw1-n8n-licence" in fetched
    assert graph.named("automation-scaling-main").inputs["spec"]["minReplicas"] == 2


def test_without_a_licence_there_is_neither_a_bucket_nor_a_role_for_it() -> None:
    names = {each.name for each in shipped_graph("eu-west-1").resources}
    assert not [name for name in names if name.startswith(("automation-objects", "automation-identity"))]


def test_a_region_that_stands_by_has_everything_and_runs_nothing(tmp_path: Path) -> None:
    graph = _bent(str(tmp_path), ("standby", "true"))
    assert {graph.one(DEPLOYMENT, f"automation-{role}").inputs["spec"]["replicas"] for role in ROLES} == {0}
    assert graph.named("automation-export-job").inputs["spec"]["suspend"] is True
    names = {each.name for each in graph.resources}
    assert not [name for name in names if name.startswith("automation-scaling")]
    assert {"automation-entry-binding", "automation-credentials-keys", "queue-redis-group"} <= names


def test_a_stack_without_n8n_has_nothing_of_it(tmp_path: Path) -> None:
    names = {each.name for each in _bent(str(tmp_path), ("enabled", "false")).resources}
    assert not [name for name in names if name.startswith(("automation", "queue-redis-"))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
