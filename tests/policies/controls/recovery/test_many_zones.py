"""What a lost zone would take along."""

from typing import Any

import pytest

from policies.catalogue import catalogue
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

INSTANCE, CACHE = "aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"
BALANCER, NODES = "aws:lb/loadBalancer:LoadBalancer", "aws:eks/nodeGroup:NodeGroup"
FILES, MOUNT = "aws:efs/fileSystem:FileSystem", "aws:efs/mountTarget:MountTarget"
VPC, SUBNET, NAT = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/natGateway:NatGateway"
ASSOCIATION, ROUTE = "aws:ec2/routeTableAssociation:RouteTableAssociation", "aws:ec2/route:Route"
STAGING = {"environment": "staging"}


def off(type_: str, name: str, path: str) -> Any:
    return lambda draft: draft.one(type_, name).set(path, False)


def dropped(type_: str, name: str, path: str) -> Any:
    return lambda draft: draft.one(type_, name).drop(path)


def narrow(type_: str, name: str, path: str, *letters: str) -> Any:
    return lambda draft: draft.one(type_, name).set(path, [f"network-private-subnet-{letter}-id" for letter in letters])


def staged(type_: str, name: str, path: str, value: Any) -> Any:
    def change(draft: Draft) -> None:
        draft.one(type_, name).set(path, value)
        draft.one(type_, name).properties["tags"] = STAGING

    return change


def mounts_in_one_zone(draft: Draft) -> None:
    draft.remove(MOUNT, "shared-files-mount-b")
    draft.remove(MOUNT, "shared-files-mount-c")


def two_way_outs(draft: Draft) -> None:
    draft.remove(NAT, "network-nat-gateway-c")
    draft.remove(ROUTE, "network-nat-route-c")


def staging_vpc(draft: Draft) -> None:
    two_way_outs(draft)
    draft.one(VPC).properties["tags"] = STAGING
    for subnet in draft.all(SUBNET):
        subnet.properties["tags"] = STAGING


def closed_vpc(draft: Draft) -> None:
    draft.add(VPC, "closed", {"id": "closed"})
    draft.add(SUBNET, "closed", {"id": "closed-a", "vpcId": "closed", "availabilityZone": "eu-west-1d"})


