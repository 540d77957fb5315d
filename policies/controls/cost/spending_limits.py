"""COST-01: nothing larger is had than its environment needs, a stack costs no more than was agreed, and somebody hears when it does."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from config.vocabulary import Environment
from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.limits import OfEnvironment, limits
from policies.scope import is_staging
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, look
from policies.verdict import Ruling

VPC = "aws:ec2/vpc:Vpc"
INSTANCE, MEMBER = "aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
NODES, MACHINE = "aws:eks/nodeGroup:NodeGroup", "aws:ec2/instance:Instance"
FUNCTION = "aws:lambda/function:Function"
BUDGET = "aws:budgets/budget:Budget"
ANOMALIES = "aws:costexplorer/anomalySubscription:AnomalySubscription"
TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag"
_FILE = "policies/cost.yaml"
_KINDS = ("ACTUAL", "FORECASTED")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge sizes by their environment, the stack of each network by its estimate, and budgets and anomalies by whom they tell.

    What has no price can only add to an estimate: one that is over its limit is over it, and one within it is as far as is known.
    A budget's action is that somebody is told: one that took rights away would stop customers before it stopped costs.
    """
    for resource in graph.of(INSTANCE, MEMBER, CACHE, NODES, MACHINE, FUNCTION):
        allowed = limits().environments[_environment(resource)]
        yield ruled(resource, *_sizes(resource, allowed))
    for vpc in graph.of(VPC):
        yield ruled(vpc, *_of_stack(graph, vpc))
    for budget in graph.of(BUDGET):
        told = [_tells(budget, kind) for kind in _KINDS]
        yield ruled(
            budget,
            need(budget, "limitAmount", lambda usd: float(usd) <= limits().account.monthly_usd, f"the account's sum of {_FILE}, or less"),
            need(budget, "timeUnit", lambda unit: unit == "MONTHLY", "MONTHLY"),
            Need("notifications", all_of(told), f"{' and '.join(_KINDS)}, each with a topic or an address"),
        )
    for anomalies in graph.of(ANOMALIES):
        yield ruled(anomalies, need(anomalies, "subscribers", bool, "a topic or an address"))
    for tag in graph.of(TAG):
        yield ruled(tag, need(tag, "status", lambda status: status == "Active", "Active, so that bills are broken down by it"))


def _environment(resource: Resource) -> Environment:
    return Environment.STAGING if is_staging(resource) else Environment.PRODUCTION


def _sizes(resource: Resource, allowed: OfEnvironment) -> Iterator[Need]:
    listed = f"what {_FILE} has for its environment"
    if resource.type == FUNCTION:
        # Left out, AWS takes the least there is.
        yield need(resource, "memorySize", lambda size: size <= allowed.functions.most_mb, listed, absent=True)
    elif resource.type == CACHE:
        yield need(resource, "nodeType", allowed.caches.classes.__contains__, listed)
        yield Need("numNodeGroups", _few(_cache_nodes(resource), allowed.caches.most_nodes), f"nodes as {listed}")
    elif resource.type == NODES:
        # Left out, AWS takes a type of its own.
        yield need(resource, "instanceTypes", lambda types: set(types) <= allowed.nodes.classes, listed)
        yield need(resource, "scalingConfig.maxSize", lambda size: size <= allowed.nodes.most_nodes, listed)
    elif resource.type == MACHINE:
        yield need(resource, "instanceType", allowed.nodes.classes.__contains__, listed)
    else:
        yield need(resource, "instanceClass", allowed.databases.classes.__contains__, listed)
        for path in ("allocatedStorage", "maxAllocatedStorage"):
            yield need(resource, path, lambda size: int(size) <= allowed.databases.most_gb, listed, absent=True)


def _cache_nodes(cache: Resource) -> Any:
    """Return how many nodes a cache has: those it counts, or its shards with their replicas; UNKNOWN where a part of that is."""
    counted, shards, replicas = (cache.look(path) for path in ("numCacheClusters", "numNodeGroups", "replicasPerNodeGroup"))
    if UNKNOWN in (counted, shards, replicas):
        return UNKNOWN
    if counted is not ABSENT:
        return counted
    return (1 if shards is ABSENT else shards) * (1 + (0 if replicas is ABSENT else replicas))


def _few(count: Any, most: int) -> Answer:
    return None if count is UNKNOWN else count <= most


def _of_stack(graph: Graph, vpc: Resource) -> Iterator[Need]:
    stack = vpc.urn.split(":")[2]
    yield Need("", _is_within(graph, vpc, stack), f"an estimate (`make cost`) within the sum that {_FILE} has for the stack")
    own = limits().stacks.get(stack)
    if own is not None and own.owns_the_bill:
        whole = [asks(budget.properties, "costFilters", lambda filters: filters == [], absent=True) for budget in graph.of(BUDGET)]
        yield Need("", any_of(whole), "a Budget of the whole bill, without filters")


@cache
def _tables() -> tuple[Any, Any]:
    """Return prices and assumptions; they are read when a stack is judged, and not whenever a pack starts (ADR 31)."""
    from scripts.cost import prices, usage

    return prices.load(), usage.load()


def _is_within(graph: Graph, vpc: Resource, stack: str) -> Answer:
    from scripts.cost.estimate import monthly
    from scripts.cost.graph import Item

    region = vpc.provider_region
    if not isinstance(region, str):
        return None
    environment = _environment(vpc)
    book, assumed = _tables()
    items = [
        Item(urn=one.urn, type=one.type, name=one.name, inputs=_known(one.properties), parent=one.parent)
        for one in graph.resources
        if not one.type.startswith("morefocus:")
    ]
    estimate = monthly(
        items,
        region=region,
        book=book,
        usage=assumed.of_staging() if environment is Environment.STAGING else assumed,
        spot_discount=limits().spot_discount,
    )
    return bool(estimate.total <= limits().of(stack, environment).monthly_usd)


def _known(value: Any) -> Any:
    """Return a value without what is unknown: what is left has a default, or a price that is unresolved; members count all the same."""
    if isinstance(value, Mapping):
        return {key: _known(inner) for key, inner in value.items() if inner is not UNKNOWN}
    if isinstance(value, list):
        return [_known(inner) for inner in value]
    return None if value is UNKNOWN else value


def _tells(budget: Resource, kind: str) -> Answer:
    return any_of(
        [
            all_of(
                [
                    asks(one, "notificationType", lambda given: given == kind, absent=False),
                    any(look(one, path) not in (ABSENT, []) for path in ("subscriberSnsTopicArns", "subscriberEmailAddresses")),
                ]
            )
            for one in each(budget.properties, "notifications")
        ]
    )


CONTROL = Control(
    id="COST-01",
    title="Sizes are those of their environment, a stack's estimate is within its limit, and budgets tell somebody",
    severity=Severity.MEDIUM,
    why="One class too large, in three regions and for a year, costs more than the person who would have noticed.",
    fix="take a class of policies/cost.yaml; where more is needed, change the list or the stack's sum there with the reason",
    clauses=clauses(soc2="A1.1*", iso27001="8.6*"),
    governs=(INSTANCE, MEMBER, CACHE, NODES, MACHINE, FUNCTION, VPC, BUDGET, ANOMALIES, TAG),
    check=check,
    house=True,
)
