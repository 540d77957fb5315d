from typing import Any

import pytest

from components.platform.namespace import Namespace, NamespaceArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
NAMESPACE = "kubernetes:core/v1:Namespace"


def _made(**more: Any) -> Graph:
    return record(lambda: Namespace("tools", a_context(), NamespaceArgs(**({"namespace": "tools"} | more))))


def test_nothing_comes_in_and_nothing_goes_out_that_nobody_allowed() -> None:
    policy = _made().named("tools-deny").inputs
    assert policy["metadata"]["namespace"] == "tools"
    assert policy["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_names_are_looked_up_in_the_clusters_own_dns_alone() -> None:
    spec = _made().named("tools-dns").inputs["spec"]
    assert spec["podSelector"] == {} and spec["policyTypes"] == ["Egress"]
    (rule,) = spec["egress"]
    (peer,) = rule["to"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "kube-system"}
    assert peer["podSelector"]["matchLabels"] == {"k8s-app": "kube-dns"}
    assert {(port["protocol"], port["port"]) for port in rule["ports"]} == {("UDP", 53), ("TCP", 53)}


def test_pods_are_restricted_unless_a_reason_is_given() -> None:
    given = _made().one(NAMESPACE).inputs["metadata"]["labels"]
    assert [given[f"pod-security.kubernetes.io/{mode}"] for mode in ("enforce", "audit", "warn")] == ["restricted"] * 3
    with pytest.raises(ValueError, match="namespace tools: security 'privileged' needs an exception that says why"):
        NamespaceArgs(namespace="tools", security="privileged")


def test_an_exception_is_kept_where_auditors_find_it() -> None:
    meta = _made(security="privileged", exception="reads logs of the node").one(NAMESPACE).inputs["metadata"]
    assert meta["annotations"] == {"morefocus.com/pod-security-exception": "reads logs of the node"}
    assert meta["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"


def test_a_tenants_namespace_has_its_quota_and_what_containers_get_that_say_nothing() -> None:
    graph = _made(
        tenant="tenant-a", quota={"requests.cpu": "4"}, default_requests={"cpu": "100m"}, default_limits={"cpu": "1", "memory": "1Gi"}
    )
    assert graph.one("kubernetes:core/v1:ResourceQuota").inputs["spec"] == {"hard": {"requests.cpu": "4"}}
    assert graph.one("kubernetes:core/v1:LimitRange").inputs["spec"] == {
        "limits": [{"type": "Container", "default": {"cpu": "1", "memory": "1Gi"}, "defaultRequest": {"cpu": "100m"}}]
    }
    assert all(
        each.inputs["metadata"]["labels"]["morefocus.com/tenant"] == "tenant-a"
        for each in graph.resources
        if each.type.startswith("kubernetes:")
    )


def test_without_them_there_is_neither_quota_nor_range() -> None:
    graph = _made()
    assert {each.type for each in graph.resources if each.custom} == {NAMESPACE, POLICY}


@pytest.mark.parametrize(("mesh", "label"), [(True, "enabled"), (False, None)])
def test_the_mesh_puts_its_proxy_only_where_it_is_asked_to(mesh: bool, label: str | None) -> None:
    assert _made(mesh=mesh).one(NAMESPACE).inputs["metadata"]["labels"].get("istio-injection") == label


def test_what_stands_in_it_waits_for_it() -> None:
    graph = _made(quota={"pods": "1"})
    assert graph.outputs_of(graph.one("morefocus:platform:Namespace")) == {"namespace": "tools"}
    made = graph.one(NAMESPACE).urn
    assert all(made in each.depends_on for each in graph.resources if each.custom and each.urn != made)
