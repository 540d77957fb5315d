"""VPCs against the emulated cloud."""

from functools import partial

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Workbench
from tests.sandbox.provider.aws.ec2.kit import OTHER_TAGS, TAGS, VPC, a_subnet, a_vpc, tags_of


def test_a_vpc_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(VPC)
    promised = life.preview(cidrBlock="10.1.0.0/16", enableDnsHostnames=True)
    assert promised["ownerId"] == "123456789012"
    assert promised["enableDnsSupport"] is True
    assert promised["arn"] is UNKNOWN

    life.create(cidrBlock="10.1.0.0/16", enableDnsHostnames=True, tags=TAGS)
    ec2 = life.boto("ec2")
    vpc = ec2.describe_vpcs(VpcIds=[life.id])["Vpcs"][0]
    assert (vpc["CidrBlock"], vpc["Tags"]) == ("10.1.0.0/16", [{"Key": "owner", "Value": "platform"}])
    for attribute, api in (("enableDnsSupport", "EnableDnsSupport"), ("enableDnsHostnames", "EnableDnsHostnames")):
        assert ec2.describe_vpc_attribute(VpcId=life.id, Attribute=attribute)[api]["Value"] is True
    assert life.outputs["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:vpc/{life.id}"
    assert life.refresh() == []

    life.update(cidrBlock="10.1.0.0/16", enableDnsSupport=False, enableNetworkAddressUsageMetrics=True, tags=OTHER_TAGS)
    assert ec2.describe_vpc_attribute(VpcId=life.id, Attribute="enableDnsSupport")["EnableDnsSupport"]["Value"] is False
    assert ec2.describe_vpc_attribute(VpcId=life.id, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"] is False
    metrics = ec2.describe_vpc_attribute(VpcId=life.id, Attribute="enableNetworkAddressUsageMetrics")
    assert metrics["EnableNetworkAddressUsageMetrics"]["Value"] is True
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []


def test_a_vpc_tells_what_it_came_with(workbench: Workbench) -> None:
    life = a_vpc(workbench)
    ec2, mine = life.boto("ec2"), [{"Name": "vpc-id", "Values": [life.id]}]
    assert [life.outputs["defaultSecurityGroupId"]] == [
        group["GroupId"] for group in ec2.describe_security_groups(Filters=mine)["SecurityGroups"]
    ]
    assert [life.outputs["defaultNetworkAclId"]] == [acl["NetworkAclId"] for acl in ec2.describe_network_acls(Filters=mine)["NetworkAcls"]]
    tables = ec2.describe_route_tables(Filters=mine)["RouteTables"]
    assert [table["RouteTableId"] for table in tables] == [life.outputs["mainRouteTableId"]] == [life.outputs["defaultRouteTableId"]]


def test_a_deleted_vpc_leaves_nothing_behind(workbench: Workbench) -> None:
    life = a_vpc(workbench)
    subnet = a_subnet(workbench, life.id)
    subnet.delete()
    life.delete()
    assert life.gone()
    ec2, mine = life.boto("ec2"), [{"Name": "vpc-id", "Values": [life.id]}]
    assert ec2.describe_network_acls(Filters=mine)["NetworkAcls"] == []
    assert ec2.describe_route_tables(Filters=mine)["RouteTables"] == []
    assert ec2.describe_security_groups(Filters=mine)["SecurityGroups"] == []


def test_a_vpc_with_subnets_is_not_deleted(workbench: Workbench) -> None:
    life = a_vpc(workbench)
    a_subnet(workbench, life.id)
    with pytest.raises(Exception, match="DependencyViolation"):
        life.delete()
    assert not life.gone()


def test_a_vpc_with_gateways_groups_or_acls_is_not_deleted(workbench: Workbench) -> None:
    life = a_vpc(workbench)
    ec2 = life.boto("ec2")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=life.id)
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=life.id)["GroupId"]
    acl = ec2.create_network_acl(VpcId=life.id)["NetworkAcl"]["NetworkAclId"]
    endpoint = ec2.create_vpc_endpoint(VpcId=life.id, ServiceName="com.amazonaws.eu-west-1.s3", VpcEndpointType="Gateway")["VpcEndpoint"]
    for let_go in (
        partial(ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=life.id),
        partial(ec2.delete_security_group, GroupId=group),
        partial(ec2.delete_network_acl, NetworkAclId=acl),
        partial(ec2.delete_vpc_endpoints, VpcEndpointIds=[endpoint["VpcEndpointId"]]),
    ):
        with pytest.raises(Exception, match="DependencyViolation"):
            life.delete()
        let_go()
    life.delete()
    assert life.gone()


