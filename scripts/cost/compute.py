"""Prices of compute: control planes, nodes with their disks and Spot, volumes of pods (CMP-1 to CMP-4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scripts.cost.graph import Item
from scripts.cost.line import HOURS, Till

GROUP = "compute"
_FREE_IOPS, _FREE_THROUGHPUT = 3000, 125
"""What the price of a gp3 volume holds: IOPS and MiB/s. Source: https://aws.amazon.com/ebs/pricing/"""


def cluster(item: Item, till: Till) -> None:
    """A control plane in standard support; extended support is refused by the configuration (D4)."""
    till.bill(item, "eks:cluster", HOURS, group=GROUP, service="EKS", what="control plane")


def node_group(item: Item, till: Till) -> None:
    """Nodes that are wanted, at the price of the group's first type; on Spot at the share of it that is left (CST-2)."""
    nodes = Decimal((item.inputs.get("scalingConfig") or {}).get("desiredSize") or 0)
    kind = (item.inputs.get("instanceTypes") or ["unknown"])[0]
    spot = item.inputs.get("capacityType") == "SPOT"
    factor = Decimal(1) - till.spot_discount if spot else Decimal(1)
    what = f"{kind} {'on Spot' if spot else 'on demand'}"
    till.bill(item, f"ec2:{kind}", nodes * HOURS, group=GROUP, service="EC2", what=what, driver="nodes", factor=factor)
    for disk in _disks(item, till):
        _volume(item, till, disk, nodes)


def _disks(item: Item, till: Till) -> list[Mapping[str, Any]]:
    """Return the disks of a node: those of its launch template, which has the group's name but for how it is paid for."""
    base = item.name.removesuffix("-spot").removesuffix("-on-demand")
    template = till.referred.get(f"aws:ec2/launchTemplate:LaunchTemplate {base}-template")
    mappings = template.inputs.get("blockDeviceMappings") or () if template else ()
    return [mapping["ebs"] for mapping in mappings if mapping.get("ebs")]


def _volume(item: Item, till: Till, disk: Mapping[str, Any], count: Decimal) -> None:
    kind = disk.get("volumeType") or "gp3"
    size = Decimal(disk.get("volumeSize") or 0) * count
    till.bill(item, f"ebs:{kind}", size, group=GROUP, service="EBS", what=f"{kind} of nodes", driver="nodes")
    if kind == "gp3":
        iops = max(0, int(disk.get("iops") or 0) - _FREE_IOPS) * count
        throughput = max(0, int(disk.get("throughput") or 0) - _FREE_THROUGHPUT) * count
        till.bill(item, "ebs:gp3-iops", iops, group=GROUP, service="EBS", what="IOPS above 3,000", driver="nodes")
        till.bill(item, "ebs:gp3-throughput", throughput, group=GROUP, service="EBS", what="MiB/s above 125", driver="nodes")


def claim(item: Item, till: Till) -> None:
    """A persistent volume of a pod, provisioned as gp3; one on the shared file system is part of that."""
    spec = item.inputs.get("spec") or {}
    if spec.get("storageClassName") == "" or spec.get("volumeName"):
        return
    size = gibibytes(((spec.get("resources") or {}).get("requests") or {}).get("storage") or "0")
    till.bill(item, "ebs:gp3", size, group=GROUP, service="EBS", what="volumes of pods", driver="storage")


def elasticsearch(item: Item, till: Till) -> None:
    """Volumes of the nodes of a search cluster, a claim a node (OBS-4)."""
    for nodes in (item.inputs.get("spec") or {}).get("nodeSets") or ():
        for template in nodes.get("volumeClaimTemplates") or ():
            size = gibibytes(template["spec"]["resources"]["requests"]["storage"]) * int(nodes.get("count") or 1)
            till.bill(item, "ebs:gp3", size, group=GROUP, service="EBS", what="volumes of Elasticsearch", driver="storage")


def release(item: Item, till: Till) -> None:
    """Volumes that a chart's values ask for: Prometheus' claim for each replica, Vault's for each server."""
    values = item.inputs.get("values") or {}
    for node in _walk(values):
        claim_template = (node.get("storageSpec") or {}).get("volumeClaimTemplate") or {}
        if claim_template:
            size = gibibytes(claim_template["spec"]["resources"]["requests"]["storage"]) * int(node.get("replicas") or 1)
            till.bill(item, "ebs:gp3", size, group=GROUP, service="EBS", what="volumes of Prometheus", driver="storage")
        data = node.get("dataStorage") or {}
        if data.get("enabled"):
            size = gibibytes(str(data["size"])) * int((node.get("ha") or {}).get("replicas") or 1)
            till.bill(item, "ebs:gp3", size, group=GROUP, service="EBS", what="volumes of Vault", driver="storage")


def _walk(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _walk(inner)


def gibibytes(quantity: str) -> Decimal:
    """Return a quantity of Kubernetes in GiB: `10Gi`, `512Mi`, `1Ti`."""
    for suffix, factor in (("Ti", Decimal(1024)), ("Gi", Decimal(1)), ("Mi", Decimal(1) / 1024)):
        if quantity.endswith(suffix):
            return Decimal(quantity.removesuffix(suffix)) * factor
    return Decimal(quantity) / 1024**3
