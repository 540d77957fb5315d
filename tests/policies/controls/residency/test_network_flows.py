"""Networks that reach further than anybody thought."""

from typing import Any

import pytest

from config.transfers import TransferRegister
from policies.catalogue import catalogue
from policies.controls.residency import _register
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
ROUTE, VPC_PEERING = "aws:ec2transitgateway/route:Route", "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
INGRESS, EGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
GROUP, VPC_ROUTE = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/route:Route"
ATTACHMENT, ACCEPTED = "transit-peering-64512-attachment", "use1-transit-peering-64512-accepter"
OPERATIONAL, PERSONAL = {"data-class": "operational"}, {"data-class": "personal"}
HERE: dict[str, Any] = {"provider_region": "eu-west-1"}


def peered(region: str | None, tags: dict[str, str]) -> Any:
    given = {"tags": tags} if region is None else {"peerRegion": region, "tags": tags}
    return lambda draft: draft.add(VPC_PEERING, "another", given, **HERE)


def let_in(cidr: str, type_: str = INGRESS) -> Any:
    return lambda draft: draft.add(type_, "another", {"cidrIpv4": cidr}, **HERE)


def inline(side: str, cidr: str) -> Any:
    return lambda draft: draft.add(GROUP, "another", {side: [{"cidrBlocks": ["10.1.2.0/24"]}, {"cidrBlocks": [cidr]}]}, **HERE)


def office(draft: Draft) -> None:
    draft.add(ROUTE, "office", {"destinationCidrBlock": "192.168.10.0/24", "transitGatewayAttachmentId": "vpn"}, **HERE)
    draft.add(INGRESS, "office", {"cidrIpv4": "192.168.10.0/25"}, **HERE)


def peer_of_the_vpc(draft: Draft) -> None:
    draft.add(VPC_ROUTE, "peer", {"destinationCidrBlock": "172.16.0.0/16", "vpcPeeringConnectionId": "pcx"}, **HERE)
    draft.add(INGRESS, "peer", {"cidrIpv4": "172.16.4.0/24"}, **HERE)


def way_out(draft: Draft) -> None:
    draft.add(VPC_ROUTE, "out", {"destinationCidrBlock": "172.16.0.0/16", "natGatewayId": "nat"}, **HERE)
    draft.add(INGRESS, "out", {"cidrIpv4": "172.16.4.0/24"}, **HERE)


def everything(draft: Draft) -> None:
    draft.add(ROUTE, "all", {"destinationCidrBlock": "10.0.0.0/8", "transitGatewayAttachmentId": "vpn"}, **HERE)
    draft.add(INGRESS, "all", {"cidrIpv4": "10.77.0.0/24"}, **HERE)


