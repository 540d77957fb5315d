"""What every workload stands on, in every stack: installed, with its role, its flows and its order."""

import copy
import json
from pathlib import Path

import pytest

from config.load import load
from tests.kit.composed import composed, shipped_graph
from tests.kit.kubernetes import RELEASE, namespace_of, of_kind, releases
from tests.kit.plans import STACKS, shipped, stack, write

CHARTS = {
    "aws-load-balancer-controller": "load-balancing",
    "cert-manager": "cert-manager",
    "cluster-autoscaler": "node-scaling",
    "external-dns": "external-dns",
    "external-secrets": "external-secrets",
    "keda": "keda",
}
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


@pytest.mark.parametrize("name", STACKS)
def test_each_is_installed_in_a_namespace_of_its_own(name: str) -> None:
    installed = {each.inputs["chart"]: each.inputs["namespace"] for each in releases(shipped_graph(name))}
    assert CHARTS.items() <= installed.items()


@pytest.mark.parametrize("name", STACKS)
def test_who_calls_aws_has_a_role_of_its_own_before_it_starts(name: str) -> None:
    graph = shipped_graph(name)
    bound = {(each.inputs["namespace"], each.inputs["serviceAccount"]): each for each in graph.of_type(ASSOCIATION)}
    for release in releases(graph):
        if release.inputs["chart"] not in CHARTS or release.inputs["chart"] == "keda":
            continue
        values = release.inputs["values"]
        account = values.get("serviceAccount") or values["rbac"]["serviceAccount"]
        association = bound[(release.inputs["namespace"], account["name"])]
        components = {each.urn: each for each in graph.resources}
        waits, here = set(release.depends_on), release.parent
        while here is not None:
            waits |= set(components[here].depends_on)
            here = components[here].parent
        assert association.urn in waits, release.name


@pytest.mark.parametrize("name", STACKS)
def test_secrets_may_be_read_by_the_role_that_their_policies_name(name: str) -> None:
    graph = shipped_graph(name)
    (reader,) = [each for each in graph.of_type("aws:iam/role:Role") if each.name == "external-secret-reader-role"]
    assert reader.inputs["name"].endswith("-external-secret-reader")
    statements = json.loads(graph.named("external-secret-reader-policy").inputs["policy"])["Statement"]
    master = graph.stack_outputs["database_secret_arn"]
    assert master in statements[0]["Resource"]


@pytest.mark.parametrize("name", STACKS)
def test_what_the_kubernetes_api_calls_lets_it_in(name: str) -> None:
    network = load(name).plan.network.cidr
    private = str(next(network.subnets(prefixlen_diff=1)))
    called = {
        namespace_of(each): {port["port"] for rule in each["spec"]["ingress"] for port in rule["ports"]}
        for each in of_kind(shipped_graph(name), "NetworkPolicy")
        for rule in each["spec"].get("ingress") or ()
        if any((peer.get("ipBlock") or {}).get("cidr") == private for peer in rule.get("from", ()))
    }
    assert {"cert-manager", "external-secrets", "keda", "load-balancing"} <= set(called)
    assert called["cert-manager"] == {10250} and called["load-balancing"] == {9443}


def test_what_signs_waits_for_what_is_to_sign() -> None:
    graph = shipped_graph("us-east-1")
    manager = next(each for each in graph.of_type(RELEASE) if each.inputs["chart"] == "cert-manager")
    issuers = graph.one("morefocus:platform:CertificateIssuers")
    assert manager.urn in issuers.depends_on
    balancer = graph.one("morefocus:platform:LoadBalancerController")
    root = graph.one("kubernetes:cert-manager.io/v1:Certificate", "certificate-issuers-root").urn
    assert root in balancer.depends_on, "its webhook has no certificate before"


def test_a_stack_may_do_without_scaling_of_nodes(tmp_path: Path) -> None:
    documents = copy.deepcopy(shipped())
    stack(documents, "staging")["morefocus:platform"]["node_scaling"] = {"by": "none"}
    graph = composed(load("staging", root=write(documents, tmp_path)))
    assert "cluster-autoscaler" not in {each.inputs["chart"] for each in releases(graph)}
    assert "node-scaling" not in {each["metadata"]["name"] for each in of_kind(graph, "Namespace")}
