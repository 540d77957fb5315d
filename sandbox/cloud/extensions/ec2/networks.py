"""VPCs, subnets, network ACLs, route tables: all their settings, one table for a subnet, nothing left of what is deleted."""

from __future__ import annotations

from functools import wraps
from inspect import signature
from typing import Any

_LAST = 32767


def install() -> None:
    """Adds it to moto."""
    from moto.ec2.models.network_acls import NetworkAclBackend
    from moto.ec2.models.route_tables import RouteBackend
    from moto.ec2.models.subnets import Subnet, SubnetBackend
    from moto.ec2.models.vpcs import VPCBackend
    from moto.ec2.responses.network_acls import NetworkACLs
    from moto.ec2.responses.subnets import Subnets

    Subnet.enable_dns64 = False
    Subnets.modify_subnet_attribute = _modify_subnet(Subnets.modify_subnet_attribute)
    SubnetBackend.delete_subnet = _delete_subnet(SubnetBackend.delete_subnet)
    VPCBackend.delete_vpc = _delete_vpc(VPCBackend.delete_vpc)
    NetworkAclBackend.create_network_acl = _closed(NetworkAclBackend.create_network_acl)
    NetworkACLs.create_network_acl_entry = _with_icmp(NetworkACLs.create_network_acl_entry)
    NetworkACLs.replace_network_acl_entry = _with_icmp(NetworkACLs.replace_network_acl_entry)
    RouteBackend.associate_route_table = _one_table(RouteBackend.associate_route_table)
    RouteBackend.create_route = _to_what_is_there(RouteBackend.create_route)
    RouteBackend.replace_route = _to_what_is_there(RouteBackend.replace_route)


def _modify_subnet(original: Any) -> Any:
    @wraps(original)
    def modify_subnet_attribute(self: Any) -> Any:
        answer, subnet = original(self), self.ec2_backend.get_subnet(self._get_param("SubnetId"))
        dns64 = self._get_param("EnableDns64.Value")
        if dns64 is not None:
            subnet.enable_dns64 = dns64
        names = subnet.private_dns_name_options_on_launch
        ipv6 = self._get_param("EnableResourceNameDnsAAAARecordOnLaunch.Value")
        if ipv6 is not None:
            names["EnableResourceNameDnsAAAARecord"] = ipv6
        names["HostnameType"] = self._get_param("PrivateDnsHostnameTypeOnLaunch") or names["HostnameType"]
        return answer

    return modify_subnet_attribute


def _delete_subnet(original: Any) -> Any:
    @wraps(original)
    def delete_subnet(self: Any, subnet_id: str) -> Any:
        deleted = original(self, subnet_id)
        for acl in self.network_acls.values():
            for key in [key for key, association in acl._associations.items() if association.subnet_id == subnet_id]:
                del acl._associations[key]
        for table in self.route_tables.values():
            for key in [key for key, target in table._associations.items() if target == subnet_id]:
                del table._associations[key]
        return deleted

    return delete_subnet


def _delete_vpc(original: Any) -> Any:
    @wraps(original)
    def delete_vpc(self: Any, vpc_id: str) -> Any:
        from moto.ec2.exceptions import DependencyViolationError

        if _holds(self, vpc_id):
            raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
        deleted = original(self, vpc_id)
        for acl_id in [acl_id for acl_id, acl in self.network_acls.items() if acl.vpc_id == vpc_id]:
            del self.network_acls[acl_id]
        return deleted

    return delete_vpc


def _holds(backend: Any, vpc_id: str) -> bool:
    """Whether anything that AWS would not delete along stands in the VPC; moto looks for subnets and route tables itself."""
    return (
        any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in backend.internet_gateways.values())
        or any(endpoint.vpc_id == vpc_id for endpoint in backend.vpc_end_points.values())
        or any(acl.vpc_id == vpc_id and not acl.default for acl in backend.network_acls.values())
        or any(not group.is_default for group in backend.groups.get(vpc_id, {}).values())
    )


def _closed(original: Any) -> Any:
    """A new ACL has nothing but the entries that deny the rest."""

    @wraps(original)
    def create_network_acl(self: Any, vpc_id: str, tags: Any = None, default: bool = False) -> Any:
        acl = original(self, vpc_id, tags=tags, default=default)
        for egress in () if default else (False, True):
            self.create_network_acl_entry(
                network_acl_id=acl.id,
                rule_number=_LAST,
                protocol="-1",
                rule_action="deny",
                egress=egress,
                cidr_block="0.0.0.0/0",
                icmp_code=None,
                icmp_type=None,
                port_range_from=None,
                port_range_to=None,
                ipv6_cidr_block=None,
            )
        return acl

    return create_network_acl


def _with_icmp(original: Any) -> Any:
    """moto asks for the type and code by a name that its own reader of requests does not use."""

    @wraps(original)
    def put_entry(self: Any) -> Any:
        answer, asked = original(self), self._get_param("IcmpTypeCode") or {}
        number, egress = self._get_param("RuleNumber"), self._get_param("Egress")
        for entry in self.ec2_backend.get_network_acl(self._get_param("NetworkAclId")).network_acl_entries:
            if (entry.rule_number, entry.egress) == (number, egress):
                entry.icmp_type, entry.icmp_code = asked.get("Type"), asked.get("Code")
        return answer

    return put_entry


def _one_table(original: Any) -> Any:
    @wraps(original)
    def associate_route_table(self: Any, route_table_id: str, gateway_id: str | None = None, subnet_id: str | None = None) -> Any:
        from moto.ec2.exceptions import ResourceAlreadyAssociatedError

        target = subnet_id or gateway_id
        for table in self.route_tables.values():
            for association, held in table._associations.items():
                if held == target and table.id != route_table_id:
                    raise ResourceAlreadyAssociatedError(target)
                if held == target:
                    return association
        return original(self, route_table_id, gateway_id, subnet_id)

    return associate_route_table


def _to_what_is_there(original: Any) -> Any:
    """moto makes a route that leads nowhere of one to a gateway that is not there."""

    @wraps(original)
    def put_route(self: Any, *args: Any, **asked: Any) -> Any:
        from moto.ec2.exceptions import EC2ClientError

        # moto's own code gives some of these by position.
        given = signature(original).bind(self, *args, **asked).arguments
        for name, held, code in (
            ("nat_gateway_id", self.nat_gateways, "InvalidNatGatewayID.NotFound"),
            ("transit_gateway_id", self.transit_gateways, "InvalidTransitGatewayID.NotFound"),
            ("destination_prefix_list_id", self.managed_prefix_lists, "InvalidPrefixListID.NotFound"),
        ):
            wanted = given.get(name)
            if wanted and wanted not in held:
                raise EC2ClientError(code, f"{wanted} does not exist")
        return original(self, *args, **asked)

    return put_route
