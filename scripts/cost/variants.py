"""Other shapes of the same estate: on Graviton, and lean enough for the budget (D4, D8). Each change says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scripts.cost.graph import Item

GRAVITON: Mapping[str, str] = {
    "t3.large": "t4g.large",
    "c5.xlarge": "c7g.xlarge",
    "db.r5.xlarge": "db.r8g.xlarge",
    "cache.r5.large": "cache.r7g.large",
}
"""Types of A and what is as large on AWS's own processors.

Sources: https://aws.amazon.com/ec2/instance-types/, https://aws.amazon.com/rds/instance-types/
"""
_DATABASE = "aws:rds/instance:Instance"
_CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
_NODES = "aws:eks/nodeGroup:NodeGroup"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_NAT = "aws:ec2/natGateway:NatGateway"
_SEARCH = "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch"
_ADDRESS = "aws:ec2/eip:Eip"


@dataclass(frozen=True, kw_only=True)
class Saving:
    """One thing that the lean estate does otherwise."""

    what: str
    gives_up: str


LEAN: tuple[Saving, ...] = (
    Saving(what="databases on db.t4g.medium, 100 GiB that grow by themselves", gives_up="32 GB of memory; DAT-1's class and size"),
    Saving(
        what="no read replicas and no replica in another region",
        gives_up="reading beside writing; a region's fault is met from backups (DAT-2)",
    ),
    Saving(what="caches on cache.t4g.small, the queue's on cache.t4g.micro", gives_up="13 GB of memory a node (DAT-4)"),
    Saving(what="one NAT gateway a region", gives_up="the loss of its zone cuts off the others"),
    Saving(what="gateway endpoints alone", gives_up="calls of AWS's services leave through the NAT gateway (NET-9)"),
    Saving(what="nodes on Graviton", gives_up="images for x86 alone"),
    Saving(what="no nodes for intensive work until there is some", gives_up="minutes until the first one is there (CMP-2)"),
    Saving(what="no Elasticsearch in the clusters; logs stay in CloudWatch", gives_up="searching logs in Kibana (OBS-4)"),
    Saving(what="no Datadog; Prometheus watches the nodes", gives_up="a second view of the infrastructure (OBS-5)"),
)


def graviton(graph: Sequence[Item]) -> list[Item]:
    """Return the graph with every type that has an equivalent on Graviton exchanged for it."""
    return [_exchanged(item) for item in graph]


def _exchanged(item: Item) -> Item:
    match item.type:
        case "aws:eks/nodeGroup:NodeGroup":
            kinds = item.inputs.get("instanceTypes") or []
            return _with(item, instanceTypes=[GRAVITON.get(kind, kind) for kind in kinds])
        case "aws:rds/instance:Instance":
            return _with(item, instanceClass=_equal(item, "instanceClass"))
        case "aws:elasticache/replicationGroup:ReplicationGroup":
            return _with(item, nodeType=_equal(item, "nodeType"))
    return item


def lean(graph: Sequence[Item]) -> list[Item]:
    """Return the graph as it would be within the budget of the source: see `LEAN` for what that gives up."""
    first_nat = min((item.name for item in graph if item.type == _NAT), default=None)
    first_address = min((item.name for item in graph if item.type == _ADDRESS), default=None)
    kept = []
    for item in graviton_nodes(graph):
        if item.type == _DATABASE and item.inputs.get("replicateSourceDb"):
            continue
        if (item.type == _NAT and item.name != first_nat) or (item.type == _ADDRESS and item.name != first_address):
            continue
        if item.type == _ENDPOINT and item.inputs.get("vpcEndpointType") == "Interface":
            continue
        if item.type == _SEARCH:
            continue
        kept.append(_shrunk(item))
    return kept


def graviton_nodes(graph: Sequence[Item]) -> list[Item]:
    """Return the graph with its nodes alone on Graviton."""
    return [_exchanged(item) if item.type == _NODES else item for item in graph]


def _shrunk(item: Item) -> Item:
    if item.type == _DATABASE:
        return _with(item, instanceClass="db.t4g.medium", allocatedStorage=100, iops=None)
    if item.type == _CACHE:
        return _with(item, nodeType="cache.t4g.micro" if item.inputs.get("numCacheClusters") else "cache.t4g.small")
    if item.type == _NODES and "intensive" in item.name:
        return _with(item, scalingConfig={**(item.inputs.get("scalingConfig") or {}), "desiredSize": 0})
    return item


def _equal(item: Item, key: str) -> str:
    kind = str(item.inputs.get(key))
    return GRAVITON.get(kind, kind)


def _with(item: Item, **inputs: Any) -> Item:
    return replace(item, inputs={**item.inputs, **inputs})