def test_an_ipv6_network_comes_and_goes_in_place(workbench: Workbench) -> None:
    life = a_vpc(workbench, assignGeneratedIpv6CidrBlock=True)
    assert life.outputs["ipv6CidrBlock"].endswith("/56")
    assert life.refresh() == []
    life.update(cidrBlock="10.1.0.0/16")
    assert life.outputs["ipv6CidrBlock"] == life.outputs["ipv6AssociationId"] == ""
    life.update(cidrBlock="10.1.0.0/16", assignGeneratedIpv6CidrBlock=True)
    held = life.boto("ec2").describe_vpcs(VpcIds=[life.id])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
    associated = [item["Ipv6CidrBlock"] for item in held if item["Ipv6CidrBlockState"]["State"] == "associated"]
    assert associated == [life.outputs["ipv6CidrBlock"]]


def test_what_cannot_change_in_place_replaces(workbench: Workbench) -> None:
    life = a_vpc(workbench)
    assert life.replaced_by(cidrBlock="10.2.0.0/16") == {"cidrBlock"}
    assert life.replaced_by(cidrBlock="10.1.0.0/16", instanceTenancy="dedicated") == {"instanceTenancy"}


def test_a_vpc_leaves_dedicated_hardware_in_place(workbench: Workbench) -> None:
    life = a_vpc(workbench, instanceTenancy="dedicated")
    life.update(cidrBlock="10.1.0.0/16")
    assert life.boto("ec2").describe_vpcs(VpcIds=[life.id])["Vpcs"][0]["InstanceTenancy"] == "default"


def test_drift_of_a_vpc_shows_on_refresh(workbench: Workbench) -> None:
    life = a_vpc(workbench, enableDnsHostnames=True, tags=TAGS)
    life.boto("ec2").modify_vpc_attribute(VpcId=life.id, EnableDnsHostnames={"Value": False})
    life.boto("ec2").create_tags(Resources=[life.id], Tags=[{"Key": "owner", "Value": "someone"}])
    assert {change.path for change in life.refresh()} == {"enableDnsHostnames", "tags.owner"}


def test_a_vpc_that_was_deleted_elsewhere_is_noticed(workbench: Workbench) -> None:
    life = a_vpc(workbench)
    life.boto("ec2").delete_vpc(VpcId=life.id)
    assert life.gone()


def test_a_vpc_can_be_imported(workbench: Workbench) -> None:
    life = a_vpc(workbench, enableDnsHostnames=True, tags=TAGS)
    inputs, outputs = life.imported()
    assert inputs["cidrBlock"] == "10.1.0.0/16"
    assert inputs["enableDnsHostnames"] is True
    assert inputs["tags"] == TAGS
    assert outputs["defaultSecurityGroupId"] == life.outputs["defaultSecurityGroupId"]


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({}, "cidrBlock"),
        ({"cidrBlock": "10.1.0.0/15"}, "cidrBlock"),
        ({"cidrBlock": "10.1.0.0/29"}, "cidrBlock"),
        ({"cidrBlock": "10.1.0.1/16"}, "cidrBlock"),
        ({"cidrBlock": "ten"}, "cidrBlock"),
        ({"cidrBlock": "10.1.0.0/16", "instanceTenancy": "mine"}, "instanceTenancy"),
        ({"cidrBlock": "10.1.0.0/16", "ipv4IpamPoolId": "ipam-pool-1"}, "ipv4IpamPoolId"),
        ({"cidrBlock": "10.1.0.0/16", "enableDnsSupport": "yes"}, "enableDnsSupport"),
    ],
)
def test_values_that_cannot_be_are_refused(workbench: Workbench, inputs: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(VPC).check(**inputs)
    assert path in {failure.path for failure in refused.value.failures}
