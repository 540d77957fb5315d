"""What the parts of a platform are given: namespaces, identities and flows of one cluster."""

from collections.abc import Callable
from typing import Any

import pytest

from components._base import allow, document
from components.platform.flow import Pods
from components.platform.namespace import Namespace, NamespaceArgs
from config.load import load
from stacks.compose import context_of
from stacks.foundation import build_foundation
from stacks.platform import cluster_site
from stacks.site import ClusterSite
from tests.kit.recorder import Graph, record
from tests.kit.sites import exports

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
PODS = Pods(namespace="keda", match={"app": "keda"})


def _site(stack: str = "eu-west-1") -> ClusterSite:
    settings = load(stack)
    context = context_of(settings)
    return cluster_site(settings, context, build_foundation(settings, context), exports(), "Z0")


def _made(body: Callable[[ClusterSite], Any], stack: str = "eu-west-1") -> Graph:
    def program() -> Any:
        return body(_site(stack))

    return record(program, stack=stack)


def test_a_namespace_is_made_once_however_often_it_is_asked_for() -> None:
    graph = _made(lambda site: (site.namespace("keda"), site.namespace("keda")))
    assert graph.one("kubernetes:core/v1:Namespace").inputs["metadata"]["name"] == "keda"


def test_a_namespace_that_nobody_decided_on_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"namespace must be one of automation, .*vault \(got 'kedda'\): add it to stacks/namespaces.py"):
        _made(lambda site: site.namespace("kedda"))


@pytest.mark.parametrize(("stack", "label"), [("eu-west-1", "enabled"), ("staging", None)])
def test_the_mesh_is_in_a_namespace_only_where_the_stack_has_the_mesh(stack: str, label: str | None) -> None:
    made = _made(lambda site: site.namespace("automation"), stack).one("kubernetes:core/v1:Namespace")
    assert made.inputs["metadata"]["labels"].get("istio-injection") == label


def test_an_identity_is_bound_to_one_service_account_of_this_cluster() -> None:
    policy = document(allow("sqs:SendMessage", on=["arn:aws:sqs:eu-west-1:123456789012:q"]))
    graph = _made(lambda site: site.identity("keda-identity", namespace="keda", service_account="keda-operator", policy=policy))
    association = graph.one("aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs
    assert (association["namespace"], association["serviceAccount"]) == ("keda", "keda-operator")
    assert (
        "arn:aws:eks:eu-west-1:123456789012:cluster/morefocus-prod-euw1-cluster"
        in graph.one("aws:iam/role:Role").inputs["assumeRolePolicy"]
    )


def test_pods_that_call_aws_reach_the_agent_and_aws_and_no_metadata() -> None:
    policies = [each.inputs["spec"]["egress"][0] for each in _made(lambda site: site.to_aws("keda", PODS)).of_type(POLICY)]
    assert [(rule["to"][0]["ipBlock"]["cidr"], rule["ports"][0]["port"]) for rule in policies] == [
        ("0.0.0.0/0", 443),
        ("169.254.170.23/32", 80),
    ]
    assert policies[0]["to"][0]["ipBlock"]["except"] == ["169.254.0.0/16"]


def test_pods_reach_the_kubernetes_api_by_its_service_and_where_it_stands() -> None:
    (rule,) = _made(lambda site: site.to_kubernetes("keda", PODS)).one(POLICY).inputs["spec"]["egress"]
    assert [peer["ipBlock"]["cidr"] for peer in rule["to"]] == ["172.20.0.1/32", "10.1.0.0/17"]


def test_webhooks_are_called_from_where_the_control_plane_stands_alone() -> None:
    policy = _made(lambda site: site.from_kubernetes("keda", PODS, [9443])).one(POLICY).inputs
    assert policy["metadata"]["namespace"] == "keda"
    assert policy["spec"]["ingress"] == [{"from": [{"ipBlock": {"cidr": "10.1.0.0/17"}}], "ports": [{"protocol": "TCP", "port": 9443}]}]


def test_all_objects_stand_in_this_cluster() -> None:
    def program(site: ClusterSite) -> None:
        site.namespace("keda")
        site.flow("keda-to-itself", PODS, PODS, [9666])

    graph = _made(program)
    provider = graph.one("pulumi:providers:kubernetes").urn
    assert all(each.provider.startswith(provider) for each in graph.resources if each.type.startswith("kubernetes:"))


def test_what_is_made_after_something_waits_for_it() -> None:
    def program(site: ClusterSite) -> None:
        first = site.identity("keda-identity", namespace="keda", service_account="keda", managed_policies=("AmazonSQSReadOnlyAccess",))
        Namespace("keda", site.context, NamespaceArgs(namespace="keda"), opts=site.opts(first))

    graph = _made(program)
    association = graph.one("aws:eks/podIdentityAssociation:PodIdentityAssociation").urn
    made = graph.one("morefocus:platform:Namespace")
    assert association in made.depends_on
    assert graph.one("kubernetes:core/v1:Namespace").parent == made.urn


def test_a_flow_waits_for_the_namespaces_that_it_is_written_in() -> None:
    graph = _made(lambda site: (site.namespace("keda"), site.flow("keda-out", PODS, site.control_plane, [443])))
    (flow,) = [resource for resource in graph.resources if resource.name == "keda-out" and resource.type == "morefocus:platform:Flow"]
    assert graph.one("kubernetes:core/v1:Namespace").urn in flow.depends_on