CAUGHT = [
    Mutation("a network of Asia is joined", lambda draft: draft.one(PEERING, ATTACHMENT).set("peerRegion", "ap-southeast-2")),
    Mutation("personal data flows to the United States", lambda draft: draft.one(PEERING, ATTACHMENT).set("tags.data-class", "personal")),
    Mutation("a peering says nothing of what flows", lambda draft: draft.one(PEERING, ATTACHMENT).drop("tags")),
    Mutation("a peering is accepted in Asia", lambda draft: draft.one(ACCEPTER, ACCEPTED).set("region", "ap-southeast-2")),
    Mutation("a request of a stranger is accepted", lambda draft: draft.one(ACCEPTER, ACCEPTED).set("transitGatewayAttachmentId", "tgw-1")),
    Mutation(
        "a route leads to all networks of a peer",
        lambda draft: draft.one(ROUTE, "transit-peering-64512-route").set("destinationCidrBlock", "0.0.0.0/0"),
    ),
    Mutation(
        "a route leads to more than a network",
        lambda draft: draft.one(ROUTE, "transit-peering-64512-route").set("destinationCidrBlock", "10.0.0.0/15"),
    ),
    Mutation("a route names no network", lambda draft: draft.one(ROUTE, "transit-peering-64512-route").drop("destinationCidrBlock")),
    Mutation("two networks are joined across the ocean", peered("us-east-1", PERSONAL)),
    Mutation("two networks are joined with Asia", peered("ap-southeast-2", OPERATIONAL)),
    Mutation("a rule lets a network in that nothing leads to", let_in("10.99.0.0/16")),
    Mutation("a rule lets all private networks in", let_in("10.0.0.0/8")),
    Mutation("a rule names an address for a network", let_in("10.99.1.7/16")),
    Mutation(
        "a route leads to what is no network",
        lambda draft: draft.one(ROUTE, "transit-peering-64512-route").set("destinationCidrBlock", "everywhere"),
    ),
    Mutation("a rule lets out to a network that nothing leads to", let_in("172.20.0.0/16", EGRESS)),
    Mutation("a group lets a network in that nothing leads to", inline("ingress", "192.168.0.0/24")),
    Mutation("a group lets out to one", inline("egress", "192.168.0.0/24")),
    Mutation("a way to the internet is no way to a private network", way_out),
    Mutation("a route to everything tells nothing of a network", everything),
]
SPARED = [
    Mutation("the peer is in Brazil", lambda draft: draft.one(PEERING, ATTACHMENT).set("peerRegion", "sa-east-1")),
    Mutation(
        "a route leads to a part of the peer's network",
        lambda draft: draft.one(ROUTE, "transit-peering-64512-route").set("destinationCidrBlock", "10.0.128.0/17"),
    ),
    Mutation("two networks of one region are joined", peered(None, PERSONAL)),
    Mutation("two networks are joined with the hub's", peered("us-east-1", OPERATIONAL)),
    Mutation(
        "a route leads nowhere", lambda draft: draft.add(ROUTE, "apart", {"destinationCidrBlock": "10.0.0.0/8", "blackhole": True}, **HERE)
    ),
    Mutation("a rule lets in what is within the network", let_in("10.1.7.0/24")),
    Mutation("a rule lets in the peer, to which a route leads", let_in("10.0.7.0/24")),
    Mutation(
        "a rule lets in the peer, to which routes of subnets lead",
        lambda draft: draft.add(INGRESS, "another", {"cidrIpv4": "10.1.7.0/24"}, provider_region="us-east-1"),
        stack="us-east-1",
    ),
    Mutation("a rule is about what is no network", let_in("2001:db8::/32")),
    Mutation("a rule is about the internet", let_in("198.51.100.0/24")),
    Mutation("a rule names no network", lambda draft: draft.add(INGRESS, "another", {"referencedSecurityGroupId": "sg-1"}, **HERE)),
    Mutation("an office reaches the network", office),
    Mutation("a network of the same region reaches it", peer_of_the_vpc),
    Mutation("a group lets in its own network", inline("ingress", "10.1.3.0/24")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RES-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RES-04", mutation)


def test_routes_over_a_peering_are_wrong_with_it() -> None:
    asked = resource(PEERING, "asked", id="tgw-1", peerRegion="ap-southeast-2", tags=OPERATIONAL, **HERE)
    accepted = resource(ACCEPTER, "accepted", id="tgw-1a", transitGatewayAttachmentId="tgw-1", region="ap-southeast-2")
    routes = [
        resource(ROUTE, name, destinationCidrBlock="10.9.0.0/16", transitGatewayAttachmentId=over)
        for name, over in (("near", "tgw-1"), ("far", "tgw-1a"), ("other", "vpc-1"))
    ]
    found = {finding.urn: finding.verdict for finding in catalogue()["RES-04"].evaluate(lone(asked, accepted, *routes))}
    assert found == dict.fromkeys((asked.urn, accepted.urn, routes[0].urn, routes[1].urn), Verdict.VIOLATION)


def test_a_peering_is_for_both_directions_and_one_within_a_region_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"data": "operational", "from": "eu-west-1", "to": "us-east-1", "mechanism": "no-personal-data"}
    rows = TransferRegister.model_validate({"transfers": [row]})
    monkeypatch.setattr(_register, "register", lambda: rows)
    there = resource(PEERING, "there", peerRegion="us-east-1", tags=OPERATIONAL, **HERE)
    back = resource(PEERING, "back", peerRegion="eu-west-1", tags=OPERATIONAL, provider_region="us-east-1")
    here = resource(VPC_PEERING, "here", peerVpcId="vpc-1", tags=OPERATIONAL, **HERE)
    found = {finding.urn: finding.verdict for finding in catalogue()["RES-04"].evaluate(lone(there, back, here))}
    assert found == {there.urn: Verdict.VIOLATION, back.urn: Verdict.VIOLATION}


def test_what_is_not_known_yet_is_decided_later() -> None:
    unknowns = [
        resource(PEERING, "p", id="tgw-1", peerRegion=UNKNOWN, tags=OPERATIONAL, **HERE),
        resource(ACCEPTER, "a", transitGatewayAttachmentId=UNKNOWN, **HERE),
        resource(ROUTE, "r", transitGatewayAttachmentId="tgw-1", destinationCidrBlock="10.0.0.0/16"),
        resource(INGRESS, "i", cidrIpv4=UNKNOWN),
        resource(GROUP, "g", ingress=[{"cidrBlocks": [UNKNOWN]}]),
    ]
    assert {finding.verdict for finding in catalogue()["RES-04"].evaluate(lone(*unknowns))} == {Verdict.UNDECIDED}