CAUGHT = [
    Mutation("the database has no standby", off(INSTANCE, "database-primary", "multiAz")),
    Mutation("nothing is said of a standby", dropped(INSTANCE, "database-primary", "multiAz")),
    Mutation("the cache is in one zone", off(CACHE, "cache-cluster", "multiAzEnabled")),
    Mutation("the queue's cache waits for a person", off(CACHE, "queue-redis-group", "automaticFailoverEnabled")),
    Mutation("the balancer is in one zone", narrow(BALANCER, "entry-balancer", "subnets", "a")),
    Mutation("nodes are in one zone", narrow(NODES, "cluster-standard-on-demand", "subnetIds", "b")),
    Mutation(
        "nodes are in two subnets of one zone",
        lambda draft: draft.one(NODES, "cluster-standard-on-demand").set(
            "subnetIds", ["network-private-subnet-a-id", "network-public-subnet-a-id"]
        ),
    ),
    Mutation("files are reached in one zone", mounts_in_one_zone),
    Mutation("a zone has no way out of its own", two_way_outs),
    Mutation(
        "a subnet goes out through another zone",
        lambda draft: draft.one(ASSOCIATION, "network-private-association-a").set("routeTableId", "network-private-table-b-id"),
    ),
    Mutation(
        "a way out leads through another zone",
        lambda draft: draft.one(ROUTE, "network-nat-route-a").set("natGatewayId", "network-nat-gateway-c-id"),
    ),
]
SPARED = [
    Mutation("staging's database has no standby", staged(INSTANCE, "database-primary", "multiAz", False)),
    Mutation("a replica has no standby", dropped(INSTANCE, "database-replica-a", "multiAz")),
    Mutation("staging's cache is in one zone", staged(CACHE, "cache-cluster", "multiAzEnabled", False)),
    Mutation("staging's balancer is in one zone", staged(BALANCER, "entry-balancer", "subnets", ["network-public-subnet-a-id"])),
    Mutation("nodes are in two zones", narrow(NODES, "cluster-standard-on-demand", "subnetIds", "a", "c")),
    Mutation("files are reached in two zones", lambda draft: draft.remove(MOUNT, "shared-files-mount-c")),
    Mutation("files are meant for one zone", lambda draft: draft.add(FILES, "scratch", {"availabilityZoneName": "eu-west-1a"})),
    Mutation("staging's files are reached nowhere", lambda draft: draft.add(FILES, "scratch", {"tags": STAGING})),
    Mutation("staging has two ways out for three zones", staging_vpc),
    Mutation("a network has no way out", closed_vpc),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("BCK-06", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("BCK-06", mutation)


def test_what_is_not_known_yet_is_found_by_its_making_or_decided_later() -> None:
    subnets = [resource(SUBNET, letter, id=UNKNOWN, availabilityZone=f"eu-west-1{letter}") for letter in "ab"]
    told = {"subnetIds": tuple(subnet.urn for subnet in subnets)}
    spread = resource(NODES, "spread", subnetIds=[UNKNOWN, UNKNOWN], property_dependencies=told)
    unknown = resource(NODES, "unknown", subnetIds=UNKNOWN)
    placeless = resource(SUBNET, "x", id="x", availabilityZone=UNKNOWN)
    somewhere = resource(NODES, "somewhere", subnetIds=["x"])
    half = resource(NODES, "half", subnetIds=["x", "y"])
    nearby = resource(SUBNET, "y", id="y", availabilityZone="eu-west-1a")
    zoneless = resource(NODES, "zoneless", subnetIds=["y", "z"])
    nowhere = resource(SUBNET, "z", id="z")
    files, unmounted = resource(FILES, "files", id="f"), resource(FILES, "unmounted", id="u")
    unknown_mount = resource(MOUNT, "open", fileSystemId=UNKNOWN, subnetId="y")
    mounts = [
        resource(MOUNT, "near", fileSystemId="f", subnetId="y"),
        resource(MOUNT, "far", fileSystemId="f", subnetId=UNKNOWN),
    ]
    others = [placeless, nearby, nowhere, *mounts]
    judged = [spread, unknown, somewhere, half, zoneless, files, unmounted]
    found = {finding.urn: finding.verdict for finding in catalogue()["BCK-06"].evaluate(lone(*subnets, *others, *judged))}
    assert found == {
        zoneless.urn: Verdict.VIOLATION,
        half.urn: Verdict.UNDECIDED,
        files.urn: Verdict.UNDECIDED,
        unmounted.urn: Verdict.VIOLATION,
        spread.urn: Verdict.PASS,
        unknown.urn: Verdict.UNDECIDED,
        somewhere.urn: Verdict.UNDECIDED,
    }
    (later,) = catalogue()["BCK-06"].evaluate(lone(unmounted, unknown_mount, nearby))
    assert later.verdict is Verdict.UNDECIDED, "a mount target may be its own"


def test_ways_out_that_are_not_known_yet_are_decided_later() -> None:
    vpc = resource(VPC, "v", id="v")
    subnets = [resource(SUBNET, zone, id=zone, vpcId="v", availabilityZone=zone) for zone in "ab"]
    known, unknown = resource(NAT, "known", id="nat", subnetId="a"), resource(NAT, "unknown", subnetId=UNKNOWN)
    adrift = resource(SUBNET, "adrift", id="adrift", vpcId="other", availabilityZone=UNKNOWN)
    route = resource(ROUTE, "r", routeTableId="t", natGatewayId="nat")
    table = resource("aws:ec2/routeTable:RouteTable", "t", id="t")
    joined = resource(ASSOCIATION, "j", subnetId="adrift", routeTableId="t")

    def found(*more: Any) -> dict[str, Verdict]:
        graph = lone(vpc, *subnets, known, adrift, route, table, joined, *more)
        return {finding.urn: finding.verdict for finding in catalogue()["BCK-06"].evaluate(graph)}

    assert found() == {vpc.urn: Verdict.VIOLATION, joined.urn: Verdict.UNDECIDED}
    assert found(unknown)[vpc.urn] is Verdict.UNDECIDED
