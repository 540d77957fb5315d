"""Services of others that watch each stack."""

import json
from typing import Any

import pytest

from tests.kit.composed import shipped_graph
from tests.kit.recorder import Graph

PRODUCTION = ("us-east-1", "eu-west-1", "sa-east-1")


def containers(graph: Graph) -> list[dict[str, Any]]:
    """n8n's own containers."""
    found = []
    for each in graph.of_type("kubernetes:apps/v1:Deployment"):
        spec = each.inputs["spec"]["template"]["spec"]
        found += [
            container
            for container in spec["containers"]
            if each.inputs["metadata"]["namespace"] == "automation" and container["name"] == "n8n"
        ]
    return found


def secret(graph: Graph, name: str) -> dict[str, Any]:
    """The spec of the external secret of a name."""
    found = [each.inputs for each in graph.of_type("kubernetes:external-secrets.io/v1:ExternalSecret")]
    (spec,) = [each["spec"] for each in found if each["metadata"]["name"] == name]
    return dict(spec)


@pytest.mark.parametrize("stack", PRODUCTION)
def test_n8n_knows_new_relic_and_sentry_by_secrets_that_may_be_absent(stack: str) -> None:
    graph = shipped_graph(stack)
    assert len(containers(graph)) == 3
    for container in containers(graph):
        assert {each["secretRef"]["name"]: each["secretRef"]["optional"] for each in container["envFrom"]} == {
            "n8n-new-relic": True,
            "n8n-sentry": True,
        }
    assert secret(graph, "n8n-sentry")["data"][0]["secretKey"] == "N8N_SENTRY_DSN"
    relic = secret(graph, "n8n-new-relic")
    host = relic["target"]["template"]["data"]["NEW_RELIC_HOST"]
    assert relic["data"][0]["secretKey"] == "NEW_RELIC_LICENSE_KEY" and (".eu01." in host) == (stack != "us-east-1")


@pytest.mark.parametrize("stack", PRODUCTION)
def test_every_node_has_datadogs_agent_of_the_regions_site(stack: str) -> None:
    values = shipped_graph(stack).named("datadog-release").inputs["values"]
    assert values["datadog"]["site"] == ("datadoghq.com" if stack == "us-east-1" else "datadoghq.eu")


def test_the_hub_alone_says_what_is_checked_from_outside_of_all_production_regions() -> None:
    graph = shipped_graph("us-east-1")
    (files,) = [
        each.inputs["data"] for each in graph.of_type("kubernetes:core/v1:ConfigMap") if "checks.json" in each.inputs.get("data", {})
    ]
    urls = {each["url"] for each in json.loads(files["checks.json"])["checks"].values()}
    assert urls == {"https://morefocus.com", *(f"https://hooks.{code}.morefocus.com/webhook/none" for code in ("use1", "euw1", "sae1"))}
    assert "def reconcile(" in files["reconcile.py"]
    assert not [each for each in shipped_graph("eu-west-1").of_type("kubernetes:batch/v1:CronJob") if each.name.startswith("uptime")]


def test_staging_is_watched_by_none_of_them() -> None:
    graph = shipped_graph("staging")
    there = [each.name for each in graph.resources if each.type.startswith("kubernetes:")]
    assert not [name for name in there if name.startswith(("datadog", "uptime", "new-relic", "sentry-"))]
    assert not [container for container in containers(graph) if container.get("envFrom")]
