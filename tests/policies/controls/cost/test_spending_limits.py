"""What is larger, dearer or quieter than was agreed."""

import subprocess
import sys
import time
from typing import Any

import pytest

from config.vocabulary import Environment
from policies.catalogue import catalogue
from policies.graph import Graph
from policies.limits import limits
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.cloud import REPOSITORY
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass, mutated, new_violations, shipped

INSTANCE, MEMBER = "aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
NODES, MACHINE = "aws:eks/nodeGroup:NodeGroup", "aws:ec2/instance:Instance"
FUNCTION, VPC = "aws:lambda/function:Function", "aws:ec2/vpc:Vpc"
BUDGET = "aws:budgets/budget:Budget"
ANOMALIES = "aws:costexplorer/anomalySubscription:AnomalySubscription"
PRIMARY = "database-primary"


def more_gateways(draft: Draft, count: int) -> None:
    """Add NAT gateways, which cost by the hour."""
    for index in range(count):
        draft.add("aws:ec2/natGateway:NatGateway", f"more-{index}", {"connectivityType": "public"})


def untold(draft: Draft, kind: str) -> None:
    for each in draft.one(BUDGET, "spending-total").properties["notifications"]:
        if each["notificationType"] == kind:
            each["subscriberSnsTopicArns"] = []


def unkind(draft: Draft) -> None:
    for each in draft.one(BUDGET, "spending-total").properties["notifications"]:
        del each["notificationType"]


def every_type(draft: Draft) -> None:
    draft.one(NODES).set("instanceTypes", sorted(limits().environments[Environment.PRODUCTION].nodes.classes))


def by_mail(draft: Draft) -> None:
    untold(draft, "ACTUAL")
    for each in draft.one(BUDGET, "spending-total").properties["notifications"]:
        each["subscriberEmailAddresses"] = ["somebody@example.com"]


def budget(name: str, change: Any) -> Mutation:
    return Mutation(name, change, stack="us-east-1")


def shards(draft: Draft, count: object, replicas: object) -> None:
    """Give a cache of small nodes shards, and each of them replicas; None leaves it to AWS."""
    draft.one(CACHE).properties.update(nodeType="cache.t4g.micro", numNodeGroups=count, replicasPerNodeGroup=replicas)


def narrowed(draft: Draft) -> None:
    draft.remove(BUDGET, "spending-total")
    draft.one(BUDGET, "spending-compute").set("costFilters", UNKNOWN)


TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag"


