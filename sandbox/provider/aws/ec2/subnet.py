"""Subnets."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2.common import given, lacking, network6_failures, network_failures, retag, tagged
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import Properties

_LACKING = {
    "ipv4IpamPoolId": "address pools (IPAM)",
    "ipv4NetmaskLength": "address pools (IPAM)",
    "ipv6IpamPoolId": "address pools (IPAM)",
    "ipv6NetmaskLength": "address pools (IPAM)",
    "customerOwnedIpv4Pool": "Outposts",
    "mapCustomerOwnedIpOnLaunch": "Outposts",
    "outpostArn": "Outposts",
    "enableLniAtDeviceIndex": "Outposts",
    "ipv6Native": "subnets without IPv4",
}
# Wire name and API attribute of what is switched after creation.
_SWITCHES = {
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
    "enableDns64": "EnableDns64",
    "enableResourceNameDnsARecordOnLaunch": "EnableResourceNameDnsARecordOnLaunch",
    "enableResourceNameDnsAaaaRecordOnLaunch": "EnableResourceNameDnsAAAARecordOnLaunch",
}


class Subnet(Handler):
    """A subnet in one zone of a VPC."""

    token = "aws:ec2/subnet:Subnet"
    create_only = frozenset({"vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"})
    defaults = {**dict.fromkeys(_SWITCHES, False), "ipv6Native": False}
    volatile = frozenset({"ipv6CidrBlockAssociationId"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures = lacking(inputs, _LACKING)
        if not failures and not inputs.get("cidrBlock"):
            failures.append(Failure("cidrBlock", "required: an IPv4 network of /16 to /28 inside the VPC's"))
        if inputs.get("availabilityZone") and inputs.get("availabilityZoneId"):
            failures.append(Failure("availabilityZoneId", "give either availabilityZone or availabilityZoneId, not both"))
        zone = inputs.get("availabilityZone")
        if isinstance(zone, str) and not zone.startswith(call.region):
            failures.append(Failure("availabilityZone", f"must be a zone of {call.region}, such as {call.region}a (got {zone})"))
        return (
            failures
            + network_failures("cidrBlock", inputs.get("cidrBlock"), smallest=28, largest=16)
            + network6_failures("ipv6CidrBlock", inputs.get("ipv6CidrBlock"))
        )

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"ownerId": call.account, **({} if inputs.get("ipv6CidrBlock") else _NO_IPV6)}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        ec2 = call.client("ec2")
        subnet = ec2.create_subnet(
            VpcId=inputs["vpcId"],
            CidrBlock=inputs["cidrBlock"],
            **given(
                AvailabilityZone=inputs.get("availabilityZone"),
                AvailabilityZoneId=inputs.get("availabilityZoneId"),
                Ipv6CidrBlock=inputs.get("ipv6CidrBlock"),
            ),
            **tagged("subnet", inputs["tagsAll"]),
        )["Subnet"]
        # Said even when it is false: the emulated cloud gives public addresses in the first subnet of a zone.
        self._switch(ec2, subnet["SubnetId"], self._live(subnet), inputs)
        return subnet["SubnetId"], self._computed(subnet) | given(
            privateDnsHostnameTypeOnLaunch=inputs.get("privateDnsHostnameTypeOnLaunch")
        )

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        subnet = call.client("ec2").describe_subnets(SubnetIds=[resource_id])["Subnets"][0]
        return {
            **self._computed(subnet),
            **self._live(subnet),
            "vpcId": subnet["VpcId"],
            "cidrBlock": subnet["CidrBlock"],
            "tags": tagging.mapping(subnet["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ec2 = call.client("ec2")
        subnet = ec2.describe_subnets(SubnetIds=[resource_id])["Subnets"][0]
        wanted, held = new.get("ipv6CidrBlock") or "", _ipv6(subnet)
        if wanted != held["ipv6CidrBlock"]:
            if held["ipv6CidrBlock"]:
                ec2.disassociate_subnet_cidr_block(AssociationId=held["ipv6CidrBlockAssociationId"])
            if wanted:
                ec2.associate_subnet_cidr_block(SubnetId=resource_id, Ipv6CidrBlock=wanted)
        self._switch(ec2, resource_id, old, new)
        retag(call, resource_id, old, new)
        return self._computed(ec2.describe_subnets(SubnetIds=[resource_id])["Subnets"][0])

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ec2").delete_subnet(SubnetId=resource_id)

    def _switch(self, ec2: Any, subnet_id: str, old: Properties, new: Properties) -> None:
        for wire, api in _SWITCHES.items():
            if new[wire] != old.get(wire, False):
                ec2.modify_subnet_attribute(SubnetId=subnet_id, **{api: {"Value": new[wire]}})
        kind = new.get("privateDnsHostnameTypeOnLaunch")
        if kind and kind != old.get("privateDnsHostnameTypeOnLaunch", "ip-name"):
            ec2.modify_subnet_attribute(SubnetId=subnet_id, PrivateDnsHostnameTypeOnLaunch=kind)

    def _live(self, subnet: Properties) -> Properties:
        names = subnet["PrivateDnsNameOptionsOnLaunch"]
        return {
            "mapPublicIpOnLaunch": subnet["MapPublicIpOnLaunch"],
            "assignIpv6AddressOnCreation": subnet["AssignIpv6AddressOnCreation"],
            "enableDns64": subnet["EnableDns64"],
            "enableResourceNameDnsARecordOnLaunch": names["EnableResourceNameDnsARecord"],
            "enableResourceNameDnsAaaaRecordOnLaunch": names["EnableResourceNameDnsAAAARecord"],
        }

    def _computed(self, subnet: Properties) -> Properties:
        return {
            "arn": subnet["SubnetArn"],
            "ownerId": subnet["OwnerId"],
            "availabilityZone": subnet["AvailabilityZone"],
            "availabilityZoneId": subnet["AvailabilityZoneId"],
            "privateDnsHostnameTypeOnLaunch": subnet["PrivateDnsNameOptionsOnLaunch"]["HostnameType"],
            **_ipv6(subnet),
        }


_NO_IPV6 = {"ipv6CidrBlock": "", "ipv6CidrBlockAssociationId": ""}


def _ipv6(subnet: Properties) -> Properties:
    for association in subnet["Ipv6CidrBlockAssociationSet"]:
        return {
            "ipv6CidrBlock": association["Ipv6CidrBlock"],
            "ipv6CidrBlockAssociationId": association["AssociationId"],
        }
    return dict(_NO_IPV6)
