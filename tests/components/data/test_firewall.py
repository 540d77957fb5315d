from components._base import Component
from components.data.firewall import clients_only
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record


class Store(Component, token="test:Store"):
    def __init__(self, clients: dict[str, str]) -> None:
        super().__init__("store", a_context())
        clients_only(self, "store", vpc_id="vpc-1", port=5432, clients=clients)
        self.publish()


def _graph(clients: dict[str, str]) -> Graph:
    return record(lambda: Store(clients))


def test_each_client_gets_one_rule_on_the_one_port() -> None:
    graph = _graph({"nodes": "sg-nodes", "vpn": "sg-vpn"})
    rules = graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert {(rule.name, rule.inputs["referencedSecurityGroupId"]) for rule in rules} == {
        ("store-access-from-nodes", "sg-nodes"),
        ("store-access-from-vpn", "sg-vpn"),
    }
    for rule in rules:
        assert (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == ("tcp", 5432, 5432)
        assert rule.inputs["securityGroupId"] == "store-access-id"


def test_no_address_range_and_no_way_out() -> None:
    graph = _graph({"nodes": "sg-nodes"})
    for rule in graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"):
        assert not rule.inputs.keys() & {"cidrIpv4", "cidrIpv6", "prefixListId"}
    group = graph.one("aws:ec2/securityGroup:SecurityGroup")
    assert not group.inputs.keys() & {"ingress", "egress"}
    assert not graph.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def test_without_clients_nothing_is_open() -> None:
    assert not _graph({}).of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
