"""The security group around an enterprise tenant's pods."""

from components.products.tenant.firewall import TenantFirewall, TenantFirewallArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

EGRESS, INGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def _made() -> Graph:
    args = TenantFirewallArgs(tenant="acme", namespace="tenant-acme", vpc_id="vpc-1", node_security_group_id="sg-nodes")
    return record(lambda: TenantFirewall("tenant-acme-firewall", a_context(), args))


def test_its_pods_reach_names_the_poolers_and_the_web_and_nothing_else() -> None:
    reached = {(rule.inputs["ipProtocol"], rule.inputs["fromPort"]) for rule in _made().of_type(EGRESS)}
    assert reached == {("udp", 53), ("tcp", 53), ("tcp", 5432), ("tcp", 443)}
    assert all(
        rule.inputs.get("referencedSecurityGroupId") == "sg-nodes" for rule in _made().of_type(EGRESS) if rule.inputs["fromPort"] != 443
    )


def test_what_they_reach_on_shared_nodes_lets_them_in() -> None:
    let_in = {rule.inputs["fromPort"] for rule in _made().of_type(INGRESS) if rule.inputs["securityGroupId"] == "sg-nodes"}
    assert let_in == {53, 5432}


def test_only_kubelets_reach_them() -> None:
    graph = _made()
    group = graph.one("aws:ec2/securityGroup:SecurityGroup").answered["id"]
    own = [rule.inputs for rule in graph.of_type(INGRESS) if rule.inputs["securityGroupId"] == group]
    assert [rule["referencedSecurityGroupId"] for rule in own] == ["sg-nodes"]


def test_all_pods_of_the_namespace_are_in_it() -> None:
    policy = _made().named("tenant-acme-firewall-pods").inputs
    assert policy["metadata"]["namespace"] == "tenant-acme" and policy["spec"]["podSelector"] == {}
    assert len(policy["spec"]["securityGroups"]["groupIds"]) == 1
