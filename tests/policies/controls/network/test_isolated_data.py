"""Data stores in subnets that lead to the internet's gateway, by each way of leading there."""

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass, new_violations

SUBNETS = "aws:rds/subnetGroup:SubnetGroup"
CACHE_SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup"
DATABASE = "aws:rds/instance:Instance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
MOUNT = "aws:efs/mountTarget:MountTarget"
TABLE = "aws:ec2/routeTable:RouteTable"
DEFAULT_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
GATEWAY = "network-internet-gateway-id"
WORLD = "0.0.0.0/0"


def by_the_default_table(draft: Draft) -> None:
    draft.one(DEFAULT_TABLE).set("routes", [{"cidrBlock": WORLD, "gatewayId": GATEWAY}])
    draft.one(ASSOCIATION, "network-isolated-association-a").set("routeTableId", f"{draft.one(DEFAULT_TABLE).resource.name}-id")


def closed_default_table(draft: Draft) -> None:
    draft.one(ASSOCIATION, "network-isolated-association-a").set("routeTableId", f"{draft.one(DEFAULT_TABLE).resource.name}-id")


def with_routes_of_its_own(draft: Draft) -> None:
    draft.one(TABLE, "network-public-table").set("routes", [{"cidrBlock": WORLD, "gatewayId": GATEWAY}])


def not_known_yet(draft: Draft) -> None:
    """As in a first preview: ids are unknown, and only dependencies tell which subnets they are."""
    subnets = [each.resource.urn for each in draft.all("aws:ec2/subnet:Subnet") if "isolated" in each.resource.name]
    group = draft.one(SUBNETS, "database-subnets")
    group.set("subnetIds", UNKNOWN)
    group.replace(property_dependencies={"subnetIds": tuple(subnets)})


def untold(draft: Draft) -> None:
    group = draft.one(SUBNETS)
    group.set("subnetIds", UNKNOWN)
    group.replace(property_dependencies={})


CAUGHT = [
    Mutation("a database stands in a public subnet", lambda draft: draft.one(SUBNETS).set("subnetIds", ["network-public-subnet-a-id"])),
    Mutation(
        "one of three subnets of a cache is public",
        lambda draft: draft.one(CACHE_SUBNETS, "cache-subnets").set("subnetIds.2", "network-public-subnet-c-id"),
    ),
    Mutation("one of three subnets is somebody else's", lambda draft: draft.one(SUBNETS).set("subnetIds.2", "subnet-0f00000000000000f")),
    Mutation("a subnet group has no subnet", lambda draft: draft.one(SUBNETS).set("subnetIds", [])),
    Mutation(
        "files are mounted in a public subnet",
        lambda draft: draft.one(MOUNT, "shared-files-mount-a").set("subnetId", "network-public-subnet-a-id"),
    ),
    Mutation(
        "the isolated table leads to the internet",
        lambda draft: draft.add(
            ROUTE, "out", {"routeTableId": "network-isolated-table-id", "destinationCidrBlock": WORLD, "gatewayId": GATEWAY}
        ),
    ),
    Mutation(
        "a gateway that somebody made by hand is led to",
        lambda draft: draft.add(
            ROUTE,
            "out",
            {"routeTableId": "network-isolated-table-id", "destinationIpv6CidrBlock": "::/0", "gatewayId": "igw-0a1b2c3d4e5f60718"},
        ),
    ),
    Mutation(
        "the isolated table has a way out inside",
        lambda draft: draft.one(TABLE, "network-isolated-table").set("routes", [{"cidrBlock": WORLD, "gatewayId": GATEWAY}]),
    ),
    Mutation(
        "an isolated subnet follows the public table",
        lambda draft: draft.one(ASSOCIATION, "network-isolated-association-b").set("routeTableId", "network-public-table-id"),
    ),
    Mutation("an isolated subnet follows the default table, which leads out", by_the_default_table),
    Mutation(
        "an isolated subnet follows a table of elsewhere",
        lambda draft: draft.one(ASSOCIATION, "network-isolated-association-b").set("routeTableId", "rtb-0f00000000000000f"),
    ),
    Mutation("an isolated subnet follows the VPC's main table", lambda draft: draft.remove(ASSOCIATION, "network-isolated-association-b")),
    Mutation("a database is left to the default VPC", lambda draft: draft.one(DATABASE, "database-primary").drop("dbSubnetGroupName")),
    Mutation("a cache is left to the default VPC", lambda draft: draft.one(CACHE, "cache-cluster").drop("subnetGroupName")),
    Mutation(
        "a copy of another region does not say where it stands",
        lambda draft: draft.add(DATABASE, "copy", {"region": "us-west-2", "replicateSourceDb": "arn:aws:rds:eu-west-1:1:db:x"}),
    ),
]
SPARED = [
    Mutation("an isolated subnet follows the default table, which is closed", closed_default_table),
    Mutation(
        "a database stands in private subnets, which lead out by NAT",
        lambda draft: draft.one(SUBNETS).set("subnetIds", ["network-private-subnet-a-id", "network-private-subnet-b-id"]),
    ),
    Mutation("the public table has its route inside", with_routes_of_its_own),
    Mutation(
        "another way of the public table",
        lambda draft: draft.add(
            ROUTE, "more", {"routeTableId": "network-public-table-id", "gatewayId": GATEWAY, "destinationIpv6CidrBlock": "::/0"}
        ),
    ),
    Mutation(
        "the isolated table leads to a private gateway of an office",
        lambda draft: draft.add(
            ROUTE,
            "office",
            {"routeTableId": "network-isolated-table-id", "destinationCidrBlock": "10.99.0.0/16", "gatewayId": "vgw-0a1b2c3d"},
        ),
    ),
    Mutation(
        "a replica of the same region stands where its source does",
        lambda draft: draft.add(DATABASE, "replica", {"replicateSourceDb": "morefocus-prod-euw1-database"}),
    ),
    Mutation(
        "a replica of another region says where it stands",
        lambda draft: draft.add(DATABASE, "copy", {"region": "us-west-2", "dbSubnetGroupName": "there"}, provider_region="eu-west-1"),
    ),
    Mutation("subnets that are not known yet are the isolated ones", not_known_yet),
]
OPEN = [
    Mutation("nothing tells of subnets that are not known yet", untold),
    Mutation(
        "nothing tells what a way of the isolated table leads to",
        lambda draft: draft.add(ROUTE, "out", {"routeTableId": "network-isolated-table-id", "gatewayId": UNKNOWN}),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-02", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("NET-02", mutation)


STORES = {"database-subnets", "cache-subnets", "queue-redis-subnets"}
MOUNTS = {f"shared-files-mount-{zone}" for zone in "abc"}
FOLLOWERS = {f"network-isolated-association-{zone}" for zone in "abc"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("the isolated table leads to the internet", {"out", *FOLLOWERS, *STORES, *MOUNTS}),
        ("the isolated table has a way out inside", {"network-isolated-table", *FOLLOWERS, *STORES, *MOUNTS}),
        (
            "an isolated subnet follows the public table",
            {"network-public-route", "network-isolated-association-b", "shared-files-mount-b", *STORES},
        ),
        ("one of three subnets of a cache is public", {"cache-subnets", "network-public-route", "network-public-association-c"}),
        ("an isolated subnet follows the VPC's main table", {"shared-files-mount-b", *STORES}),
    ],
)
def test_a_fault_is_told_where_it_is_and_where_it_is_felt(name: str, told: set[str]) -> None:
    (mutation,) = [each for each in CAUGHT if each.name == name]
    assert {finding.urn.rpartition("::")[2] for finding in new_violations("NET-02", mutation)} == told
