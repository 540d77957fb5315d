"""VPC endpoints: gateways (S3, DynamoDB) and interfaces (everything else)."""

from __future__ import annotations

from sandbox.provider import tagging
from sandbox.provider.aws.ec2.common import given, lacking, retag, tagged, where
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties

# A list of ids: wire name, the suffix of ModifyVpcEndpoint's Add and Remove parameters.
_LISTS = {"routeTableIds": "RouteTableIds", "subnetIds": "SubnetIds", "securityGroupIds": "SecurityGroupIds"}
_LACKING = {
    "resourceConfigurationArn": "VPC Lattice",
    "serviceNetworkArn": "VPC Lattice",
    "subnetConfigurations": "chosen addresses of endpoints",
}
_DNS_OPTIONS = {
    "dnsRecordIpType": "DnsRecordIpType",
    "privateDnsOnlyForInboundResolverEndpoint": "PrivateDnsOnlyForInboundResolverEndpoint",
    "privateDnsPreference": "PrivateDnsPreference",
    "privateDnsSpecifiedDomains": "PrivateDnsSpecifiedDomains",
}
_OPEN_POLICY = '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'


class VpcEndpoint(Handler):
    """An endpoint of a service inside a VPC."""

    token = "aws:ec2/vpcEndpoint:VpcEndpoint"
    create_only = frozenset(
        {
            "dnsOptions.privateDnsPreference",
            "dnsOptions.privateDnsSpecifiedDomains",
            "resourceConfigurationArn",
            "serviceName",
            "serviceNetworkArn",
            "serviceRegion",
            "vpcEndpointType",
            "vpcId",
        }
    )
    unordered = frozenset(_LISTS)
    documents = frozenset({"policy"})
    defaults = {"vpcEndpointType": "Gateway"}
    volatile = frozenset({"networkInterfaceIds", "subnetConfigurations"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures = lacking(inputs, _LACKING)
        if not failures and not inputs.get("serviceName"):
            failures.append(Failure("serviceName", f"required, such as com.amazonaws.{call.region}.s3"))
        if inputs.get("serviceRegion") not in (None, "", call.region, UNKNOWN):
            failures += lacking(inputs, {"serviceRegion": "endpoints of services in other regions"})
        kind = inputs["vpcEndpointType"]
        if kind == "Gateway":
            failures += _refuse(inputs, ("subnetIds", "securityGroupIds", "privateDnsEnabled"), "a gateway endpoint has none")
        elif kind == "Interface":
            failures += _refuse(inputs, ("routeTableIds",), "only gateway endpoints stand in route tables")
        return failures

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        return path == "privateDnsEnabled" and new.get("vpcEndpointType") != "Interface"

    def preview(self, call: Call, inputs: Properties) -> Properties:
        known = {
            "ownerId": call.account,
            "requesterManaged": False,
            "serviceRegion": call.region,
            "state": "available",
            "ipAddressType": inputs.get("ipAddressType", "ipv4"),
            "privateDnsEnabled": inputs.get("privateDnsEnabled", False),
            "policy": inputs.get("policy", _OPEN_POLICY),
        }
        if inputs["vpcEndpointType"] == "Gateway":
            known |= {name: inputs.get(name, []) for name in _LISTS}
            known |= {"networkInterfaceIds": [], "subnetConfigurations": [], "dnsEntries": []}
        return known

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        groups = inputs.get("securityGroupIds") or []
        if inputs["vpcEndpointType"] == "Interface" and not groups:
            groups = [_default_group(call, inputs["vpcId"])]
        made = call.client("ec2").create_vpc_endpoint(
            VpcId=inputs["vpcId"],
            VpcEndpointType=inputs["vpcEndpointType"],
            ServiceName=inputs["serviceName"],
            PrivateDnsEnabled=inputs.get("privateDnsEnabled", False),
            **given(
                RouteTableIds=inputs.get("routeTableIds"),
                SubnetIds=inputs.get("subnetIds"),
                SecurityGroupIds=groups,
                PolicyDocument=inputs.get("policy"),
                IpAddressType=inputs.get("ipAddressType"),
                DnsOptions=_dns_request(inputs.get("dnsOptions", {})),
            ),
            **tagged("vpc-endpoint", inputs["tagsAll"]),
        )["VpcEndpoint"]
        return made["VpcEndpointId"], self._outputs(call, made, inputs) | {"policy": inputs.get("policy", _OPEN_POLICY)}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        endpoint = self._describe(call, resource_id)
        if endpoint["State"] in ("deleting", "deleted"):
            return None
        return {
            **self._outputs(call, endpoint, state),
            "policy": endpoint["PolicyDocument"],
            "serviceName": endpoint["ServiceName"],
            "vpcEndpointType": endpoint["VpcEndpointType"],
            "vpcId": endpoint["VpcId"],
            "tags": tagging.mapping(endpoint["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ec2, endpoint = call.client("ec2"), self._describe(call, resource_id)
        live = _lists(endpoint)
        wanted = {name: new.get(name, live[name]) for name in _LISTS}
        asked: Properties = {}
        for name, suffix in _LISTS.items():
            asked |= given(
                **{
                    f"Add{suffix}": [item for item in wanted[name] if item not in live[name]],
                    f"Remove{suffix}": [item for item in live[name] if item not in wanted[name]],
                }
            )
        policy = new.get("policy", _OPEN_POLICY)
        if old.get("policy") != policy:
            asked["PolicyDocument"] = policy
        if new.get("privateDnsEnabled", False) != old.get("privateDnsEnabled", False):
            asked["PrivateDnsEnabled"] = new.get("privateDnsEnabled", False)
        asked |= given(
            IpAddressType=new.get("ipAddressType") if new.get("ipAddressType") != old.get("ipAddressType") else None,
            DnsOptions=_dns_request(new.get("dnsOptions", {})) if new.get("dnsOptions") != old.get("dnsOptions") else None,
        )
        if asked:
            ec2.modify_vpc_endpoint(VpcEndpointId=resource_id, **asked)
        retag(call, resource_id, old, new)
        return self._outputs(call, self._describe(call, resource_id), new) | {"policy": policy}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[resource_id])

    def _describe(self, call: Call, endpoint_id: str) -> Properties:
        return dict(call.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0])

    def _prefix_list(self, call: Call, endpoint: Properties) -> tuple[str, list[str]]:
        """(id, networks) of the prefix list of a gateway endpoint's service."""
        ec2 = call.client("ec2")
        found = ec2.describe_managed_prefix_lists(**where(prefix_list_name=endpoint["ServiceName"]))["PrefixLists"]
        if not found:
            return "", []
        prefix_list = str(found[0]["PrefixListId"])
        entries = ec2.get_managed_prefix_list_entries(PrefixListId=prefix_list)["Entries"]
        return prefix_list, [entry["Cidr"] for entry in entries]

    def _outputs(self, call: Call, endpoint: Properties, declared: Properties) -> Properties:
        gateway = endpoint["VpcEndpointType"] == "Gateway"
        prefix_list, networks = self._prefix_list(call, endpoint) if gateway else ("", [])
        return {
            **_lists(endpoint),
            "arn": call.arn("ec2", f"vpc-endpoint/{endpoint['VpcEndpointId']}"),
            "cidrBlocks": networks,
            "prefixListId": prefix_list,
            "dnsEntries": [
                {"dnsName": entry["DnsName"], "hostedZoneId": entry["HostedZoneId"]} for entry in endpoint.get("DnsEntries", [])
            ],
            "dnsOptions": _dns_options(endpoint["DnsOptions"], declared.get("dnsOptions", {})),
            "ipAddressType": endpoint["IpAddressType"],
            "networkInterfaceIds": endpoint["NetworkInterfaceIds"],
            "ownerId": endpoint["OwnerId"],
            "privateDnsEnabled": endpoint["PrivateDnsEnabled"],
            "requesterManaged": endpoint["RequesterManaged"],
            "serviceRegion": call.region,
            "state": endpoint["State"],
            "subnetConfigurations": _addresses(call, endpoint["NetworkInterfaceIds"]),
        }


def _refuse(inputs: Properties, names: tuple[str, ...], reason: str) -> list[Failure]:
    return [Failure(name, f"{reason}: leave this out, or choose another vpcEndpointType") for name in names if inputs.get(name)]


def _default_group(call: Call, vpc: str) -> str:
    groups = call.client("ec2").describe_security_groups(**where(vpc_id=vpc, group_name="default"))["SecurityGroups"]
    return str(groups[0]["GroupId"])


def _lists(endpoint: Properties) -> dict[str, list[str]]:
    return {
        "routeTableIds": list(endpoint.get("RouteTableIds", [])),
        "subnetIds": list(endpoint.get("SubnetIds", [])),
        "securityGroupIds": [group["GroupId"] for group in endpoint.get("Groups", [])],
    }


def _addresses(call: Call, interfaces: list[str]) -> list[Properties]:
    """Subnet and address of each network interface."""
    if not interfaces:
        return []
    found = call.client("ec2").describe_network_interfaces(NetworkInterfaceIds=interfaces)["NetworkInterfaces"]
    return [{"subnetId": item["SubnetId"], "ipv4": item["PrivateIpAddress"]} for item in found]


def _dns_options(told: Properties, declared: Properties) -> Properties:
    """The options as a program writes them: those that it declares, or else all."""
    wanted = {wire: api for wire, api in _DNS_OPTIONS.items() if not declared or wire in declared}
    return {wire: told[api] for wire, api in wanted.items() if told.get(api) not in (None, [])}


def _dns_request(options: Properties) -> Properties:
    return {api: options[wire] for wire, api in _DNS_OPTIONS.items() if options.get(wire) not in (None, [])}
