"""Creations of objects that no state was seen to know: what is written down of them, and how they are undone."""

from __future__ import annotations

from pathlib import Path

from sandbox.provider.emulated import EmulatedApi
from sandbox.provider.errors import HandlerError
from sandbox.provider.journal import Operation
from sandbox.provider.kubernetes.objects import Key, Kind
from sandbox.provider.kubernetes.target import CLUSTER, Emulated, Target
from sandbox.provider.values import Properties


def note(target: Target, kind: Kind, key: Key) -> Properties:
    """What is needed to find the object again; nothing of its content, which may be secret."""
    return {
        "target": target.name,
        "address": target.address,
        "apiVersion": kind.api_version,
        "kind": kind.name,
        "namespace": key.namespace,
        "name": key.name,
    }


def end(target: Target, noted: Properties) -> None:
    """Ends the object that a note names, at this target."""
    group, _, version = str(noted["apiVersion"]).rpartition("/")
    key = Key(group, str(noted["kind"]), str(noted["namespace"]), str(noted["name"]))
    target.delete(key, Kind(group, version, key.kind), propagation="Foreground", timeout=0)


def undo(endpoint: str, operation: Operation) -> None:
    """Ends what an interrupted creation made; what went with its cluster is gone already."""
    address = str(operation.inputs["address"])
    if operation.inputs["target"] == CLUSTER:
        from sandbox.provider.kubernetes.live import Live

        if Path(address).exists():
            end(Live(Path(address)), operation.inputs)
        return
    try:
        target = Emulated(EmulatedApi(endpoint), address)
    except HandlerError:
        return
    end(target, operation.inputs)