CAUGHT = [
    Mutation("a database is too large", lambda draft: draft.one(INSTANCE, PRIMARY).set("instanceClass", "db.r5.8xlarge")),
    Mutation("a member of a cluster is too large", lambda draft: draft.add(MEMBER, "more", {"instanceClass": "db.x2g.xlarge"})),
    Mutation("a disk is too large", lambda draft: draft.one(INSTANCE, PRIMARY).set("allocatedStorage", 20000)),
    Mutation("a disk may grow too large", lambda draft: draft.one(INSTANCE, PRIMARY).set("maxAllocatedStorage", 65536)),
    Mutation(
        "staging has production's database",
        lambda draft: draft.one(INSTANCE, PRIMARY).set("instanceClass", "db.r5.xlarge"),
        stack="staging",
    ),
    Mutation("a cache is too large", lambda draft: draft.one(CACHE).set("nodeType", "cache.r5.4xlarge")),
    Mutation("a queue has too many nodes", lambda draft: draft.one(CACHE, "queue-redis-group").set("numCacheClusters", 13)),
    Mutation("nodes are too large", lambda draft: draft.one(NODES).set("instanceTypes", ["t3.large", "m5.24xlarge"])),
    Mutation("nodes are what AWS takes", lambda draft: draft.one(NODES).drop("instanceTypes")),
    Mutation("a group may have too many nodes", lambda draft: draft.one(NODES).set("scalingConfig.maxSize", 13)),
    Mutation("a machine is too large", lambda draft: draft.add(MACHINE, "more", {"instanceType": "p4d.24xlarge"})),
    Mutation("a function is too large", lambda draft: draft.one(FUNCTION).set("memorySize", 10240)),
    Mutation("the stack costs too much", lambda draft: more_gateways(draft, 12)),
    Mutation("staging costs too much", lambda draft: more_gateways(draft, 4), stack="staging"),
    budget("the bill has no budget", lambda draft: draft.remove(BUDGET, "spending-total")),
    budget("a budget is more than was agreed", lambda draft: draft.one(BUDGET, "spending-total").set("limitAmount", "100000")),
    budget("a budget is of a year", lambda draft: draft.one(BUDGET, "spending-total").set("timeUnit", "ANNUALLY")),
    budget("nobody hears what was spent", lambda draft: untold(draft, "ACTUAL")),
    budget("nobody hears what will be spent", lambda draft: untold(draft, "FORECASTED")),
    budget("a budget tells nothing", lambda draft: draft.one(BUDGET, "spending-compute").drop("notifications")),
    budget("nobody hears of anomalies", lambda draft: draft.one(ANOMALIES).set("subscribers", [])),
    Mutation("a cache has too many shards", lambda draft: shards(draft, 13, None)),
    Mutation("a cache's shards have too many replicas", lambda draft: shards(draft, 5, 2)),
    Mutation("a cache's one shard has too many replicas", lambda draft: shards(draft, None, 12)),
    Mutation(
        "a new disk is too large", lambda draft: draft.add(INSTANCE, "more", {"instanceClass": "db.t4g.medium", "allocatedStorage": 10001})
    ),
    Mutation(
        "a disk grows too large",
        lambda draft: draft.add(INSTANCE, "more", {"instanceClass": "db.t4g.medium", "maxAllocatedStorage": 10001}),
    ),
    Mutation("a function is a little too large", lambda draft: draft.one(FUNCTION).set("memorySize", 1025)),
    budget("a notification is of no kind", unkind),
    budget("bills are not broken down by a tag", lambda draft: draft.one(TAG).set("status", "Inactive")),
]
SPARED = [
    Mutation("a cache has as many shards as are agreed", lambda draft: shards(draft, 12, None)),
    Mutation("a cache's one shard has as many replicas as are agreed", lambda draft: shards(draft, None, 11)),
    Mutation("a function is as large as is agreed", lambda draft: draft.one(FUNCTION).set("memorySize", 1024)),
    Mutation("a group may have as many nodes as are agreed", lambda draft: draft.one(NODES).set("scalingConfig.maxSize", 12)),
    Mutation("nodes are of every type that is agreed", every_type),
    budget("the budget of the bill names no filter", lambda draft: draft.one(BUDGET, "spending-total").drop("costFilters")),
    Mutation("a database takes one step up", lambda draft: draft.one(INSTANCE, PRIMARY).set("instanceClass", "db.r5.2xlarge")),
    Mutation(
        "a cache has more shards, as far as is agreed", lambda draft: draft.one(CACHE, "queue-redis-group").set("numCacheClusters", 3)
    ),
    Mutation("nodes are on Graviton", lambda draft: draft.one(NODES).set("instanceTypes", ["t4g.large"])),
    Mutation("a function is as small as AWS makes it", lambda draft: draft.one(FUNCTION).drop("memorySize")),
    Mutation("the stack costs a little more", lambda draft: more_gateways(draft, 2)),
    budget("a budget tells by mail", by_mail),
    budget("a part of the bill has no budget", lambda draft: draft.remove(BUDGET, "spending-compute")),
]
OPEN = [
    Mutation("how many nodes a cache has is not known yet", lambda draft: shards(draft, UNKNOWN, 1)),
    Mutation("a class is not known yet", lambda draft: draft.one(INSTANCE, PRIMARY).set("instanceClass", UNKNOWN)),
    budget("what a budget is about is not known yet", narrowed),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("COST-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("COST-01", mutation)


def verdict(graph: Graph, type_: str) -> set[Verdict]:
    urns = {resource.urn for resource in graph.of(type_)}
    return {finding.verdict for finding in catalogue()["COST-01"].evaluate(graph) if finding.urn in urns}


def test_a_stack_whose_region_is_not_known_is_left_open() -> None:
    somewhere = Mutation("its region is not known", lambda draft: draft.one(VPC).replace(provider_region=UNKNOWN))
    assert verdict(mutated(somewhere), VPC) == {Verdict.UNDECIDED}


def test_two_thousand_resources_are_judged_in_well_under_a_second() -> None:
    every = shipped("eu-west-1").resources
    graph = Graph([*every, *shipped("sa-east-1").resources[: 2000 - len(every)]])
    begun = time.process_time()
    assert verdict(graph, VPC)
    assert len(graph.resources) >= 1900 and time.process_time() - begun < 0.5


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("COST-01", mutation)


@pytest.mark.parametrize("path", ["allocatedStorage", "maxAllocatedStorage"])
def test_a_disk_is_too_large_whatever_the_stack_costs(path: str) -> None:
    large = Mutation("a disk is too large", lambda draft: draft.one(INSTANCE, PRIMARY).set(path, 10001))
    assert f"{path}: allowed is" in next(each.message for each in new_violations("COST-01", large) if PRIMARY in each.urn)


def test_prices_are_not_read_when_a_pack_starts() -> None:
    program = (
        "import sys; from policies.catalogue import catalogue; catalogue(); print(*(name for name in sys.modules if 'scripts' in name))"
    )
    started = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert not started.stdout.strip()
