"""Datadog's agents."""

from functools import cache
from typing import Any

from components.platform.flow import Addresses
from components.platform.monitoring.datadog_agents import DatadogAgents, DatadogAgentsArgs
from tests.components.platform.made import DIGEST, a_chart, an_image, assert_sized, values_of
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record


@cache
def graph() -> Graph:
    args = DatadogAgentsArgs(
        chart=a_chart(),
        agent_image=an_image("agent"),
        cluster_agent_image=an_image("cluster-agent"),
        namespace="node-agents",
        site="datadoghq.eu",
        secret="datadog",
        cluster_name="morefocus-prod-euw1-cluster",
        environment="production",
        priority_class="platform",
        kubernetes_api=Addresses(cidrs=("172.20.0.1/32",)),
        nodes=Addresses(cidrs=("10.1.0.0/17",)),
    )
    return record(lambda: DatadogAgents("datadog", a_context(), args))


def test_figures_go_to_the_accounts_site_with_a_key_from_a_secret() -> None:
    told: dict[str, Any] = values_of(graph())["datadog"]
    assert (told["site"], told["apiKeyExistingSecret"]) == ("datadoghq.eu", "datadog") and "apiKey" not in told


def test_neither_logs_nor_traces_nor_names_of_secrets_leave_the_region() -> None:
    told: dict[str, Any] = values_of(graph())["datadog"]
    assert told["logs"] == {"enabled": False} and told["apm"] == {"socketEnabled": False, "portEnabled": False}
    assert told["kubeStateMetricsCore"]["collectSecretMetrics"] is False
    assert told["processAgent"]["processCollection"] is False and told["orchestratorExplorer"] == {"enabled": False}


def test_nobody_outside_changes_what_the_agents_do() -> None:
    assert values_of(graph())["datadog"]["remoteConfiguration"] == {"enabled": False}
    assert values_of(graph())["clusterAgent"]["admissionController"] == {"enabled": False}


def test_images_are_pinned_and_containers_sized() -> None:
    values = values_of(graph())
    assert values["agents"]["image"]["digest"] == values["clusterAgent"]["image"]["digest"] == DIGEST
    assert_sized(values["agents"]["containers"]["agent"]["resources"])
    assert_sized(values["clusterAgent"]["resources"])


def test_agents_reach_datadog_the_kubernetes_api_their_kubelets_and_each_other_alone() -> None:
    ports = {
        (peer.get("ipBlock", {}).get("cidr", "pods"), port["port"])
        for policy in graph().of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")
        for rule in policy.inputs["spec"].get("egress", [])
        for peer in rule["to"]
        for port in rule["ports"]
    }
    assert ports == {("0.0.0.0/0", 443), ("172.20.0.1/32", 443), ("10.1.0.0/17", 10250), ("pods", 5005)}
