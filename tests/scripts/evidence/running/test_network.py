"""What somebody changes of networks past the program: addresses, ways out, and rules."""

import json

import pytest

from policies.evidence.layers import Kind
from policies.graph import Graph
from policies.values import ABSENT
from scripts.evidence.running.cloud import Cloud
from scripts.evidence.running.layer import running
from scripts.evidence.sources import graph_of
from tests.kit.provider import Workbench
from tests.scripts.evidence.running.piece import REGION, TAGS, Estate

TABLE = "aws:ec2/routeTable:RouteTable"
GROUP = "aws:ec2/securityGroup:SecurityGroup"


@pytest.fixture
def estate(workbench: Workbench) -> Estate:
    made = Estate(workbench)
    vpc = made.make("aws:ec2/vpc:Vpc", "vpc", cidrBlock="10.0.0.0/16", tags=TAGS).id
    out = made.make("aws:ec2/internetGateway:InternetGateway", "out", vpcId=vpc, tags=TAGS).id
    made.make(
        "aws:ec2/subnet:Subnet",
        "inside",
        vpcId=vpc,
        cidrBlock="10.0.1.0/24",
        availabilityZone=f"{REGION}a",
        mapPublicIpOnLaunch=False,
        tags=TAGS,
    )
    public = made.make(TABLE, "public", vpcId=vpc, tags=TAGS).id
    made.make("aws:ec2/route:Route", "public-out", routeTableId=public, destinationCidrBlock="0.0.0.0/0", gatewayId=out)
    inside = made.make(TABLE, "inside-table", vpcId=vpc, tags=TAGS).id
    subnet = made.id_of("inside")
    made.make("aws:ec2/routeTableAssociation:RouteTableAssociation", "inside-way", subnetId=subnet, routeTableId=inside)
    first = made.make(GROUP, "first", vpcId=vpc, description="first", tags=TAGS).id
    made.make(GROUP, "second", vpcId=vpc, description="second", tags=TAGS)
    rule = {"securityGroupId": first, "ipProtocol": "-1", "cidrIpv4": "10.0.0.0/16", "tags": TAGS}
    made.make("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "first-out", **rule)
    return made


def live(estate: Estate) -> Graph:
    return running(graph_of(json.loads(json.dumps(estate.state())), REGION), Cloud(estate.boto))[0]


def test_a_network_as_it_was_deployed_has_no_rule_and_no_route_but_its_own(estate: Estate) -> None:
    graph = live(estate)
    assert not estate.drift().found and len(graph.resources) == len(estate.lives) + 1
    assert all(table.look("routes") is ABSENT for table in graph.of(TABLE))
    assert all(group.look(way) is ABSENT for group in graph.of(GROUP) for way in ("ingress", "egress"))


def test_a_public_address_by_hand_is_found(estate: Estate) -> None:
    estate.boto("ec2").modify_subnet_attribute(SubnetId=estate.id_of("inside"), MapPublicIpOnLaunch={"Value": True})
    (found,) = [each for each in estate.drift().found if each.control == "NET-07"]
    assert found.kind is Kind.DRIFT and found.urn.endswith("::inside")


def test_a_way_out_by_hand_stands_in_its_table_and_one_that_was_changed_leads_elsewhere(estate: Estate) -> None:
    ec2, out = estate.boto("ec2"), estate.id_of("out")
    ec2.create_route(RouteTableId=estate.id_of("inside-table"), DestinationCidrBlock="0.0.0.0/0", GatewayId=out)
    graph = live(estate)
    assert {table.name: table.look("routes") for table in graph.of(TABLE)} == {
        "public": ABSENT,
        "inside-table": [{"cidrBlock": "0.0.0.0/0", "gatewayId": out}],
    }
    ec2.delete_route(RouteTableId=estate.id_of("public"), DestinationCidrBlock="0.0.0.0/0")
    assert not live(estate).of("aws:ec2/route:Route"), "a route that was deleted is gone"


def test_rules_by_hand_stand_in_their_group_as_a_program_would_write_them(estate: Estate) -> None:
    ec2, first, second = estate.boto("ec2"), estate.id_of("first"), estate.id_of("second")
    rules = [
        {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "UserIdGroupPairs": [{"GroupId": second}, {"GroupId": first}]},
    ]
    ec2.authorize_security_group_ingress(GroupId=first, IpPermissions=rules)
    (group,) = [each for each in live(estate).of(GROUP) if each.name == "first"]
    assert sorted(group.look("ingress"), key=str) == sorted(
        [
            {"protocol": "-1", "fromPort": 0, "toPort": 0, "ipv6CidrBlocks": ["::/0"]},
            {"protocol": "tcp", "fromPort": 22, "toPort": 23, "securityGroups": [second]},
            {"protocol": "tcp", "fromPort": 22, "toPort": 23, "self": True},
        ],
        key=str,
    )
    assert group.look("egress") is ABSENT, "the rule that a resource says is not said twice"
