"""Pods whose metrics are read."""

import pytest

from components.platform.monitoring.scrape import PROMETHEUS, Scrape, ScrapeArgs, relabelings
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

MATCH = {"app.kubernetes.io/name": "n8n"}


def graph() -> Graph:
    args = ScrapeArgs(namespace="automation", match=MATCH, port=5678, extra={"database": "primary"}, params={"module": "answers"})
    return record(lambda: Scrape("n8n", a_context(), args))


def test_prometheus_takes_up_the_monitor_and_reads_one_port_of_the_named_pods() -> None:
    monitor = graph().one("kubernetes:monitoring.coreos.com/v1:PodMonitor").inputs
    assert monitor["metadata"]["labels"]["morefocus.com/scrape"] == "true"
    spec = monitor["spec"]
    assert spec["selector"] == {"matchLabels": MATCH} and spec["namespaceSelector"] == {"matchNames": ["automation"]}
    (endpoint,) = spec["podMetricsEndpoints"]
    assert (endpoint["portNumber"], endpoint["path"], endpoint["params"]) == (5678, "/metrics", {"module": ["answers"]})
    assert spec["sampleLimit"] == 20_000


def test_every_series_says_whose_it_is_by_the_pods_own_label() -> None:
    tenant, database = relabelings({"database": "primary"})
    assert tenant["sourceLabels"] == ["__meta_kubernetes_pod_label_morefocus_com_tenant"] and tenant["targetLabel"] == "tenant"
    # A pod without the label leaves none behind: an empty one would be a tenant too.
    assert tenant["regex"] == "(.+)"
    assert (database["targetLabel"], database["replacement"]) == ("database", "primary")


def test_the_way_from_prometheus_is_open_at_both_ends_and_nowhere_else() -> None:
    found = {
        each.inputs["metadata"]["namespace"]: each.inputs["spec"]
        for each in graph().of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    }
    assert set(found) == {"monitoring", "automation"}
    assert found["monitoring"]["podSelector"] == {"matchLabels": dict(PROMETHEUS)}
    (rule,) = found["automation"]["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 5678}]
    assert rule["from"][0]["podSelector"] == {"matchLabels": dict(PROMETHEUS)}


def test_all_pods_of_a_namespace_are_no_choice() -> None:
    with pytest.raises(ValueError, match="name a label"):
        ScrapeArgs(namespace="automation", match={}, port=1)
