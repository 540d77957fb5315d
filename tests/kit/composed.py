"""Runs a whole stack without an engine, with stand-ins for what AWS and the hub would answer."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from config.load import Settings, load
from stacks.compose import compose
from stacks.handoff import HUB_PREFIX, HubExports, RegionExports
from tests.kit.recorder import ComputedOutputs, Graph, computed_outputs, record

PREFIX_LIST = "aws:ec2/getManagedPrefixList:getManagedPrefixList"
READ_OUTPUTS = "pulumi:pulumi:readStackOutputs"
REFERENCE = "pulumi:pulumi:StackReference"

HUB_OUTPUTS: Mapping[str, Any] = {f"{HUB_PREFIX}{field.name}": f"{field.name}-of-the-hub" for field in fields(HubExports)} | {
    f"{HUB_PREFIX}name_servers": ["ns-1.example.org"]
}


def region_outputs(stack: str) -> dict[str, Any]:
    """Return what a region's stack exports."""
    return {field.name: f"{field.name}-of-{stack}" for field in fields(RegionExports)}


def earlier_outputs(stack: str, hub: Mapping[str, Any] = HUB_OUTPUTS) -> dict[str, Any]:
    """Return what an earlier stack exports, given by its full name; a hub that exports nothing is none."""
    short = stack.rpartition("/")[2]
    return {**hub, **region_outputs(short)} if hub else {}


def answers(hub: Mapping[str, Any] = HUB_OUTPUTS) -> dict[str, Any]:
    """Return what the data sources and the outputs of earlier stacks answer."""
    return {
        PREFIX_LIST: {"id": "pl-cloudfront", "entries": [{"cidr": "203.0.113.0/24", "description": ""}]},
        READ_OUTPUTS: lambda args: {"outputs": earlier_outputs(args["name"], hub)},
    }


def outputs_in(region: str) -> ComputedOutputs:
    """Return what answers for AWS in a region."""
    return lambda type_, name, inputs: outputs_of_aws(type_, name, {"region": region, **inputs})


def outputs_of_aws(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return computed outputs: those of the recorder, and the nested ones that components read."""
    more: dict[str, Any] = {}
    here = f"{inputs.get('region', 'us-east-1')}:123456789012"
    match type_:
        case "aws:acm/certificate:Certificate":
            names = [inputs["domainName"], *inputs.get("subjectAlternativeNames", [])]
            more["domainValidationOptions"] = [_proof(each) for each in names]
        case "aws:eks/nodeGroup:NodeGroup":
            more["resources"] = [{"autoscalingGroups": [{"name": f"eks-{name}"}]}]
        case "aws:eks/cluster:Cluster":
            more["certificateAuthority"] = {"data": "Q0E="}
            more["vpcConfig"] = {**inputs["vpcConfig"], "clusterSecurityGroupId": "sg-control-plane"}
            more["endpoint"] = f"https://{name}.example.org"
        case "aws:route53/zone:Zone":
            more |= {"zoneId": "Z0", "nameServers": ["ns-1.example.org", "ns-2.example.org"]}
        case "aws:ec2/eip:Eip":
            more["publicIp"] = "198.51.100.1"
        case "aws:ec2/natGateway:NatGateway":
            more["publicIp"] = "198.51.100.1"
        case "aws:ec2/vpnConnection:VpnConnection":
            more |= {"transitGatewayAttachmentId": f"{name}-attachment", "tunnel1Address": "198.51.100.1", "tunnel2Address": "198.51.100.2"}
            more["presharedKeyArn"] = f"arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}"
        case "aws:rds/instance:Instance":
            more["address"] = f"{name}.example.org"
            if inputs.get("manageMasterUserPassword"):
                more["masterUserSecrets"] = [{"secretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1"}]
        case "aws:elasticache/replicationGroup:ReplicationGroup":
            more["configurationEndpointAddress"] = more["primaryEndpointAddress"] = f"{name}.example.org"
        case "aws:lb/loadBalancer:LoadBalancer":
            more |= {"dnsName": f"{name}.example.org", "zoneId": "Z1"}
        case "aws:lambda/function:Function":
            more |= {"version": "1", "codeSha256": inputs.get("sourceCodeHash", "")}
        case "aws:dynamodb/table:Table" if inputs.get("streamEnabled"):
            more["streamArn"] = f"arn:aws:dynamodb:{here}:table/{inputs['name']}/stream/2026-01-01T00:00:00.000"
        case "aws:sqs/queue:Queue":
            more["url"] = f"https://sqs.{inputs.get('region', 'us-east-1')}.amazonaws.com/123456789012/{inputs['name']}"
        case "aws:sesv2/emailIdentity:EmailIdentity":
            more["dkimSigningAttributes"] = {**inputs.get("dkimSigningAttributes", {}), "tokens": ["one", "two", "three"]}
        case "aws:apigateway/restApi:RestApi":
            more["executionArn"] = f"arn:aws:execute-api:{here}:{name}"
        case "aws:apigateway/domainName:DomainName":
            more |= {"regionalDomainName": f"{name}.example.org", "regionalZoneId": "Z3"}
        case "aws:cloudfront/distribution:Distribution":
            more |= {"domainName": f"{name}.example.org", "hostedZoneId": "Z2"}
        case "pulumi:pulumi:StackReference":
            more |= {"outputs": earlier_outputs(inputs["name"]), "secretOutputNames": []}
    return {**computed_outputs(type_, name, inputs), **more}


def _proof(domain: str) -> dict[str, str]:
    return {
        "domainName": domain,
        "resourceRecordName": f"_proof.{domain.removeprefix('*.')}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": "_value.acm-validations.aws.",
    }


def composed(settings: Settings, *, preview: bool = False, hub: Mapping[str, Any] = HUB_OUTPUTS) -> Graph:
    """Return everything the stack of `settings` registers."""
    return record(
        lambda: compose(settings), stack=settings.stack, preview=preview, computed=outputs_in(settings.plan.region), calls=answers(hub)
    )


@cache
def shipped_graph(stack: str) -> Graph:
    """Return the graph of a stack as shipped; read only, since tests share it."""
    return composed(load(stack))
