"""The nodes that a stack's cluster is given: its pools at their largest, in its zones, with what such instances leave for pods."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.cluster import build
from sandbox.engine import stacks
from sandbox.settings import settings as told

_DEFAULT: Mapping[str, Any] = {"instance_type": "m6i.2xlarge", "max": 3}
_EVICTION_MIB = 100
_HYPERVISOR_SHARE = 0.075
"""Of an instance's memory that its system never sees, as Karpenter reckons it (vmMemoryOverheadPercent)."""
Manifest = dict[str, Any]
_SYSTEM = {
    "architecture": "amd64",
    "operatingSystem": "linux",
    "osImage": "played by kwok",
    "containerRuntimeVersion": "kwok",
    **dict.fromkeys(("machineID", "systemUUID", "bootID", "kernelVersion", "kubeProxyVersion"), ""),
}


class PoolError(Exception):
    """A pool that cannot become nodes."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What an instance has, and what is left for pods once the node's own programs have theirs."""

    processors: int
    memory_mib: int
    pods: int

    @property
    def pod_millicores(self) -> int:
        """Thousandths of a processor that pods may request: EKS keeps 6 % of the first, 1 % of the second, less of each further one.

        Source: https://github.com/awslabs/amazon-eks-ami, nodeadm's defaults for kubeReserved.
        """
        kept = (60, 10, 5, 5, *itertools.repeat(2.5, max(0, self.processors - 4)))
        return int(self.processors * 1000 - sum(kept[: self.processors]))

    @property
    def pod_memory_mib(self) -> int:
        """MiB that pods may request: without the share of the hypervisor, 255 MiB and 11 for each pod, and the margin of eviction."""
        return int(self.memory_mib * (1 - _HYPERVISOR_SHARE)) - (255 + 11 * self.pods) - _EVICTION_MIB


def nodes(project: Path, stack: str) -> list[Manifest]:
    """Manifests of the stack's nodes: every pool of `[tool.sandbox.cluster]` in pyproject.toml with its `max` nodes, over the zones.

    Nothing starts nodes on demand here, so there are as many as there may be. A project that names no pools gets three nodes.
    PoolError when an instance type is not known, or a stack file lacks what is named.
    """
    settings = stacks.settings(project, stack)
    named = told(project).get("cluster", {})
    region = str(settings.get("aws:region") or "us-east-1")
    found = _at(settings, named["zones"]) if "zones" in named else None
    zones = [str(zone) for zone in found] if found else [f"{region}{letter}" for letter in "abc"]
    made: list[Manifest] = []
    for pool in named.get("pools", ({},)):
        size = _at(settings, pool["key"]) if "key" in pool else _DEFAULT
        if not isinstance(size, Mapping) or not {"instance_type", "max"} <= size.keys():
            raise PoolError(
                f"Pulumi.{stack}.yaml: {pool['key']} must name instance_type and max, so that `make cluster` can make its nodes"
            )
        name = pool.get("key", "node").rpartition(".")[2]
        for number, zone in zip(range(int(size["max"])), itertools.cycle(zones), strict=False):
            made.append(_node(f"{name}-{zone}-{number // len(zones) + 1}", str(size["instance_type"]), region, zone, pool))
    return made


def capacity(instance_type: str) -> Capacity:
    """What AWS says of an instance type. PoolError when there is none of that name."""
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    known = INSTANCE_TYPES.get(instance_type)
    if known is None:
        raise PoolError(f"no instance type {instance_type!r} is known: use one that EC2 has, such as m6i.2xlarge")
    network = known["NetworkInfo"]
    # A pod has an address of its own out of those that the instance's interfaces can hold; two on the host's network need none.
    pods = network["MaximumNetworkInterfaces"] * (network["Ipv4AddressesPerInterface"] - 1) + 2
    return Capacity(int(known["VCpuInfo"]["DefaultVCpus"]), int(known["MemoryInfo"]["SizeInMiB"]), min(pods, 110))


def _node(name: str, instance_type: str, region: str, zone: str, pool: Mapping[str, Any]) -> Manifest:
    has = capacity(instance_type)
    disk = {"ephemeral-storage": "80Gi", "pods": str(has.pods)}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64",
                "node.kubernetes.io/instance-type": instance_type,
                "topology.kubernetes.io/region": region,
                "topology.kubernetes.io/zone": zone,
                **{str(key): str(value) for key, value in pool.get("labels", {}).items()},
            },
        },
        "spec": {"taints": [dict(taint) for taint in pool.get("taints", ())]},
        "status": {
            "nodeInfo": {**_SYSTEM, "kubeletVersion": f"v{build.version()}"},
            "capacity": {"cpu": str(has.processors), "memory": f"{has.memory_mib}Mi", **disk},
            "allocatable": {"cpu": f"{has.pod_millicores}m", "memory": f"{has.pod_memory_mib}Mi", **disk},
        },
    }


def _at(settings: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path of a stack file's config."""
    found: Any = settings
    for part in _parts(path):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _parts(path: str) -> Iterator[str]:
    yield from path.split(".")
