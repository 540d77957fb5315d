"""Whose metrics each stack reads."""

from typing import Any

import pytest

from tests.kit import kubernetes
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS
from tests.kit.recorder import Graph

MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor"


def monitors(stack: str) -> dict[str, dict[str, Any]]:
    return {each.inputs["metadata"]["name"].removesuffix("-metrics"): each.inputs["spec"] for each in shipped_graph(stack).of_type(MONITOR)}


def own_pods(graph: Graph) -> list[tuple[str, dict[str, str]]]:
    """Namespace and labels of pods that the program itself describes."""
    return [
        (str(item["metadata"]["namespace"]), dict(item["spec"]["template"]["metadata"].get("labels") or {}))
        for item in kubernetes.objects(graph)
        if item["kind"] in ("Deployment", "StatefulSet")
    ]


@pytest.mark.parametrize("stack", STACKS)
def test_whatever_shows_metrics_in_a_stack_is_read(stack: str) -> None:
    always = {
        "cert-manager",
        "external-secrets",
        "external-dns",
        "targets",
        "keda",
        "pgbouncer",
        "automation-main",
        "automation-webhook",
        "automation-worker",
    }
    found = set(monitors(stack))
    assert always <= found
    # Staging has neither Vault nor the mesh.
    assert ({"vault", "mesh", "automation-proxies"} <= found) == (stack != "staging")
    assert {"postgres-primary", "business-exporter", "cloudwatch-exporter", "queue-exporter"} <= found


@pytest.mark.parametrize("name", ["pgbouncer", "automation-main", "automation-worker"])
def test_the_labels_by_which_pods_are_found_are_those_that_they_have(name: str) -> None:
    spec = monitors("us-east-1")[name]
    wanted, (namespace,) = spec["selector"]["matchLabels"].items(), spec["namespaceSelector"]["matchNames"]
    assert [labels for place, labels in own_pods(shipped_graph("us-east-1")) if place == namespace and wanted <= labels.items()]


def test_vault_is_read_over_tls_and_n8n_at_its_own_path() -> None:
    found = monitors("us-east-1")
    (vault,) = found["vault"]["podMetricsEndpoints"]
    assert (vault["scheme"], vault["path"], vault["params"]) == ("https", "/v1/sys/metrics", {"format": ["prometheus"]})
    (worker,) = found["automation-worker"]["podMetricsEndpoints"]
    assert (worker["portNumber"], worker["path"], worker["scheme"]) == (5678, "/metrics", "http")
    (webhook,) = found["automation-webhook"]["podMetricsEndpoints"]
    assert (webhook["portNumber"], webhook["path"], webhook["scheme"]) == (8443, "/metrics", "https")


def test_the_queues_exporter_reads_the_password_that_its_own_secret_holds() -> None:
    graph = shipped_graph("us-east-1")
    secret = graph.named("queue-exporter-credentials-secret").inputs["spec"]["data"][0]["remoteRef"]
    kept = graph.one("aws:secretsmanager/secret:Secret", "queue-redis-secret").answered
    assert secret == {"key": kept["arn"], "property": "password"}
    env = graph.named("queue-exporter-deployment").inputs["spec"]["template"]["spec"]["containers"][0]["env"]
    assert next(each["value"] for each in env if each["name"] == "REDIS_ADDR").startswith("rediss://")
