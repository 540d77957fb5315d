"""Internet gateways, elastic addresses and NAT gateways against the emulated cloud."""

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.ec2.kit import NO_SUBNET, OTHER_TAGS, TAGS, a_subnet, a_vpc, tags_of

GATEWAY = "aws:ec2/internetGateway:InternetGateway"
ADDRESS = "aws:ec2/eip:Eip"
NAT = "aws:ec2/natGateway:NatGateway"


def attachments(life: Life) -> list[str]:
    gateway = life.boto("ec2").describe_internet_gateways(InternetGatewayIds=[life.id])["InternetGateways"][0]
    return [attachment["VpcId"] for attachment in gateway["Attachments"]]


def test_an_internet_gateway_lives_as_declared(workbench: Workbench) -> None:
    vpc, other = a_vpc(workbench).id, a_vpc(workbench, cidrBlock="10.2.0.0/16").id
    life = workbench.life(GATEWAY)
    assert life.preview(vpcId=vpc)["ownerId"] == "123456789012"
    life.create(vpcId=vpc, tags=TAGS)
    assert attachments(life) == [vpc]
    assert tags_of(life) == TAGS
    assert life.outputs["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:internet-gateway/{life.id}"
    assert life.refresh() == []

    life.update(vpcId=other, tags=OTHER_TAGS)
    assert attachments(life) == [other]
    assert tags_of(life) == OTHER_TAGS

    life.delete()
    assert life.gone()
    assert life.boto("ec2").describe_internet_gateways()["InternetGateways"] == []


def test_an_internet_gateway_detached_elsewhere_shows_as_drift(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(GATEWAY, vpcId=vpc)
    life.boto("ec2").detach_internet_gateway(InternetGatewayId=life.id, VpcId=vpc)
    assert [change.path for change in life.refresh()] == ["vpcId"]
    life.update(vpcId=vpc)
    assert attachments(life) == [vpc]


def test_an_internet_gateway_can_be_imported(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    inputs, _ = workbench.made(GATEWAY, vpcId=vpc, tags=TAGS).imported()
    assert (inputs["vpcId"], inputs["tags"]) == (vpc, TAGS)


def test_an_address_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(ADDRESS)
    promised = life.preview(domain="vpc")
    assert promised["publicIp"] is UNKNOWN
    assert promised["associationId"] == ""
    life.create(domain="vpc", tags=TAGS)
    told = life.boto("ec2").describe_addresses(AllocationIds=[life.id])["Addresses"][0]
    assert told["PublicIp"] == life.outputs["publicIp"]
    assert life.outputs["publicDns"] == f"ec2-{told['PublicIp'].replace('.', '-')}.eu-west-1.compute.amazonaws.com"
    assert tags_of(life) == TAGS
    assert life.refresh() == []
    life.update(domain="vpc", tags=OTHER_TAGS)
    assert tags_of(life) == OTHER_TAGS
    life.delete()
    assert life.gone()
    assert life.boto("ec2").describe_addresses()["Addresses"] == []


def test_an_address_follows_its_network_interface(workbench: Workbench) -> None:
    subnet = a_subnet(workbench, a_vpc(workbench).id)
    ec2 = subnet.boto("ec2")
    first, second = (ec2.create_network_interface(SubnetId=subnet.id)["NetworkInterface"] for _ in range(2))
    life = workbench.made(ADDRESS, networkInterface=first["NetworkInterfaceId"])
    assert life.outputs["privateIp"] == first["PrivateIpAddress"]
    assert life.refresh() == []
    life.update(networkInterface=second["NetworkInterfaceId"])
    assert ec2.describe_addresses(AllocationIds=[life.id])["Addresses"][0]["NetworkInterfaceId"] == second["NetworkInterfaceId"]
    life.update(networkInterface=second["NetworkInterfaceId"], associateWithPrivateIp="10.1.0.77")
    assert ec2.describe_addresses(AllocationIds=[life.id])["Addresses"][0]["PrivateIpAddress"] == "10.1.0.77"
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_an_address_keeps_its_nat_gateway_through_an_update(workbench: Workbench) -> None:
    address = workbench.made(ADDRESS, tags=TAGS)
    nat = workbench.made(NAT, allocationId=address.id, subnetId=a_subnet(workbench, a_vpc(workbench).id).id)
    assert address.refresh() == []
    address.update(tags=OTHER_TAGS)
    assert address.outputs["networkInterface"] == nat.outputs["networkInterfaceId"]


def test_an_address_can_be_imported(workbench: Workbench) -> None:
    inputs, outputs = workbench.made(ADDRESS, domain="vpc", tags=TAGS).imported()
    assert (inputs["domain"], inputs["tags"]) == ("vpc", TAGS)
    assert outputs["allocationId"].startswith("eipalloc-")


def test_a_chosen_address_replaces(workbench: Workbench) -> None:
    life = workbench.made(ADDRESS, domain="vpc")
    assert life.replaced_by(domain="vpc", address="203.0.113.7") == {"address"}


def a_nat_gateway(workbench: Workbench) -> tuple[Life, Life, str]:
    """(NAT gateway, its address, its subnet)."""
    subnet = a_subnet(workbench, a_vpc(workbench).id).id
    address = workbench.made(ADDRESS)
    return workbench.made(NAT, allocationId=address.id, subnetId=subnet, tags=TAGS), address, subnet


def test_a_nat_gateway_lives_as_declared(workbench: Workbench) -> None:
    life, address, subnet = a_nat_gateway(workbench)
    ec2 = life.boto("ec2")
    told = ec2.describe_nat_gateways(NatGatewayIds=[life.id])["NatGateways"][0]
    assert (told["SubnetId"], told["ConnectivityType"]) == (subnet, "public")
    assert told["NatGatewayAddresses"][0]["AllocationId"] == address.id
    assert life.outputs["publicIp"] == address.outputs["publicIp"]
    assert life.outputs["availabilityMode"] == "zonal"
    assert tags_of(life) == TAGS
    assert life.refresh() == []
    life.update(allocationId=address.id, subnetId=subnet, tags=OTHER_TAGS)
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []


def test_a_deleted_nat_gateway_lets_go_of_address_and_interface(workbench: Workbench) -> None:
    life, address, _ = a_nat_gateway(workbench)
    life.delete()
    assert life.gone()
    ec2 = life.boto("ec2")
    assert "AssociationId" not in ec2.describe_addresses(AllocationIds=[address.id])["Addresses"][0]
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_a_nat_gateway_of_another_subnet_or_address_is_another(workbench: Workbench) -> None:
    life, address, subnet = a_nat_gateway(workbench)
    assert life.replaced_by(allocationId="eipalloc-0123456789abcdef0", subnetId=subnet) == {"allocationId"}
    assert life.replaced_by(allocationId=address.id, subnetId=NO_SUBNET) == {"subnetId"}
    assert life.replaced_by(subnetId=subnet, connectivityType="private") == {"allocationId", "connectivityType"}


def test_a_private_nat_gateway_has_no_address(workbench: Workbench) -> None:
    subnet = a_subnet(workbench, a_vpc(workbench).id).id
    life = workbench.made(NAT, subnetId=subnet, connectivityType="private")
    assert life.outputs["publicIp"] == ""
    assert life.boto("ec2").describe_nat_gateways(NatGatewayIds=[life.id])["NatGateways"][0]["ConnectivityType"] == "private"
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_secondary_addresses_of_a_public_nat_gateway_change_in_place(workbench: Workbench) -> None:
    subnet = a_subnet(workbench, a_vpc(workbench).id).id
    first, second, third = (workbench.made(ADDRESS, logical=name).id for name in ("first", "second", "third"))
    life = workbench.made(NAT, allocationId=first, subnetId=subnet, secondaryAllocationIds=[second])
    assert len(life.outputs["secondaryPrivateIpAddresses"]) == 1
    assert life.refresh() == []
    life.update(allocationId=first, subnetId=subnet, secondaryAllocationIds=[third])
    ec2 = life.boto("ec2")
    told = ec2.describe_nat_gateways(NatGatewayIds=[life.id])["NatGateways"][0]["NatGatewayAddresses"]
    assert [item["AllocationId"] for item in told] == [first, third]
    assert "AssociationId" not in ec2.describe_addresses(AllocationIds=[second])["Addresses"][0]
    assert life.refresh() == []


def test_a_private_nat_gateway_has_the_addresses_it_was_told(workbench: Workbench) -> None:
    subnet = a_subnet(workbench, a_vpc(workbench).id).id
    declared: dict[str, str] = {"subnetId": subnet, "connectivityType": "private", "privateIp": "10.1.0.10"}
    life = workbench.made(NAT, **declared, secondaryPrivateIpAddresses=["10.1.0.11"])
    assert life.refresh() == []
    life.update(**declared, secondaryPrivateIpAddresses=["10.1.0.12", "10.1.0.13"])
    told = life.boto("ec2").describe_nat_gateways(NatGatewayIds=[life.id])["NatGateways"][0]["NatGatewayAddresses"]
    assert [item["PrivateIp"] for item in told] == ["10.1.0.10", "10.1.0.12", "10.1.0.13"]
    assert life.refresh() == []


def test_a_nat_gateways_own_address_is_in_its_subnet(workbench: Workbench) -> None:
    life, _, _ = a_nat_gateway(workbench)
    assert life.outputs["privateIp"].startswith("10.1.0.")


def test_a_nat_gateway_can_be_imported(workbench: Workbench) -> None:
    life, address, subnet = a_nat_gateway(workbench)
    inputs, _ = life.imported()
    assert (inputs["allocationId"], inputs["subnetId"], inputs["tags"]) == (address.id, subnet, TAGS)


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"subnetId": NO_SUBNET}, "allocationId"),
        ({"allocationId": "eipalloc-0123456789abcdef0"}, "subnetId"),
        ({"subnetId": NO_SUBNET, "allocationId": "eipalloc-0123456789abcdef0", "connectivityType": "private"}, "allocationId"),
        ({"subnetId": NO_SUBNET, "connectivityType": "both"}, "connectivityType"),
        ({"availabilityMode": "regional"}, "availabilityMode"),
    ],
)
def test_a_nat_gateway_that_cannot_be_is_refused(workbench: Workbench, inputs: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(NAT).check(**inputs)
    assert path in {failure.path for failure in refused.value.failures}


def test_an_address_of_a_pool_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="IPAM"):
        workbench.life(ADDRESS).check(ipamPoolId="ipam-pool-0123456789abcdef0")
