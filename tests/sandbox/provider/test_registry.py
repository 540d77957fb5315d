"""The contract of every handler: what it claims of its type is what the installed SDK and CloudFormation say."""

from __future__ import annotations

import pytest

from sandbox.provider import registry
from sandbox.provider.facts import cloudformation, sdk, service_model
from sandbox.provider.handler import Handler, Recorded, Support

HANDLERS = registry.handlers()
EVERY_HANDLER = pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS.keys())

_IN_PLACE = {"cidrIpv4", "cidrIpv6", "fromPort", "ipProtocol", "prefixListId", "referencedSecurityGroupId", "toPort"}
NOT_REPLACED = {
    # What CloudFormation replaces and the real provider does not, or only sometimes (`Handler.replaces`), with the reason.
    "aws:acm/certificate:Certificate": {"options"},  # UpdateCertificateOptions
    "aws:apigateway/apiKey:ApiKey": {"name"},  # UpdateApiKey
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": {"deliveryDestinationConfiguration"},  # put again under its name
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {"routeTableId"},  # ReplaceRouteTableAssociation
    # Addresses that the sandbox refuses, because the emulated cloud has no IPAM and no Outposts.
    "aws:ec2/subnet:Subnet": {"ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6NetmaskLength", "ipv6Native", "outpostArn"},
    "aws:eks/cluster:Cluster": {"encryptionConfig"},  # can be added in place, never taken away
    "aws:rds/instance:Instance": {"dbSubnetGroupName", "identifier"},  # moved and renamed by ModifyDBInstance
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _IN_PLACE,  # ModifySecurityGroupRules
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _IN_PLACE,
}


def _top(path: str) -> str:
    return path.partition(".")[0]


@EVERY_HANDLER
def test_a_handlers_type_and_names_are_the_sdks(handler: Handler) -> None:
    facts = sdk.resource(handler.token)
    inputs = facts.inputs.keys()
    for claimed in (handler.create_only, handler.unordered, handler.documents, handler.defaults.keys()):
        assert {_top(path) for path in claimed} <= inputs
    assert handler.autoname is None or handler.autoname in inputs
    assert handler.volatile <= facts.outputs.keys()


@EVERY_HANDLER
def test_a_handler_says_what_the_cloud_does_not_hold(handler: Handler) -> None:
    assert (handler.__doc__ or "").strip()
    if handler.support is Support.PARTLY:
        assert handler.gap, "PARTLY without a gap tells a reader nothing"
    if handler.support is Support.HELD:
        assert not handler.gap, "HELD with a gap contradicts itself"


@EVERY_HANDLER
def test_a_recorded_type_is_checked_against_an_operation_that_exists(handler: Handler) -> None:
    assert isinstance(handler, Recorded) == (handler.support is Support.RECORDED)
    if isinstance(handler, Recorded):
        service_model.input_shapes(handler.service, handler.operation)


@EVERY_HANDLER
def test_what_cloudformation_cannot_change_the_handler_replaces(handler: Handler) -> None:
    ours = {_top(path) for path in handler.create_only} | NOT_REPLACED.get(handler.token, set())
    theirs = {_top(path) for path in cloudformation.create_only(handler.token)}
    assert theirs & sdk.resource(handler.token).inputs.keys() <= ours


@EVERY_HANDLER
@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "sa-east-1"])
def test_every_type_exists_in_every_region_of_the_estate(handler: Handler, region: str) -> None:
    assert cloudformation.exists(handler.token, region) is not False


def test_data_sources_are_the_sdks() -> None:
    for token in registry.functions():
        assert sdk.function(token).outputs


def test_a_type_without_a_handler_is_said_to_be_unsupported() -> None:
    assert registry.support("aws:gamelift/fleet:Fleet") == "unsupported"
    assert registry.support("aws:ec2/vpc:Vpc") == "held"
