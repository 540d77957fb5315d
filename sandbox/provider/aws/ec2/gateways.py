"""The ways out of a VPC: internet gateways, elastic addresses, NAT gateways."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2.common import given, lacking, retag, tagged
from sandbox.provider.errors import Failure, already_gone
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties


class InternetGateway(Handler):
    """An internet gateway and its attachment to a VPC."""

    token = "aws:ec2/internetGateway:InternetGateway"

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"ownerId": call.account, "vpcId": inputs.get("vpcId", "")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        ec2 = call.client("ec2")
        gateway = ec2.create_internet_gateway(**tagged("internet-gateway", inputs["tagsAll"]))["InternetGateway"]
        gateway_id = gateway["InternetGatewayId"]
        if inputs.get("vpcId"):
            ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=inputs["vpcId"])
        return gateway_id, {"arn": self._arn(call, gateway_id), "ownerId": gateway["OwnerId"], "vpcId": inputs.get("vpcId", "")}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        gateway = self._describe(call, resource_id)
        return {
            "arn": self._arn(call, resource_id),
            "ownerId": gateway["OwnerId"],
            "vpcId": self._vpc(gateway),
            "tags": tagging.mapping(gateway["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        attached, wanted = self._vpc(self._describe(call, resource_id)), new.get("vpcId", "")
        if attached != wanted:
            ec2 = call.client("ec2")
            if attached:
                ec2.detach_internet_gateway(InternetGatewayId=resource_id, VpcId=attached)
            if wanted:
                ec2.attach_internet_gateway(InternetGatewayId=resource_id, VpcId=wanted)
        retag(call, resource_id, old, new)
        return {"vpcId": wanted}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        ec2, attached = call.client("ec2"), self._vpc(self._describe(call, resource_id))
        if attached:
            ec2.detach_internet_gateway(InternetGatewayId=resource_id, VpcId=attached)
        ec2.delete_internet_gateway(InternetGatewayId=resource_id)

    def _arn(self, call: Call, gateway_id: str) -> str:
        return call.arn("ec2", f"internet-gateway/{gateway_id}")

    def _describe(self, call: Call, gateway_id: str) -> Properties:
        return dict(call.client("ec2").describe_internet_gateways(InternetGatewayIds=[gateway_id])["InternetGateways"][0])

    def _vpc(self, gateway: Properties) -> str:
        return str(gateway["Attachments"][0]["VpcId"]) if gateway["Attachments"] else ""


class Eip(Handler):
    """An elastic IPv4 address and what it is associated with."""

    token = "aws:ec2/eip:Eip"
    create_only = frozenset({"address", "customerOwnedIpv4Pool", "domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool"})
    volatile = frozenset({"associationId", "privateIp", "privateDns"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures = lacking(inputs, {"customerOwnedIpv4Pool": "Outposts", "ipamPoolId": "address pools (IPAM)"})
        if inputs.get("publicIpv4Pool") not in (None, "", "amazon", UNKNOWN):
            failures += lacking(inputs, {"publicIpv4Pool": "address pool but Amazon's"})
        if inputs.get("networkBorderGroup") not in (None, "", call.region, UNKNOWN):
            failures += lacking(inputs, {"networkBorderGroup": "network border group but the region's own"})
        return failures

    def preview(self, call: Call, inputs: Properties) -> Properties:
        known = {"domain": "vpc", "networkBorderGroup": call.region, "publicIpv4Pool": "amazon"} | _CARRIERLESS
        if not (inputs.get("instance") or inputs.get("networkInterface")):
            known |= _UNASSOCIATED
        return known

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        ec2 = call.client("ec2")
        made = ec2.allocate_address(
            Domain=inputs.get("domain", "vpc"), **given(Address=inputs.get("address")), **tagged("elastic-ip", inputs["tagsAll"])
        )
        allocation = made["AllocationId"]
        if not self._target(inputs):
            return allocation, self._outputs(call, made)
        self._associate(ec2, allocation, inputs)
        return allocation, self._outputs(call, self._describe(ec2, allocation))

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        address = self._describe(call.client("ec2"), resource_id)
        chosen = {"associateWithPrivateIp": address.get("PrivateIpAddress", "")} if state.get("associateWithPrivateIp") else {}
        return self._outputs(call, address) | chosen | {"tags": tagging.mapping(address["Tags"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ec2 = call.client("ec2")
        live, target = self._describe(ec2, resource_id), self._target(new)
        # An association that is no longer declared stays, as with the real provider: a NAT gateway may have made it.
        private = given(PrivateIpAddress=new.get("associateWithPrivateIp")) if target else {}
        if any(live.get(api) != wanted for api, wanted in {**target, **private}.items()):
            self._associate(ec2, resource_id, new)
        retag(call, resource_id, old, new)
        return self._outputs(call, self._describe(ec2, resource_id))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        ec2 = call.client("ec2")
        address = self._describe(ec2, resource_id)
        if address.get("AssociationId"):
            with already_gone():
                ec2.disassociate_address(AssociationId=address["AssociationId"])
        ec2.release_address(AllocationId=resource_id)

    def _target(self, inputs: Properties) -> Properties:
        return given(InstanceId=inputs.get("instance"), NetworkInterfaceId=inputs.get("networkInterface"))

    def _associate(self, ec2: Any, allocation: str, inputs: Properties) -> None:
        private = given(PrivateIpAddress=inputs.get("associateWithPrivateIp"))
        ec2.associate_address(AllocationId=allocation, AllowReassociation=True, **self._target(inputs), **private)

    def _describe(self, ec2: Any, allocation: str) -> Properties:
        return dict(ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0])

    def _outputs(self, call: Call, address: Properties) -> Properties:
        private = address.get("PrivateIpAddress", "")
        return _CARRIERLESS | {
            "allocationId": address["AllocationId"],
            "arn": call.arn("ec2", f"elastic-ip/{address['AllocationId']}"),
            "associationId": address.get("AssociationId", ""),
            "domain": address["Domain"],
            "instance": address.get("InstanceId", ""),
            "networkInterface": address.get("NetworkInterfaceId", ""),
            "networkBorderGroup": call.region,
            "privateDns": _private_name(call.region, private) if private else "",
            "privateIp": private,
            "publicDns": _public_name(call.region, address["PublicIp"]),
            "publicIp": address["PublicIp"],
            "publicIpv4Pool": "amazon",
        }


_CARRIERLESS = {"carrierIp": "", "customerOwnedIp": "", "ipamPoolId": "", "ptrRecord": ""}
_UNASSOCIATED = {"associationId": "", "instance": "", "networkInterface": "", "privateIp": "", "privateDns": ""}


def _public_name(region: str, address: str) -> str:
    """The public host name that AWS gives an address (VPC user guide, "DNS attributes for your VPC")."""
    suffix = "compute-1.amazonaws.com" if region == "us-east-1" else f"{region}.compute.amazonaws.com"
    return f"ec2-{address.replace('.', '-')}.{suffix}"


def _private_name(region: str, address: str) -> str:
    suffix = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    return f"ip-{address.replace('.', '-')}.{suffix}"


class NatGateway(Handler):
    """A NAT gateway in one subnet."""

    token = "aws:ec2/natGateway:NatGateway"
    create_only = frozenset(
        {
            "allocationId",
            "availabilityMode",
            "connectivityType",
            "privateIp",
            "secondaryPrivateIpAddressCount",
            "subnetId",
            "vpcId",
        }
    )
    unordered = frozenset({"secondaryAllocationIds", "secondaryPrivateIpAddresses"})
    defaults = {"connectivityType": "public"}
    volatile = frozenset({"secondaryPrivateIpAddresses", "secondaryPrivateIpAddressCount"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        if inputs.get("availabilityMode") == "regional" or inputs.get("availabilityZoneAddresses"):
            name = "availabilityMode" if inputs.get("availabilityMode") else "availabilityZoneAddresses"
            return lacking(inputs, {name: "regional NAT gateways"})
        failures = [] if inputs.get("subnetId") else [Failure("subnetId", "required for a NAT gateway of one zone")]
        kind = inputs["connectivityType"]
        if kind == "public" and not inputs.get("allocationId"):
            failures.append(Failure("allocationId", "required for a public NAT gateway: the allocation id of an elastic address"))
        if kind == "private":
            failures += [
                Failure(name, "a private NAT gateway has no public address: leave this out, or set connectivityType to public")
                for name in ("allocationId", "secondaryAllocationIds")
                if inputs.get(name)
            ]
        if kind == "public" and inputs.get("secondaryPrivateIpAddressCount"):
            failures.append(Failure("secondaryPrivateIpAddressCount", "is for private NAT gateways only"))
        return failures

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return dict(_ZONAL)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        gateway = call.client("ec2").create_nat_gateway(
            SubnetId=inputs["subnetId"],
            ConnectivityType=inputs["connectivityType"],
            **given(
                AllocationId=inputs.get("allocationId"),
                PrivateIpAddress=inputs.get("privateIp"),
                SecondaryAllocationIds=inputs.get("secondaryAllocationIds"),
                SecondaryPrivateIpAddresses=inputs.get("secondaryPrivateIpAddresses"),
                SecondaryPrivateIpAddressCount=inputs.get("secondaryPrivateIpAddressCount"),
            ),
            **tagged("natgateway", inputs["tagsAll"]),
        )["NatGateway"]
        return gateway["NatGatewayId"], self._computed(gateway)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        gateway = self._describe(call, resource_id)
        if gateway is None or gateway["State"] in ("deleting", "deleted"):
            return None
        return {
            **self._computed(gateway),
            "subnetId": gateway["SubnetId"],
            "allocationId": _primary(gateway).get("AllocationId", ""),
            "connectivityType": gateway["ConnectivityType"],
            "tags": tagging.mapping(gateway["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ec2, gateway = call.client("ec2"), dict(self._describe(call, resource_id) or {})
        if new["connectivityType"] == "public":
            self._bring_public(ec2, gateway, new.get("secondaryAllocationIds", []))
        elif "secondaryPrivateIpAddresses" in new:
            self._bring_private(ec2, gateway, new["secondaryPrivateIpAddresses"])
        retag(call, resource_id, old, new)
        return self._computed(dict(self._describe(call, resource_id) or {}))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ec2").delete_nat_gateway(NatGatewayId=resource_id)

    def _bring_public(self, ec2: Any, gateway: Properties, wanted: list[str]) -> None:
        held = {item["AllocationId"]: item["AssociationId"] for item in _secondary(gateway) if item.get("AllocationId")}
        adding, ending = [item for item in wanted if item not in held], [held[item] for item in held if item not in wanted]
        if adding:
            ec2.associate_nat_gateway_address(NatGatewayId=gateway["NatGatewayId"], AllocationIds=adding)
        if ending:
            ec2.disassociate_nat_gateway_address(NatGatewayId=gateway["NatGatewayId"], AssociationIds=ending)

    def _bring_private(self, ec2: Any, gateway: Properties, wanted: list[str]) -> None:
        held = [item["PrivateIp"] for item in _secondary(gateway)]
        adding, ending = [item for item in wanted if item not in held], [item for item in held if item not in wanted]
        if adding:
            ec2.assign_private_nat_gateway_address(NatGatewayId=gateway["NatGatewayId"], PrivateIpAddresses=adding)
        if ending:
            ec2.unassign_private_nat_gateway_address(NatGatewayId=gateway["NatGatewayId"], PrivateIpAddresses=ending)

    def _describe(self, call: Call, gateway_id: str) -> Properties | None:
        found = call.client("ec2").describe_nat_gateways(NatGatewayIds=[gateway_id])["NatGateways"]
        return found[0] if found else None

    def _computed(self, gateway: Properties) -> Properties:
        primary, secondary = _primary(gateway), _secondary(gateway)
        return {
            **_ZONAL,
            "associationId": primary.get("AssociationId", ""),
            "networkInterfaceId": primary["NetworkInterfaceId"],
            "privateIp": primary["PrivateIp"],
            "publicIp": primary.get("PublicIp", ""),
            "secondaryAllocationIds": [item["AllocationId"] for item in secondary if item.get("AllocationId")],
            "secondaryPrivateIpAddresses": [item["PrivateIp"] for item in secondary],
            "secondaryPrivateIpAddressCount": len(secondary),
            "vpcId": gateway["VpcId"],
        }


def _primary(gateway: Properties) -> Properties:
    return next(item for item in gateway["NatGatewayAddresses"] if item["IsPrimary"])


def _secondary(gateway: Properties) -> list[Properties]:
    return [item for item in gateway["NatGatewayAddresses"] if not item["IsPrimary"]]


# Outputs that only regional NAT gateways fill.
_ZONAL = {
    "availabilityMode": "zonal",
    "autoProvisionZones": "",
    "autoScalingIps": "",
    "regionalNatGatewayAddresses": [],
    "regionalNatGatewayAutoMode": "",
    "routeTableId": "",
}
