"""Elastic addresses and NAT gateways: chosen and secondary private addresses, and gateways that end wholly."""

from __future__ import annotations

from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.ec2.models.elastic_ip_addresses import ElasticAddress
    from moto.ec2.models.nat_gateways import NatGatewayBackend
    from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
    from moto.ec2.responses.nat_gateways import NatGateways

    ElasticAddress.private_ip_address = property(_private_address)
    ElasticIPAddresses.associate_address = _to_private_address(ElasticIPAddresses.associate_address)
    NatGatewayBackend.delete_nat_gateway = _delete_gateway
    NatGateways.create_nat_gateway = _create_gateway(NatGateways.create_nat_gateway)
    NatGateways.associate_nat_gateway_address = _associate
    NatGateways.disassociate_nat_gateway_address = _disassociate
    NatGateways.assign_private_nat_gateway_address = _assign
    NatGateways.unassign_private_nat_gateway_address = _unassign


def place(interface: Any, address: str | None = None) -> str:
    """Gives a network interface its address: the one asked for, or a free one of its subnet."""
    address = address or interface.subnet.get_available_subnet_ip(interface)
    interface.private_ip_address = address
    interface.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
    return address


def _private_address(address: Any) -> str | None:
    if not address.eni:
        return None
    return getattr(address, "_chosen", None) or str(address.eni.private_ip_address)


def _to_private_address(original: Any) -> Any:
    @wraps(original)
    def associate_address(self: Any) -> Any:
        answer, chosen = original(self), self._get_param("PrivateIpAddress")
        for address in self.ec2_backend.address_by_association([answer.result["AssociationId"]]):
            address._chosen = chosen
        return answer

    return associate_address


def _create_gateway(original: Any) -> Any:
    @wraps(original)
    def create_nat_gateway(self: Any) -> Any:
        answer = original(self)
        gateway = answer.result["NatGateway"]
        gateway.connectivity_type = gateway.connectivity_type or "public"
        gateway.address_set[0] |= {"privateIp": place(gateway._eni, self._get_param("PrivateIpAddress")), "isPrimary": True}
        addresses = self._get_param("SecondaryPrivateIpAddresses", [])
        allocations = self._get_param("SecondaryAllocationIds", [])
        count = max(len(addresses), len(allocations), self._get_int_param("SecondaryPrivateIpAddressCount", 0))
        for position in range(count):
            _add(self.ec2_backend, gateway, _at(allocations, position), _at(addresses, position))
        return answer

    return create_nat_gateway


def _delete_gateway(backend: Any, nat_gateway_id: str) -> Any:
    gateway = _gateway(backend, nat_gateway_id)
    for address in gateway.address_set:
        _release(backend, address)
    backend.delete_network_interface(gateway._eni.id)
    gateway.state = "deleted"
    del backend.nat_gateways[nat_gateway_id]
    return gateway


def _associate(self: Any) -> Any:
    gateway = _gateway(self.ec2_backend, self._get_param("NatGatewayId"))
    addresses = self._get_param("PrivateIpAddresses", [])
    for position, allocation in enumerate(self._get_param("AllocationIds")):
        _add(self.ec2_backend, gateway, allocation, _at(addresses, position))
    return _answer(gateway)


def _disassociate(self: Any) -> Any:
    gateway, ended = _gateway(self.ec2_backend, self._get_param("NatGatewayId")), self._get_param("AssociationIds")
    return _drop(self.ec2_backend, gateway, lambda address: address.get("associationId") in ended)


def _assign(self: Any) -> Any:
    gateway, addresses = _gateway(self.ec2_backend, self._get_param("NatGatewayId")), self._get_param("PrivateIpAddresses", [])
    for position in range(max(len(addresses), self._get_int_param("PrivateIpAddressCount", 0))):
        _add(self.ec2_backend, gateway, None, _at(addresses, position))
    return _answer(gateway)


def _unassign(self: Any) -> Any:
    gateway, ended = _gateway(self.ec2_backend, self._get_param("NatGatewayId")), self._get_param("PrivateIpAddresses")
    return _drop(self.ec2_backend, gateway, lambda address: address["privateIp"] in ended)


def _add(backend: Any, gateway: Any, allocation: str | None, address: str | None) -> None:
    from moto.ec2.utils import random_eip_association_id

    address = address or gateway._eni.subnet.get_available_subnet_ip(gateway._eni)
    gateway._eni.private_ip_addresses.append({"Primary": False, "PrivateIpAddress": address})
    added = {"networkInterfaceId": gateway._eni.id, "privateIp": address, "isPrimary": False}
    if allocation:
        (public,) = backend.address_by_allocation([allocation])
        public.eni, public.association_id, public._chosen = gateway._eni, random_eip_association_id(), address
        added |= {"allocationId": allocation, "publicIp": public.public_ip, "associationId": public.association_id}
    gateway.address_set.append(added)


def _drop(backend: Any, gateway: Any, ends: Any) -> Any:
    for address in [address for address in gateway.address_set if not address["isPrimary"] and ends(address)]:
        _release(backend, address)
        gateway.address_set.remove(address)
        held = gateway._eni.private_ip_addresses
        gateway._eni.private_ip_addresses = [item for item in held if item["PrivateIpAddress"] != address["privateIp"]]
    return _answer(gateway)


def _release(backend: Any, address: dict[str, Any]) -> None:
    """Lets go of the elastic address, if it is still this one's."""
    for public in backend.addresses:
        if address.get("associationId") and public.association_id == address["associationId"]:
            public.eni = public.instance = public.association_id = None


def _gateway(backend: Any, gateway_id: str) -> Any:
    from moto.ec2.exceptions import EC2ClientError

    if gateway_id not in backend.nat_gateways:
        raise EC2ClientError("NatGatewayNotFound", f"NAT gateway {gateway_id} was not found")
    return backend.nat_gateways[gateway_id]


def _answer(gateway: Any) -> Any:
    from moto.core.responses import ActionResult

    return ActionResult({"NatGatewayId": gateway.id, "NatGatewayAddresses": gateway.address_set})


def _at(items: list[str], position: int) -> str | None:
    return items[position] if position < len(items) else None
