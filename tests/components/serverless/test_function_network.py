"""A function in a network speaks to the named places alone, and nothing connects to it."""

from typing import Any

import pytest

from components._base import Component
from components.serverless.function_network import Egress, FunctionNetwork, security_group
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record


class Owner(Component, token="test:NetworkOwner"):
    def __init__(self, network: FunctionNetwork) -> None:
        super().__init__("worker", a_context())
        security_group(self, "worker", network)
        self.publish()


def _graph() -> Graph:
    places = [
        Egress(to="endpoints", group_id="sg-endpoints"),
        Egress(to="dynamodb", prefix_list_id="pl-1"),
        Egress(to="web", cidr="0.0.0.0/0"),
    ]
    return record(lambda: Owner(FunctionNetwork(vpc_id="vpc-1", subnet_ids=["subnet-a", "subnet-b"], egress=places)))


def test_each_place_has_one_rule_out_and_there_is_no_way_in() -> None:
    graph = _graph()
    rules = {rule.name: rule.inputs for rule in graph.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")}
    assert rules.keys() == {"worker-to-endpoints", "worker-to-dynamodb", "worker-to-web"}
    assert rules["worker-to-endpoints"]["referencedSecurityGroupId"] == "sg-endpoints"
    assert rules["worker-to-dynamodb"]["prefixListId"] == "pl-1"
    assert all((rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 443, 443) for rule in rules.values())
    group = graph.one("aws:ec2/securityGroup:SecurityGroup").inputs
    assert group["vpcId"] == "vpc-1" and not group.get("ingress") and not group.get("egress")
    assert not graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"to": "web"}, r"needs one of cidr, group_id and prefix_list_id \(got none\)"),
        ({"to": "web", "cidr": "0.0.0.0/0", "group_id": "sg-1"}, r"\(got cidr, group_id\)"),
        ({"to": "The Web", "cidr": "0.0.0.0/0"}, "lower-case words"),
    ],
)
def test_a_place_that_is_none_or_two_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Egress(**given)


def test_a_network_without_subnets_or_with_two_places_of_one_name_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one subnet"):
        FunctionNetwork(vpc_id="vpc-1", subnet_ids=[], egress=[])
    twice = [Egress(to="web", cidr="0.0.0.0/0")] * 2
    with pytest.raises(ValueError, match=r"different names \(got web, web\)"):
        FunctionNetwork(vpc_id="vpc-1", subnet_ids=["subnet-a"], egress=twice)
