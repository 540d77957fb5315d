from typing import Any

import pytest

from components.cluster.node_security_group import NodeSecurityGroup, NodeSecurityGroupArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
NODES, PLANE = "firewall-group-id", "control-plane-group"
GIVEN: dict[str, Any] = {
    "vpc_id": "vpc",
    "cluster_name": "x",
    "control_plane_group_id": PLANE,
    "data_cidr": "10.0.144.0/20",
    "internet_ports": (80, 443),
    "data_ports": (5432,),
}


def _firewall(**more: Any) -> Graph:
    return record(lambda: NodeSecurityGroup("firewall", a_context(), NodeSecurityGroupArgs(**(GIVEN | more))))


def _rules(graph: Graph, type_: str, group: str) -> set[tuple[str, str, int | None, int | None]]:
    """Peer, protocol, first and last port of each rule of a security group."""
    return {
        (
            rule.inputs.get("referencedSecurityGroupId") or rule.inputs["cidrIpv4"],
            rule.inputs["ipProtocol"],
            rule.inputs.get("fromPort"),
            rule.inputs.get("toPort"),
        )
        for rule in graph.of_type(type_)
        if rule.inputs["securityGroupId"] == group
    }


def test_only_nodes_and_the_control_plane_come_in() -> None:
    assert _rules(_firewall(), INGRESS, NODES) == {(NODES, "-1", None, None), (PLANE, "tcp", 1024, 65535)}


def test_nodes_go_out_to_each_other_the_control_plane_data_stores_and_the_ports_named_alone() -> None:
    assert _rules(_firewall(), EGRESS, NODES) == {
        (NODES, "-1", None, None),
        (PLANE, "tcp", 443, 443),
        ("10.0.144.0/20", "tcp", 5432, 5432),
        ("0.0.0.0/0", "tcp", 80, 80),
        ("0.0.0.0/0", "tcp", 443, 443),
    }
    assert "egress" not in _firewall().one("aws:ec2/securityGroup:SecurityGroup").inputs


def test_nodes_and_the_clients_named_reach_the_kubernetes_api() -> None:
    graph = _firewall(api_clients={"vpn": "10.200.0.0/22"})
    assert _rules(graph, INGRESS, PLANE) == {(NODES, "tcp", 443, 443), ("10.200.0.0/22", "tcp", 443, 443)}
    assert _rules(_firewall(), INGRESS, PLANE) == {(NODES, "tcp", 443, 443)}


def test_the_load_balancer_controller_finds_the_group_by_its_tag() -> None:
    assert _firewall().one("aws:ec2/securityGroup:SecurityGroup").inputs["tags"]["kubernetes.io/cluster/x"] == "owned"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"internet_ports": (0,)}, r"internet_ports must be different TCP ports of 1 to 65535 \(got \[0\]\)"),
        ({"data_ports": (5432, 5432)}, r"data_ports must be different TCP ports of 1 to 65535 \(got \[5432, 5432\]\)"),
        ({"data_cidr": "here"}, r"data_cidr must be an IPv4 network .*\(got 'here'\)"),
        ({"api_clients": {"vpn": "10.200.0.1/22"}}, r"vpn must be an IPv4 network .*\(got '10.200.0.1/22'\)"),
    ],
)
def test_args_that_cannot_work_are_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NodeSecurityGroupArgs(**(GIVEN | more))
