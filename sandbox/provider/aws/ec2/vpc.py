"""VPC."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2.common import lacking, network_failures, retag, tagged, where
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties

_IPAM = ("ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6NetmaskLength", "ipv6CidrBlock")
# (wire name, API attribute, what a new VPC has); DNS support first, because host names need it.
_ATTRIBUTES = (
    ("enableDnsSupport", "EnableDnsSupport", True),
    ("enableDnsHostnames", "EnableDnsHostnames", False),
    ("enableNetworkAddressUsageMetrics", "EnableNetworkAddressUsageMetrics", False),
)


class Vpc(Handler):
    """A VPC with what AWS makes along with it: main route table, default network ACL, default security group."""

    token = "aws:ec2/vpc:Vpc"
    create_only = frozenset({"cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"})
    defaults = {"instanceTenancy": "default", "enableDnsSupport": True, "assignGeneratedIpv6CidrBlock": False}
    volatile = frozenset({"ipv6AssociationId", "ipv6CidrBlock"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures = lacking(inputs, dict.fromkeys(_IPAM, "address pools (IPAM)"))
        group = inputs.get("ipv6CidrBlockNetworkBorderGroup")
        if group not in (None, "", call.region, UNKNOWN):
            failures += lacking(inputs, {"ipv6CidrBlockNetworkBorderGroup": "network border group but the region's own"})
        if not failures and not inputs.get("cidrBlock"):
            failures.append(Failure("cidrBlock", "required: an IPv4 network of /16 to /28"))
        return failures + network_failures("cidrBlock", inputs.get("cidrBlock"), smallest=28, largest=16)

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        # AWS lets a VPC go from dedicated to shared hardware, never back.
        return path == "instanceTenancy" and new.get("instanceTenancy") not in (None, "default")

    def preview(self, call: Call, inputs: Properties) -> Properties:
        known = {"ownerId": call.account, **{wire: inputs.get(wire, initial) for wire, _, initial in _ATTRIBUTES}}
        if not inputs.get("assignGeneratedIpv6CidrBlock"):
            known |= {"ipv6AssociationId": "", "ipv6CidrBlock": "", "ipv6CidrBlockNetworkBorderGroup": ""}
        return known

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        ec2 = call.client("ec2")
        vpc = ec2.create_vpc(
            CidrBlock=inputs["cidrBlock"],
            InstanceTenancy=inputs["instanceTenancy"],
            AmazonProvidedIpv6CidrBlock=inputs["assignGeneratedIpv6CidrBlock"],
            **tagged("vpc", inputs["tagsAll"]),
        )["Vpc"]
        self._switch(ec2, vpc["VpcId"], {wire: initial for wire, _, initial in _ATTRIBUTES}, inputs)
        return vpc["VpcId"], self._made_along(call, vpc) | self._ipv6(call, vpc) | self._attributes(inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        ec2 = call.client("ec2")
        vpc = ec2.describe_vpcs(VpcIds=[resource_id])["Vpcs"][0]
        return {
            **self._made_along(call, vpc),
            **self._ipv6(call, vpc),
            **{wire: ec2.describe_vpc_attribute(VpcId=resource_id, Attribute=wire)[api]["Value"] for wire, api, _ in _ATTRIBUTES},
            "cidrBlock": vpc["CidrBlock"],
            "instanceTenancy": vpc["InstanceTenancy"],
            "assignGeneratedIpv6CidrBlock": bool(_ipv6_association(vpc)),
            "tags": tagging.mapping(vpc["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ec2 = call.client("ec2")
        self._switch(ec2, resource_id, old, new)
        if old.get("instanceTenancy") != new["instanceTenancy"]:
            ec2.modify_vpc_tenancy(VpcId=resource_id, InstanceTenancy=new["instanceTenancy"])
        vpc = self._with_ipv6(ec2, resource_id, new["assignGeneratedIpv6CidrBlock"])
        retag(call, resource_id, old, new)
        return self._ipv6(call, vpc) | self._attributes(new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ec2").delete_vpc(VpcId=resource_id)

    def _switch(self, ec2: Any, vpc_id: str, old: Properties, new: Properties) -> None:
        for wire, api, initial in _ATTRIBUTES:
            if new.get(wire, initial) != old.get(wire, initial):
                ec2.modify_vpc_attribute(VpcId=vpc_id, **{api: {"Value": new.get(wire, initial)}})

    def _with_ipv6(self, ec2: Any, vpc_id: str, wanted: bool) -> Properties:
        """The VPC as described once it has, or has not, an IPv6 network of Amazon's."""
        vpc: Properties = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]
        held = _ipv6_association(vpc)
        if bool(held) == wanted:
            return vpc
        if held:
            ec2.disassociate_vpc_cidr_block(AssociationId=held["AssociationId"])
        else:
            ec2.associate_vpc_cidr_block(VpcId=vpc_id, AmazonProvidedIpv6CidrBlock=True)
        return dict(ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0])

    def _attributes(self, inputs: Properties) -> Properties:
        return {wire: inputs.get(wire, initial) for wire, _, initial in _ATTRIBUTES}

    def _made_along(self, call: Call, vpc: Properties) -> Properties:
        ec2, vpc_id = call.client("ec2"), vpc["VpcId"]
        table = ec2.describe_route_tables(**where(vpc_id=vpc_id, association__main="true"))["RouteTables"][0]["RouteTableId"]
        acl = ec2.describe_network_acls(**where(vpc_id=vpc_id, default="true"))["NetworkAcls"][0]["NetworkAclId"]
        group = ec2.describe_security_groups(**where(vpc_id=vpc_id, group_name="default"))["SecurityGroups"][0]["GroupId"]
        return {
            "arn": call.arn("ec2", f"vpc/{vpc_id}"),
            "ownerId": vpc["OwnerId"],
            "dhcpOptionsId": vpc["DhcpOptionsId"],
            "mainRouteTableId": table,
            "defaultRouteTableId": table,
            "defaultNetworkAclId": acl,
            "defaultSecurityGroupId": group,
        }

    def _ipv6(self, call: Call, vpc: Properties) -> Properties:
        association = _ipv6_association(vpc)
        return {
            "ipv6AssociationId": association.get("AssociationId", ""),
            "ipv6CidrBlock": association.get("Ipv6CidrBlock", ""),
            "ipv6CidrBlockNetworkBorderGroup": call.region if association else "",
        }


def _ipv6_association(vpc: Properties) -> Properties:
    """The VPC's IPv6 network as the cloud describes it; empty when it has none."""
    held: list[Properties] = [
        item for item in vpc.get("Ipv6CidrBlockAssociationSet", []) if item["Ipv6CidrBlockState"]["State"] == "associated"
    ]
    return held[0] if held else {}
