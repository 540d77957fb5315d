"""What the programs applied to emulated clusters: objects by cluster, with what an API server itself adds to them.

No controller acts on them. They live as long as the emulated cloud, and no longer than their cluster.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

NAMESPACES_OF_ANY_CLUSTER = ("default", "kube-node-lease", "kube-public", "kube-system")
"""Namespaces that every cluster has from its first moment."""
Object = dict[str, Any]


class UnknownClusterError(KeyError):
    """No emulated cluster answers at this address."""


class ObjectHeldError(Exception):
    """The object is there already, and belongs to something else."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which object: group, kind, namespace (empty when it has none) and name."""

    group: str
    kind: str
    namespace: str
    name: str


@dataclass(slots=True)
class _Held:
    content: Object
    owner: str


@dataclass(slots=True)
class _Cluster:
    name: str
    spaces: dict[str, dict[Place, _Held]] = field(default_factory=dict)
    """By namespace; what stands in none is under the empty one."""
    revision: int = 0

    def find(self, place: Place) -> _Held | None:
        return self.spaces.get(place.namespace, {}).get(place)

    def keep(self, place: Place, held: _Held) -> None:
        self.spaces.setdefault(place.namespace, {})[place] = held

    def drop(self, place: Place) -> _Held | None:
        return self.spaces.get(place.namespace, {}).pop(place, None)

    def within(self, namespace: str | None) -> Iterator[tuple[Place, _Held]]:
        for space in self.spaces.values() if namespace is None else [self.spaces.get(namespace, {})]:
            yield from space.items()


class Clusters:
    """The objects of every emulated cluster. Thread-safe."""

    def __init__(self) -> None:
        self._clusters: dict[str, _Cluster] = {}
        self._lock = threading.Lock()

    def describe(self, server: str) -> dict[str, Any]:
        """Name, version, account and region of the cluster at an address; UnknownClusterError when there is none."""
        for account, regions in list(_eks().items()):
            for region, backend in list(regions.items()):
                for cluster in list(backend.clusters.values()):
                    if str(cluster.endpoint).rstrip("/") == server.rstrip("/"):
                        return {"name": cluster.name, "version": str(cluster.version), "account": account, "region": region}
        raise UnknownClusterError(server)

    def put(self, server: str, place: Place, content: Object, owner: str, *, new: bool) -> Object:
        """Keeps an object as an API server would, and gives it back with what that adds.

        With `new` ObjectHeldError when it is there already and was not put by the same owner.
        """
        with self._lock:
            cluster = self._of(server)
            held = cluster.find(place)
            if held is not None and new and held.owner != owner:
                raise ObjectHeldError(held.owner)
            cluster.revision += 1
            stored = _stored(content, held.content if held else None, cluster.revision)
            cluster.keep(place, _Held(stored, owner))
            return deepcopy(stored)

    def get(self, server: str, place: Place) -> Object | None:
        """The object, or None."""
        with self._lock:
            held = self._of(server).find(place)
            return deepcopy(held.content) if held else None

    def delete(self, server: str, place: Place) -> bool:
        """Ends an object and what lives in it or belongs to it. True when it was there."""
        with self._lock:
            cluster = self._of(server)
            gone = cluster.drop(place)
            if gone is None:
                return False
            for below in list(_below(cluster, place, gone.content)):
                cluster.drop(below)
            return True

    def list(self, server: str, kinds: tuple[str, ...] = (), namespace: str | None = None) -> list[Object]:
        """The objects of a cluster: of these kinds only if any are named, and of this namespace only (empty: in none) if told."""
        with self._lock:
            found = self._of(server).within(namespace)
            return [deepcopy(item.content) for place, item in found if not kinds or place.kind in kinds]

    def clear(self) -> None:
        """Drops everything, with the cloud's own memory."""
        with self._lock:
            self._clusters.clear()

    def _of(self, server: str) -> _Cluster:
        # A cluster that was ended takes its objects along: another one has another address.
        described = self.describe(server)
        address = server.rstrip("/")
        if address not in self._clusters:
            made = self._clusters[address] = _Cluster(described["name"])
            for name in NAMESPACES_OF_ANY_CLUSTER:
                content = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
                made.keep(Place("", "Namespace", "", name), _Held(_stored(content, None, 0), ""))
        return self._clusters[address]


def _stored(content: Object, before: Object | None, revision: int) -> Object:
    stored = deepcopy(content)
    metadata = stored.setdefault("metadata", {})
    earlier = (before or {}).get("metadata", {})
    metadata["uid"] = earlier.get("uid") or str(uuid.uuid4())
    metadata["creationTimestamp"] = earlier.get("creationTimestamp") or f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    metadata["resourceVersion"] = str(revision)
    same = before is not None and _meant(before) == _meant(stored)
    metadata["generation"] = int(earlier.get("generation", 0)) + (0 if same else 1)
    if stored.get("kind") == "Namespace":
        metadata["labels"] = {**(metadata.get("labels") or {}), "kubernetes.io/metadata.name": metadata["name"]}
        stored["status"] = {"phase": "Active"}
    return stored


def _meant(content: Object) -> Object:
    return {name: value for name, value in content.items() if name not in ("metadata", "status")}


def _below(cluster: _Cluster, place: Place, content: Object) -> Iterator[Place]:
    """What goes with an object: a namespace's content, a definition's resources, and what names it as its owner."""
    uid = content["metadata"]["uid"]
    spec = content.get("spec") or {}
    for other, item in cluster.within(None):
        inside = place.kind == "Namespace" and other.namespace == place.name
        defined = place.kind == "CustomResourceDefinition" and (other.group, other.kind) == (spec.get("group"), spec["names"]["kind"])
        owned = any(owner.get("uid") == uid for owner in item.content["metadata"].get("ownerReferences") or ())
        if inside or defined or owned:
            yield other


def _eks() -> Any:
    from moto.eks.models import eks_backends

    return eks_backends
