"""The mesh of a region's cluster, as its stack builds it."""

from collections.abc import Callable
from typing import Any

from components.platform.mesh.breaker import Limits
from components.platform.mesh.service_policy import Caller, ServicePolicyArgs
from config.load import load
from stacks.compose import context_of
from stacks.foundation import build_foundation
from stacks.mesh import build_mesh, join_mesh, protect_service
from stacks.platform import cluster_site
from stacks.site import ClusterSite
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import Graph, record
from tests.kit.sites import exports

SERVICE = ServicePolicyArgs(
    namespace="automation",
    service="webhook",
    match={"app": "webhook"},
    ports=(5678,),
    callers=(Caller(namespace="automation", service_account="worker"),),
    limits=Limits(requests_per_second=30, seconds=0.2, replicas=3, requests_per_pod=50),
)


def _made(body: Callable[[ClusterSite], Any], stack: str = "eu-west-1") -> Graph:
    def program() -> Any:
        settings = load(stack)
        context = context_of(settings)
        return body(cluster_site(settings, context, build_foundation(settings, context), exports(), "Z0"))

    return record(program, stack=stack)


def _ports(graph: Graph, name: str, direction: str) -> tuple[Any, list[int]]:
    spec = graph.named(name).inputs["spec"]
    (rule,) = spec[direction]
    return rule, [each["port"] for each in rule["ports"]]


def test_the_kubernetes_api_reaches_the_webhook_and_the_control_plane_the_kubernetes_api() -> None:
    graph = _made(build_mesh)
    rule, ports = _ports(graph, "mesh-from-kubernetes-in", "ingress")
    assert ports == [15017]
    assert [each["ipBlock"]["cidr"] for each in rule["from"]] == ["10.1.0.0/17"]
    _, ports = _ports(graph, "mesh-to-kubernetes-out", "egress")
    assert ports == [443]
    _, ports = _ports(graph, "mesh-plugin-to-kubernetes-out", "egress")
    assert ports == [443]


def test_only_the_plugin_stands_outside_of_restricted_namespaces() -> None:
    graph = _made(build_mesh)
    level = {
        each.inputs["metadata"]["name"]: each.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        for each in graph.of_type("kubernetes:core/v1:Namespace")
    }
    assert level == {"istio-system": "restricted", "mesh-nodes": "privileged"}


def test_a_namespace_that_joins_reaches_the_control_plane_at_both_ends() -> None:
    def joined(site: ClusterSite) -> None:
        build_mesh(site)
        join_mesh(site, "automation", anything="workflows call what their authors name")

    graph = _made(joined)
    rule, ports = _ports(graph, "automation-to-mesh-out", "egress")
    assert ports == [15012]
    assert rule["to"][0]["podSelector"]["matchLabels"] == {"app": "istiod"}
    _, ports = _ports(graph, "automation-to-mesh-in", "ingress")
    assert ports == [15012]
    assert graph.named("automation-egress-anything").inputs["metadata"]["namespace"] == "automation"


def test_a_namespace_of_the_mesh_waits_for_its_control_plane() -> None:
    graph = _made(lambda site: (build_mesh(site), site.namespace("automation")))
    assert graph.named("mesh-discovery-release").urn in graph.named("automation").depends_on


def test_a_service_is_protected_where_the_stack_has_the_mesh() -> None:
    graph = _made(lambda site: protect_service(site, "webhook", SERVICE))
    assert graph.of_type("kubernetes:security.istio.io/v1:AuthorizationPolicy")
    assert not _made(lambda site: protect_service(site, "webhook", SERVICE), "staging").of_type("morefocus:platform:ServicePolicy")


def test_its_objects_are_what_istio_defines() -> None:
    found = [each for each in custom_resources(_made(build_mesh)) if "istio.io" in each.inputs["apiVersion"]]
    assert len(found) == 4
    assert findings(found) == []
