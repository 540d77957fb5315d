"""VPC endpoints: every setting kept and changed, interfaces and routes that follow, nothing left of a deleted one."""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.ec2.addresses import place


def install() -> None:
    """Adds it to moto."""
    from moto.ec2.models.vpcs import VPCBackend, VPCEndPoint
    from moto.ec2.responses.vpcs import VPCs

    VPCEndPoint.ip_address_type = "ipv4"
    VPCEndPoint.requester_managed = False
    VPCEndPoint.service_region = property(lambda endpoint: endpoint.ec2_backend.region_name)
    VPCBackend.create_vpc_endpoint = _create(VPCBackend.create_vpc_endpoint)
    VPCBackend.delete_vpc_endpoints = _delete
    VPCs.create_vpc_endpoint = _with_options(VPCs.create_vpc_endpoint)
    VPCs.modify_vpc_endpoint = _modify


def _create(original: Any) -> Any:
    @wraps(original)
    def create_vpc_endpoint(self: Any, *args: Any, **kwargs: Any) -> Any:
        endpoint = original(self, *args, **kwargs)
        interface = _is_interface(endpoint)
        endpoint.dns_options = {"DnsRecordIpType": "ipv4" if interface else "service-defined"}
        if interface:
            endpoint.dns_entries = _dns_entries(endpoint)
            for interface_id in endpoint.network_interface_ids:
                place(self.enis[interface_id])
            _guard(endpoint)
        return endpoint

    return create_vpc_endpoint


def _with_options(original: Any) -> Any:
    @wraps(original)
    def create_vpc_endpoint(self: Any) -> Any:
        answer = original(self)
        _keep_options(self, answer.result["VpcEndpoint"])
        return answer

    return create_vpc_endpoint


def _keep_options(self: Any, endpoint: Any) -> None:
    endpoint.ip_address_type = self._get_param("IpAddressType") or endpoint.ip_address_type
    endpoint.dns_options = {**endpoint.dns_options, **(self._get_param("DnsOptions") or {})}


def _modify(self: Any) -> Any:
    from moto.core.responses import ActionResult

    (endpoint,) = self.ec2_backend.describe_vpc_endpoints([self._get_param("VpcEndpointId")])
    added, removed = self._get_param("AddSubnetIds", []), self._get_param("RemoveSubnetIds", [])
    endpoint.modify(
        self._get_param("PolicyDocument"),
        added,
        removed,
        None,
        None,
        self._get_param("AddSecurityGroupIds", []),
        self._get_param("RemoveSecurityGroupIds", []),
    )
    _keep_options(self, endpoint)
    private_names = self._get_param("PrivateDnsEnabled")
    if private_names is not None:
        endpoint.private_dns_enabled = private_names
    _change_tables(endpoint, self._get_param("AddRouteTableIds", []), self._get_param("RemoveRouteTableIds", []))
    if _is_interface(endpoint):
        _change_subnets(endpoint, added, removed)
        _guard(endpoint)
    return ActionResult({"Return": True})


def _change_tables(endpoint: Any, added: list[str], removed: list[str]) -> None:
    """The endpoint's routes follow its route tables."""
    backend, prefix_list = endpoint.ec2_backend, endpoint.destination_prefix_list_id
    for table in added:
        if table not in endpoint.route_table_ids:
            backend.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list)
            endpoint.route_table_ids.append(table)
    for table in removed:
        if table in endpoint.route_table_ids:
            _unroute(endpoint, table)
            endpoint.route_table_ids.remove(table)


def _unroute(endpoint: Any, table_id: str) -> None:
    table = endpoint.ec2_backend.route_tables.get(table_id)
    for key in [key for key, route in table._routes.items() if route.gateway is endpoint] if table else []:
        del table._routes[key]


def _change_subnets(endpoint: Any, added: list[str], removed: list[str]) -> None:
    """The endpoint's network interfaces follow its subnets."""
    backend = endpoint.ec2_backend
    by_subnet = {backend.enis[interface].subnet_id: interface for interface in endpoint.network_interface_ids}
    for subnet in removed:
        if subnet in by_subnet:
            backend.delete_network_interface(by_subnet[subnet])
            endpoint.network_interface_ids.remove(by_subnet[subnet])
    for subnet in added:
        if subnet not in by_subnet:
            interface = backend.create_network_interface(backend.get_subnet(subnet), None)
            place(interface)
            endpoint.network_interface_ids.append(interface.id)


def _guard(endpoint: Any) -> None:
    """Its network interfaces stand behind its security groups."""
    backend = endpoint.ec2_backend
    for interface in endpoint.network_interface_ids:
        groups = [backend.get_security_group_from_id(group) for group in endpoint.security_group_ids]
        backend.enis[interface]._group_set = groups or backend.enis[interface]._group_set


def _delete(backend: Any, vpce_ids: list[str] | None = None) -> None:
    for endpoint_id in vpce_ids or []:
        endpoint = backend.vpc_end_points.pop(endpoint_id, None)
        if endpoint is None:
            continue
        endpoint.state = "deleted"
        for table in endpoint.route_table_ids:
            _unroute(endpoint, table)
        for interface in endpoint.network_interface_ids:
            backend.enis.pop(interface, None)


def _is_interface(endpoint: Any) -> bool:
    return str(endpoint.vpc_endpoint_type).lower() == "interface"


def _dns_entries(endpoint: Any) -> list[dict[str, str]]:
    """The endpoint's own name, made as AWS makes it: `vpce-1-x.api.ecr.eu-west-1.vpce.amazonaws.com` for the service `ecr.api`."""
    (made,) = endpoint.dns_entries
    region = endpoint.ec2_backend.region_name
    service = endpoint.service_name.removeprefix(f"com.amazonaws.{region}.")
    if service == endpoint.service_name:
        return [made]
    own, _, _ = made["dns_name"].partition(".")
    return [{**made, "dns_name": f"{own}.{'.'.join(reversed(service.split('.')))}.{region}.vpce.amazonaws.com"}]
