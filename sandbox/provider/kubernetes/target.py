"""Where objects go: into the emulated cloud's records, or to a real API server."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from sandbox.provider.emulated import EmulatedApi
from sandbox.provider.errors import HandlerError
from sandbox.provider.kubernetes.objects import Key, Kind
from sandbox.provider.values import Properties

EMULATED = "emulated"
"""Name of the target that records objects in the emulated cloud."""
CLUSTER = "cluster"
"""Name of the target that applies objects to a real API server."""


class NotReadyError(HandlerError):
    """The object is there, and did not become ready: the state must hold it all the same."""

    def __init__(self, message: str, live: Properties) -> None:
        super().__init__(message)
        self.live = live


class AlreadyThereError(HandlerError):
    """Something else made an object of that name."""


class Target(Protocol):
    """One place that holds objects."""

    name: str
    """`emulated` or `cluster`."""
    version: str
    """Version of Kubernetes, as `1.35`."""
    address: str
    """Where it is: what another process needs to reach it."""

    def cancel(self) -> None:
        """Ends every wait."""

    def create(self, urn: str, key: Key, item: Properties, *, manager: str, resumed: bool, timeout: float) -> Properties:
        """Makes the object and gives it as it is held. With `resumed` it may be there from an interrupted try."""

    def update(self, urn: str, key: Key, item: Properties, *, manager: str, timeout: float, ignored: Sequence[str] = ()) -> Properties:
        """Brings the object to what is wanted, and gives it as it is held; paths that are `ignored` stay as they are there."""

    def read(self, key: Key, kind: Kind) -> Properties | None:
        """The object as it is held; None when it is gone."""

    def delete(self, key: Key, kind: Kind, *, propagation: str, timeout: float) -> None:
        """Ends the object; one that is gone already is no error."""

    def namespace(self, name: str) -> Properties | None:
        """A namespace as it stands; None when there is none of this name."""

    def objects(self, kinds: Collection[str], namespace: str | None = None) -> list[Properties]:
        """Objects of these kinds of Kubernetes itself; of one namespace (empty: of none) when told."""


class Emulated:
    """Target 1: validated and recorded; no controller acts on it."""

    name = EMULATED

    def __init__(self, api: EmulatedApi, server: str) -> None:
        """Raises HandlerError when no emulated cluster answers at `server`."""
        self._api, self._server, self.address = api, server, server
        described = self._ask("cluster", {})
        self.version = str(described["version"])
        self.cluster = str(described["name"])

    def cancel(self) -> None:
        """Nothing is ever waited for."""

    def create(self, urn: str, key: Key, item: Properties, *, manager: str, resumed: bool, timeout: float) -> Properties:
        """Keeps it."""
        del manager, resumed, timeout
        return self._put(urn, key, item, new=True)

    def update(self, urn: str, key: Key, item: Properties, *, manager: str, timeout: float, ignored: Sequence[str] = ()) -> Properties:
        """Keeps it in place of what was there."""
        del manager, timeout, ignored
        return self._put(urn, key, item, new=False)

    def read(self, key: Key, kind: Kind) -> Properties | None:
        """As it was kept; None also when its cluster is gone."""
        del kind
        answer = self._api.ask("POST", "kubernetes/get", {"server": self._server, "place": _place(key)})
        found: Properties | None = answer.get("object")
        return found

    def delete(self, key: Key, kind: Kind, *, propagation: str, timeout: float) -> None:
        """Drops it, with what stands in it or belongs to it."""
        del kind, propagation, timeout
        self._api.ask("POST", "kubernetes/delete", {"server": self._server, "place": _place(key)})

    def namespace(self, name: str) -> Properties | None:
        """As it was kept."""
        return self.read(Key("", "Namespace", "", name), Kind("", "v1", "Namespace"))

    def objects(self, kinds: Collection[str], namespace: str | None = None) -> list[Properties]:
        """Those that are kept."""
        found: list[Properties] = self._ask("list", {"kinds": list(kinds), "namespace": namespace})["objects"]
        return found

    def _put(self, urn: str, key: Key, item: Properties, *, new: bool) -> Properties:
        answer = self._ask("put", {"place": _place(key), "object": item, "owner": urn, "new": new})
        if "held_by" in answer:
            owner = answer["held_by"].rpartition("::")[2] or "the cluster itself"
            raise AlreadyThereError(
                f"{key} exists already: {owner} has it. Give it another name; or, when a resource of the program was renamed, "
                "tell the old name by an alias"
            )
        stored: Properties = answer["object"]
        return stored

    def _ask(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._api.ask("POST", f"kubernetes/{path}", {"server": self._server, **body})
        if "unknown_cluster" in answer:
            raise HandlerError(
                f"no emulated cluster answers at {self._server}: "
                "the kubeconfig must name the endpoint of an aws:eks/cluster:Cluster of the sandbox"
            )
        return answer


def _place(key: Key) -> dict[str, str]:
    return {"group": key.group, "kind": key.kind, "namespace": key.namespace, "name": key.name}
