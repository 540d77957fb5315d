"""Clients of data stores that nobody declared, in each form of a rule."""

from typing import Any

import pytest

from policies.controls.network._data_tier import STORES
from policies.controls.network._reach import MATRIX
from policies.values import UNKNOWN
from tests.kit.policies import STACKS, Draft, Mutation, catches, leaves_open, lets_pass, shipped

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
NODE = "aws:elasticache/cluster:Cluster"
DATABASE = "aws:rds/instance:Instance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
MOUNT = "aws:efs/mountTarget:MountTarget"
NODES = "cluster-node-firewall-group-id"
POSTGRES = {"ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432}
OLD_POSTGRES = {"protocol": "tcp", "fromPort": 5432, "toPort": 5432}


def rule(**more: Any) -> Any:
    return lambda draft: draft.add(RULE, "more", {"securityGroupId": "database-access-id", **POSTGRES, **more})


def old_rule(**more: Any) -> Any:
    return lambda draft: draft.add(OLD_RULE, "more", {"type": "ingress", "securityGroupId": "database-access-id", **OLD_POSTGRES, **more})


def inside(**more: Any) -> Any:
    return lambda draft: draft.one(GROUP, "database-access").set("ingress", [{**OLD_POSTGRES, **more}])


def guarded_by_a_stranger(region: Any) -> Any:
    properties = {"region": region, "vpcSecurityGroupIds": ["sg-0f00000000000000f"]}
    return lambda draft: draft.add(DATABASE, "new", properties, provider_region="eu-west-1")


def not_known_yet(draft: Draft) -> None:
    """As in a first preview: ids are unknown, and only dependencies tell which groups they are."""
    group = draft.one(GROUP, "database-access").resource.urn
    nodes = draft.one(GROUP, "cluster-node-firewall-group").resource.urn
    draft.add(
        RULE,
        "more",
        {"securityGroupId": UNKNOWN, "referencedSecurityGroupId": UNKNOWN, **POSTGRES},
        property_dependencies={"securityGroupId": (group,), "referencedSecurityGroupId": (nodes,)},
    )


def of_the_control_plane(draft: Draft) -> None:
    """The cluster's own group is not known before there is a cluster, and is no store's."""
    cluster = draft.one("aws:eks/cluster:Cluster").resource.urn
    draft.add(RULE, "api", {"securityGroupId": UNKNOWN, "cidrIpv4": "10.0.0.0/8"}, property_dependencies={"securityGroupId": (cluster,)})


def from_another_stack(draft: Draft, other: str = "") -> None:
    reference = other or draft.add("pulumi:pulumi:StackReference", "hub", {}).resource.urn
    cluster = draft.one("aws:eks/cluster:Cluster").resource.urn
    made_of = {"referencedSecurityGroupId": (cluster, reference)}
    properties = {"securityGroupId": "database-access-id", "referencedSecurityGroupId": UNKNOWN, **POSTGRES}
    draft.add(RULE, "more", properties, property_dependencies=made_of)


def untold(draft: Draft) -> None:
    cache = draft.one(CACHE, "cache-cluster")
    cache.set("securityGroupIds", UNKNOWN)
    cache.replace(property_dependencies={})


CAUGHT = [
    *(
        Mutation(f"a network reaches the database beside its clients ({form})", inside(securityGroups=[NODES], **{form: [network]}))
        for form, network in (("cidrBlocks", "10.1.0.0/17"), ("ipv6CidrBlocks", "fd00::/8"), ("prefixListIds", "pl-1"))
    ),
    Mutation("the database speaks to itself beside its clients", inside(securityGroups=[NODES], self=True)),
    Mutation(
        "a cache of a single node has no group", lambda draft: draft.add(NODE, "new", {"subnetGroupName": "morefocus-prod-euw1-cache"})
    ),
    *(
        Mutation(f"a database of {where} has a group of elsewhere", guarded_by_a_stranger(region))
        for where, region in (("here, which it says,", "eu-west-1"), ("a region that is not known yet", UNKNOWN))
    ),
    Mutation("a network reaches the database", rule(cidrIpv4="10.1.0.0/17")),
    Mutation("a network of IPv6 reaches the database", rule(cidrIpv6="fd00::/8")),
    Mutation("a prefix list reaches the database", rule(prefixListId="pl-cloudfront")),
    Mutation("the load balancer reaches the database", rule(referencedSecurityGroupId="entry-access-id")),
    Mutation("a group of elsewhere reaches the database", rule(referencedSecurityGroupId="sg-0f00000000000000f")),
    Mutation("nodes reach another port", rule(referencedSecurityGroupId=NODES, fromPort=22, toPort=22)),
    Mutation("nodes reach more than one port", rule(referencedSecurityGroupId=NODES, toPort=5439)),
    Mutation("nodes reach the port by another protocol", rule(referencedSecurityGroupId=NODES, ipProtocol="udp")),
    Mutation("nodes reach everything", rule(referencedSecurityGroupId=NODES, ipProtocol="-1")),
    Mutation("the database speaks to itself", rule(referencedSecurityGroupId="database-access-id")),
    Mutation(
        "nodes reach the cache by the port of the database",
        lambda draft: draft.add(RULE, "more", {"securityGroupId": "cache-access-id", "referencedSecurityGroupId": NODES, **POSTGRES}),
    ),
    Mutation(
        "a function reaches the files",
        lambda draft: draft.one(RULE, "shared-files-access-from-nodes").set("referencedSecurityGroupId", "scheduling-privacy-access-id"),
    ),
    Mutation("a network reaches the database by a rule of the old kind", old_rule(cidrBlocks=["10.1.0.0/17"])),
    Mutation("the load balancer reaches it by a rule of the old kind", old_rule(sourceSecurityGroupId="entry-access-id")),
    Mutation("the database speaks to itself by a rule of the old kind", old_rule(self=True)),
    Mutation("a network reaches the database by a rule inside the group", inside(cidrBlocks=["10.1.0.0/17"])),
    Mutation("the load balancer reaches it by a rule inside the group", inside(securityGroups=["entry-access-id"])),
    Mutation("one of two clients is not declared", inside(securityGroups=[NODES, "sg-0f00000000000000f"])),
    Mutation("the database speaks to itself by a rule inside the group", inside(self=True)),
    Mutation("a database has no group", lambda draft: draft.one(DATABASE, "database-primary").drop("vpcSecurityGroupIds")),
    Mutation("files have no group", lambda draft: draft.one(MOUNT, "shared-files-mount-a").set("securityGroups", [])),
    Mutation(
        "a cache has the VPC's default group",
        lambda draft: draft.one(CACHE, "cache-cluster").set("securityGroupIds", [f"{draft.one(DEFAULT_GROUP).resource.name}-id"]),
    ),
    Mutation(
        "a cache has a group of elsewhere besides its own",
        lambda draft: draft.one(CACHE, "cache-cluster").set("securityGroupIds", ["cache-access-id", "sg-0f00000000000000f"]),
    ),
    Mutation(
        "a copy in another region has no group",
        lambda draft: draft.add(DATABASE, "copy", {"region": "us-west-2", "dbSubnetGroupName": "there"}, provider_region="eu-west-1"),
    ),
    Mutation(
        "files share the group of the database",
        lambda draft: draft.one(MOUNT, "shared-files-mount-a").set("securityGroups", ["database-access-id"]),
    ),
]
SPARED = [
    Mutation("a node is where its cluster is", lambda draft: draft.add(NODE, "new", {"replicationGroupId": "cache"})),
    Mutation("TCP is said by a number", inside(securityGroups=[NODES], protocol=6)),
    Mutation("nodes reach the database once more", rule(referencedSecurityGroupId=NODES)),
    Mutation("TCP is said by its number", rule(referencedSecurityGroupId=NODES, ipProtocol="6")),
    Mutation("nodes reach it by a rule of the old kind", old_rule(sourceSecurityGroupId=NODES)),
    Mutation("nodes reach it by a rule inside the group", inside(securityGroups=[NODES])),
    Mutation("a rule of the old kind lets something out", old_rule(type="egress", cidrBlocks=["10.1.0.0/17"])),
    Mutation(
        "a network reaches the endpoints",
        lambda draft: draft.add(RULE, "more", {"securityGroupId": "network-endpoints-security-group-id", "cidrIpv4": "10.1.128.0/20"}),
    ),
    Mutation(
        "a replica has the groups of its source",
        lambda draft: draft.add(DATABASE, "replica", {"replicateSourceDb": "morefocus-prod-euw1-database"}),
    ),
    Mutation(
        "a copy in another region has groups of there",
        lambda draft: draft.add(
            DATABASE, "copy", {"region": "us-west-2", "vpcSecurityGroupIds": ["sg-there"]}, provider_region="eu-west-1"
        ),
    ),
    Mutation("groups that are not known yet are the nodes' and the database's", not_known_yet),
    Mutation("the group of the control plane is not known yet", of_the_control_plane),
]
OPEN = [
    Mutation("the protocol is not known yet", rule(referencedSecurityGroupId=NODES, ipProtocol=UNKNOWN)),
    Mutation("a client may come from another stack", from_another_stack),
    Mutation("a client may come from what is gone", lambda draft: from_another_stack(draft, "urn:pulumi:eu-west-1::morefocus::gone::gone")),
    Mutation("nothing tells which group a rule is of", rule(securityGroupId=UNKNOWN, referencedSecurityGroupId=NODES)),
    Mutation("nothing tells who the client is", rule(referencedSecurityGroupId=UNKNOWN)),
    Mutation("the port is not known yet", rule(referencedSecurityGroupId=NODES, toPort=UNKNOWN)),
    Mutation("nothing tells which groups a cache has", untold),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-03", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-03", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("NET-03", mutation)


def test_every_row_of_the_matrix_has_a_reason_and_is_about_a_store_and_a_group_that_there_is() -> None:
    groups = {group.name for stack in STACKS for group in shipped(stack).of(GROUP)}
    stores = {store.type for stack in STACKS for store in shipped(stack).of(*STORES)}
    assert {row.client for row in MATRIX} <= groups and {row.store for row in MATRIX} == stores
    assert all(len(row.reason) > 40 for row in MATRIX) and len(set(MATRIX)) == len(MATRIX)
