"""Subnets against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench
from tests.sandbox.provider.aws.ec2.kit import NO_VPC, OTHER_TAGS, SUBNET, TAGS, a_subnet, a_vpc, tags_of

PLACE = {"cidrBlock": "10.1.4.0/22", "availabilityZone": "eu-west-1b"}


def test_a_subnet_lives_as_declared(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.life(SUBNET)
    life.create(vpcId=vpc, **PLACE, mapPublicIpOnLaunch=True, enableResourceNameDnsARecordOnLaunch=True, tags=TAGS)
    ec2 = life.boto("ec2")
    subnet = ec2.describe_subnets(SubnetIds=[life.id])["Subnets"][0]
    assert (subnet["CidrBlock"], subnet["AvailabilityZone"], subnet["VpcId"]) == ("10.1.4.0/22", "eu-west-1b", vpc)
    assert subnet["MapPublicIpOnLaunch"] is True
    assert subnet["PrivateDnsNameOptionsOnLaunch"]["EnableResourceNameDnsARecord"] is True
    assert life.outputs["arn"] == subnet["SubnetArn"]
    assert life.outputs["availabilityZoneId"] == subnet["AvailabilityZoneId"]
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    life.update(vpcId=vpc, **PLACE, tags=OTHER_TAGS)
    subnet = ec2.describe_subnets(SubnetIds=[life.id])["Subnets"][0]
    assert subnet["MapPublicIpOnLaunch"] is False
    assert subnet["PrivateDnsNameOptionsOnLaunch"]["EnableResourceNameDnsARecord"] is False
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_no_subnet_gives_public_addresses_unless_told(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    ec2 = vpc.boto("ec2")
    # The emulated cloud would let the first subnet of a zone do so.
    for subnet in ec2.describe_subnets()["Subnets"]:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    made = [a_subnet(workbench, vpc.id, third, zone) for third, zone in enumerate("abc")]
    told = ec2.describe_subnets(SubnetIds=[life.id for life in made])["Subnets"]
    assert [subnet["MapPublicIpOnLaunch"] for subnet in told] == [False, False, False]


def test_a_deleted_subnet_lets_go_of_its_network_acl(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    life = a_subnet(workbench, vpc.id)
    life.delete()
    acl = life.boto("ec2").describe_network_acls(NetworkAclIds=[vpc.outputs["defaultNetworkAclId"]])["NetworkAcls"][0]
    assert acl["Associations"] == []


def test_an_ipv6_network_comes_and_goes_in_place(workbench: Workbench) -> None:
    vpc = a_vpc(workbench, assignGeneratedIpv6CidrBlock=True)
    network = vpc.outputs["ipv6CidrBlock"].replace("/56", "/64")
    life = a_subnet(workbench, vpc.id)
    place = dict(life.inputs)
    life.update(**place, ipv6CidrBlock=network)
    assert life.outputs["ipv6CidrBlock"] == network
    assert life.refresh() == []
    life.update(**place)
    assert life.outputs["ipv6CidrBlock"] == life.outputs["ipv6CidrBlockAssociationId"] == ""


def test_names_of_a_subnets_instances_are_held(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    flags: dict[str, Any] = {"enableDns64": True, "enableResourceNameDnsAaaaRecordOnLaunch": True}
    life = workbench.made(SUBNET, vpcId=vpc, **PLACE, **flags, privateDnsHostnameTypeOnLaunch="resource-name")
    subnet = life.boto("ec2").describe_subnets(SubnetIds=[life.id])["Subnets"][0]
    assert subnet["EnableDns64"] is True
    assert subnet["PrivateDnsNameOptionsOnLaunch"] == {
        "HostnameType": "resource-name",
        "EnableResourceNameDnsARecord": False,
        "EnableResourceNameDnsAAAARecord": True,
    }
    assert life.refresh() == []
    life.boto("ec2").modify_subnet_attribute(SubnetId=life.id, PrivateDnsHostnameTypeOnLaunch="ip-name")
    assert [change.path for change in life.refresh()] == ["privateDnsHostnameTypeOnLaunch"]


def test_another_place_replaces_a_subnet(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(SUBNET, vpcId=vpc, **PLACE)
    assert life.replaced_by(vpcId=NO_VPC, **PLACE) == {"vpcId"}
    assert life.replaced_by(vpcId=vpc, cidrBlock="10.1.8.0/22", availabilityZone="eu-west-1c") == {"cidrBlock", "availabilityZone"}


def test_drift_of_a_subnet_shows_on_refresh(workbench: Workbench) -> None:
    life = a_subnet(workbench, a_vpc(workbench).id)
    life.boto("ec2").modify_subnet_attribute(SubnetId=life.id, MapPublicIpOnLaunch={"Value": True})
    assert [change.path for change in life.refresh()] == ["mapPublicIpOnLaunch"]


def test_a_subnet_can_be_imported(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(SUBNET, vpcId=vpc, **PLACE, tags=TAGS)
    inputs, _ = life.imported()
    assert {name: inputs[name] for name in ("vpcId", "tags", *PLACE)} == {"vpcId": vpc, "tags": TAGS, **PLACE}


def test_a_subnet_outside_of_its_vpc_fails(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    with pytest.raises(Exception, match=r"InvalidSubnet.Range"):
        workbench.made(SUBNET, vpcId=vpc, cidrBlock="10.2.0.0/24", availabilityZone="eu-west-1a")


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"availabilityZone": "us-east-1a", "cidrBlock": "10.1.0.0/24"}, "availabilityZone"),
        ({"availabilityZone": "eu-west-1a", "availabilityZoneId": "euw1-az1", "cidrBlock": "10.1.0.0/24"}, "availabilityZoneId"),
        ({"availabilityZone": "eu-west-1a"}, "cidrBlock"),
        ({"cidrBlock": "10.1.0.1/24"}, "cidrBlock"),
        ({"cidrBlock": "10.1.0.0/30"}, "cidrBlock"),
        ({"cidrBlock": "10.1.0.0/24", "outpostArn": "arn:aws:outposts:eu-west-1:123456789012:outpost/op-1"}, "outpostArn"),
        ({"cidrBlock": "10.1.0.0/24", "ipv6CidrBlock": "10.0.0.0/8"}, "ipv6CidrBlock"),
    ],
)
def test_values_that_cannot_be_are_refused(workbench: Workbench, inputs: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(SUBNET).check(vpcId=NO_VPC, **inputs)
    assert path in {failure.path for failure in refused.value.failures}
