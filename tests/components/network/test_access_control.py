import pytest
from pulumi_aws.ec2.vpc import Vpc

from components.network.access_control import AccessControl, AccessControlArgs
from components.network.access_rules import ALL, ICMP, TCP, AccessRules, Rule
from components.network.subnet_plan import SubnetTier
from tests.components.network.made import computed
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

RULES = AccessRules(
    ingress=(Rule(protocol=ALL, cidr="10.0.0.0/17"), Rule(protocol=ICMP, cidr="0.0.0.0/0", icmp=(3, 4))),
    egress=(Rule(protocol=TCP, cidr="0.0.0.0/0", ports=(1024, 65535)),),
)
NOTHING = AccessRules(ingress=(), egress=())


@pytest.fixture(scope="module")
def graph() -> Graph:
    def program() -> AccessControl:
        args = AccessControlArgs(
            vpc=Vpc("vpc"),
            subnet_ids={SubnetTier.PRIVATE: ["subnet-a", "subnet-b"], SubnetTier.ISOLATED: ["subnet-c"]},
            rules={SubnetTier.PRIVATE: RULES, SubnetTier.ISOLATED: NOTHING},
        )
        return AccessControl("access", a_context(), args)

    return record(program, computed=computed)


def test_rules_become_entries_that_aws_keeps_as_they_are_written(graph: Graph) -> None:
    acl = graph.named("access-private").inputs
    assert acl["ingress"] == [
        {"ruleNo": 100, "action": "allow", "protocol": "-1", "cidrBlock": "10.0.0.0/17", "fromPort": 0, "toPort": 0},
        {
            "ruleNo": 110,
            "action": "allow",
            "protocol": "1",
            "cidrBlock": "0.0.0.0/0",
            "fromPort": 0,
            "toPort": 0,
            "icmpType": 3,
            "icmpCode": 4,
        },
    ]
    assert acl["egress"] == [
        {"ruleNo": 100, "action": "allow", "protocol": "6", "cidrBlock": "0.0.0.0/0", "fromPort": 1024, "toPort": 65535}
    ]


def test_every_tier_has_its_own_network_acl_around_its_subnets(graph: Graph) -> None:
    assert graph.named("access-private").inputs["subnetIds"] == ["subnet-a", "subnet-b"]
    assert graph.named("access-isolated").inputs["subnetIds"] == ["subnet-c"]
    assert graph.named("access-isolated").inputs["ingress"] == []


def test_the_defaults_of_the_vpc_let_nothing_through(graph: Graph) -> None:
    group = graph.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs
    acl = graph.one("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl").inputs
    table = graph.one("aws:ec2/defaultRouteTable:DefaultRouteTable").inputs
    assert (group["ingress"], group["egress"], group["vpcId"]) == ([], [], "vpc-id")
    assert (acl["ingress"], acl["egress"], acl["defaultNetworkAclId"]) == ([], [], "default-acl")
    assert (table["routes"], table["defaultRouteTableId"]) == ([], "default-table")


def test_subnets_that_pass_through_the_default_network_acl_are_no_change(graph: Graph) -> None:
    assert graph.one("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl").ignore_changes == ("subnetIds",)
