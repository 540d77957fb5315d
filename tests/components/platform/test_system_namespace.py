import pytest

from components.platform.system_namespace import NAMES, SystemNamespace, SystemNamespaceArgs
from tests.kit.contexts import a_context
from tests.kit.kubernetes import OF_EKS, namespace_of, objects, system_namespace_problems
from tests.kit.recorder import Graph, record


def _made(*names: str) -> Graph:
    def program() -> None:
        for name in names:
            SystemNamespace(f"closed-{name}", a_context(), SystemNamespaceArgs(namespace=name))

    return record(program)


def test_all_that_every_cluster_has_is_closed_and_none_of_it_is_made() -> None:
    graph = _made(*NAMES)
    assert set(NAMES) == set(OF_EKS)
    assert not system_namespace_problems(graph)
    assert {each["kind"] for each in objects(graph)} == {"NetworkPolicy"}
    assert {namespace_of(each) for each in objects(graph)} == set(NAMES)


def test_every_pods_questions_are_let_in_to_the_clusters_dns() -> None:
    spec = _made("kube-system").named("closed-kube-system-answers").inputs["spec"]
    assert spec["podSelector"] == {"matchLabels": {"k8s-app": "kube-dns"}}
    (rule,) = spec["ingress"]
    assert rule["from"] == [{"namespaceSelector": {}}]
    assert {(port["protocol"], port["port"]) for port in rule["ports"]} == {("UDP", 53), ("TCP", 53)}
    assert len(_made("default").of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")) == 2


def test_a_namespace_that_is_made_is_refused_here() -> None:
    with pytest.raises(ValueError, match=r"namespace must be one of default, .* which no program makes \(got 'monitoring'\)"):
        SystemNamespaceArgs(namespace="monitoring")
