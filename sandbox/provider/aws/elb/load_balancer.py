"""Load balancers."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.elb import attributes
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties

_COMMON = {
    "accessLogs.enabled": "access_logs.s3.enabled",
    "accessLogs.bucket": "access_logs.s3.bucket",
    "accessLogs.prefix": "access_logs.s3.prefix",
    "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
    "enableDeletionProtection": "deletion_protection.enabled",
    "enableZonalShift": "zonal_shift.config.enabled",
}
_APPLICATION = _COMMON | {
    "connectionLogs.enabled": "connection_logs.s3.enabled",
    "connectionLogs.bucket": "connection_logs.s3.bucket",
    "connectionLogs.prefix": "connection_logs.s3.prefix",
    "healthCheckLogs.enabled": "health_check_logs.s3.enabled",
    "healthCheckLogs.bucket": "health_check_logs.s3.bucket",
    "healthCheckLogs.prefix": "health_check_logs.s3.prefix",
    "clientKeepAlive": "client_keep_alive.seconds",
    "desyncMitigationMode": "routing.http.desync_mitigation_mode",
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "enableHttp2": "routing.http2.enabled",
    "enableTlsVersionAndCipherSuiteHeaders": "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
    "enableWafFailOpen": "waf.fail_open.enabled",
    "enableXffClientPort": "routing.http.xff_client_port.enabled",
    "idleTimeout": "idle_timeout.timeout_seconds",
    "preserveHostHeader": "routing.http.preserve_host_header.enabled",
    "xffHeaderProcessingMode": "routing.http.xff_header_processing.mode",
}
_NETWORK = _COMMON | {
    "dnsRecordClientRoutingPolicy": "dns_record.client_routing_policy",
    "secondaryIpsAutoAssignedPerSubnet": "secondary_ips.auto_assigned.per_subnet",
}
_KEYS = {"application": _APPLICATION, "network": _NETWORK, "gateway": _COMMON}
_TEXT: dict[str, type] = {
    f"{logs}.{member}": str for logs in ("accessLogs", "connectionLogs", "healthCheckLogs") for member in ("bucket", "prefix")
}
_LOGS = ("accessLogs", "connectionLogs", "healthCheckLogs")
_CREATE = Translation(
    "elbv2",
    "CreateLoadBalancer",
    names={"loadBalancerType": "Type"},
    apart=frozenset({path.split(".")[0] for keys in _KEYS.values() for path in keys})
    | {"internal", "namePrefix", "minimumLoadBalancerCapacity", "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"},
)
_NAME = re.compile(r"(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?")


class LoadBalancer(Handler):
    """Takes traffic and spreads it over targets."""

    token = "aws:lb/loadBalancer:LoadBalancer"
    support = Support.PARTLY
    gap = "addresses of subnet mappings, IPAM pools, capacity units and IPv6 source NAT are in the state only"
    create_only = frozenset({"customerOwnedIpv4Pool", "internal", "loadBalancerType", "name", "namePrefix"})
    unordered = frozenset({"securityGroups", "subnets", "subnetMappings"})
    defaults = {
        "clientKeepAlive": 3600,
        "desyncMitigationMode": "defensive",
        "dnsRecordClientRoutingPolicy": "any_availability_zone",
        "dropInvalidHeaderFields": False,
        "enableCrossZoneLoadBalancing": False,
        "enableDeletionProtection": False,
        "enableHttp2": True,
        "enableTlsVersionAndCipherSuiteHeaders": False,
        "enableWafFailOpen": False,
        "enableXffClientPort": False,
        "enableZonalShift": False,
        "idleTimeout": 60,
        "loadBalancerType": "application",
        "preserveHostHeader": False,
        "xffHeaderProcessingMode": "append",
    }
    autoname = "name"
    autoname_limit = 32

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        name, subnets = inputs.get("name"), inputs.get("subnets")
        if isinstance(name, str) and not _NAME.fullmatch(name):
            found.append(
                Failure(
                    "name", f'at most 32 letters, digits and hyphens, no hyphen at an end, not beginning with "internal-" (got "{name}")'
                )
            )
        if not inputs.get("subnets") and not inputs.get("subnetMappings"):
            found.append(Failure("subnets", "subnets or subnetMappings are needed"))
        if isinstance(subnets, list) and len(subnets) < 2 and inputs["loadBalancerType"] == "application":
            found.append(Failure("subnets", f"an application load balancer stands in at least two zones (got {len(subnets)} subnet)"))
        if inputs["loadBalancerType"] not in _KEYS:
            found.append(Failure("loadBalancerType", f"must be one of {', '.join(_KEYS)} (got {inputs['loadBalancerType']!r})"))
        return found or _CREATE.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        elb = call.client("elbv2")
        made = elb.create_load_balancer(
            **_CREATE.request(inputs),
            Scheme="internal" if inputs.get("internal") else "internet-facing",
            **tagging.parameter(inputs["tagsAll"]),
        )["LoadBalancers"][0]
        arn = made["LoadBalancerArn"]
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes.pairs(_attributes(inputs)))
        computed = {key: value for key, value in _outputs(made).items() if key not in inputs}
        return arn, with_blanks(self.token, inputs, computed | _fixed(inputs))

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        elb = call.client("elbv2")
        live = elb.describe_load_balancers(LoadBalancerArns=[resource_id])["LoadBalancers"][0]
        kept = attributes.mapping(elb.describe_load_balancer_attributes(LoadBalancerArn=resource_id)["Attributes"])
        found = _outputs(live) | attributes.plain(kept, _KEYS[live["Type"]], _TEXT)
        for name in _LOGS:
            if name in found and not found[name].get("enabled") and name not in state:
                del found[name]
            elif name in found and name in state:
                found[name] = aligned(state[name], found[name])
        if "subnetMappings" in state:
            found["subnetMappings"] = aligned(state["subnetMappings"], found["subnetMappings"], lost=_MAPPING)
        return found | {"tags": attributes.live_tags(call, resource_id)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        elb = call.client("elbv2")
        before = _attributes(old)
        wanted = {key: value for key, value in _attributes(new).items() if before.get(key) != value}
        if wanted:
            elb.modify_load_balancer_attributes(LoadBalancerArn=resource_id, Attributes=attributes.pairs(wanted))
        if new.get("securityGroups") and not self.equal("securityGroups", old.get("securityGroups"), new["securityGroups"]):
            elb.set_security_groups(LoadBalancerArn=resource_id, SecurityGroups=new["securityGroups"])
        for name in ("subnets", "subnetMappings"):
            if new.get(name) and not self.equal(name, old.get(name), new[name]):
                elb.set_subnets(LoadBalancerArn=resource_id, **_CREATE.request({name: new[name]}))
        if new.get("ipAddressType", old["ipAddressType"]) != old["ipAddressType"]:
            elb.set_ip_address_type(LoadBalancerArn=resource_id, IpAddressType=new["ipAddressType"])
        attributes.retag(call, resource_id, old, new)
        live = elb.describe_load_balancers(LoadBalancerArns=[resource_id])["LoadBalancers"][0]
        computed = {key: value for key, value in _outputs(live).items() if key not in new}
        return with_blanks(self.token, new, computed | _fixed(new))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        elb = call.client("elbv2")
        if call.teardown and state.get("enableDeletionProtection"):
            lifted = attributes.pairs({"deletion_protection.enabled": "false"})
            elb.modify_load_balancer_attributes(LoadBalancerArn=resource_id, Attributes=lifted)
        elb.delete_load_balancer(LoadBalancerArn=resource_id)


_MAPPING = frozenset({"allocationId", "ipv6Address", "outpostId", "privateIpv4Address"})


def _attributes(inputs: Properties) -> dict[str, str]:
    """Every attribute of these inputs; logs that are not declared are off."""
    kind = inputs["loadBalancerType"]
    declared = {key: value for key, value in inputs.items() if value is not None}
    for name in _LOGS:
        if isinstance(declared.get(name), dict):
            # The provider's schema has logs that are declared switched off unless told otherwise.
            declared[name] = {"enabled": False, **declared[name]}
    off = {"access_logs.s3.enabled": "false"} if kind != "gateway" else {}
    if kind == "application":
        off["connection_logs.s3.enabled"] = "false"
    return off | attributes.texts(declared, _KEYS[kind])


def _outputs(live: dict[str, Any]) -> Properties:
    """A load balancer as the service describes it."""
    arn, subnets = live["LoadBalancerArn"], [zone["SubnetId"] for zone in live["AvailabilityZones"]]
    return {
        "arn": arn,
        "arnSuffix": arn.partition(":loadbalancer/")[2],
        "name": live["LoadBalancerName"],
        "dnsName": live["DNSName"],
        "zoneId": live["CanonicalHostedZoneId"],
        "vpcId": live["VpcId"],
        "internal": live["Scheme"] == "internal",
        "ipAddressType": live["IpAddressType"],
        "loadBalancerType": live["Type"],
        "securityGroups": live.get("SecurityGroups", []),
        "subnets": subnets,
        "subnetMappings": [{"subnetId": subnet} for subnet in subnets],
    }


def _fixed(inputs: Properties) -> Properties:
    return {} if "enablePrefixForIpv6SourceNat" in inputs else {"enablePrefixForIpv6SourceNat": "off"}
