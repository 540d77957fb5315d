"""States and clusters kept in step: what a state says of objects is true of the cluster they were applied to, and of no other."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from sandbox import processes
from sandbox.cluster.control_plane import ControlPlane, known
from sandbox.paths import Home

_RECORDED = "recorded"
"""Where objects stand when there is no cluster: in the state alone."""
_TYPES = "kubernetes:"


def settle(home: Home, say: Callable[[str], None]) -> None:
    """Lets every state forget the objects of a cluster that is not the stack's any more, so that the next `up` applies them anew."""
    note = home.clusters / "known.json"
    before = processes.read_json(note)
    now: dict[str, object] = {}
    states = {path.stem: path for path in home.state.glob(".pulumi/stacks/*/*.json")}
    # Also of stacks without a state yet: what they come to hold is about the cluster that there is now.
    for stack in sorted({*states, *(plane.stack for plane in known(home))}):
        plane = ControlPlane(home, stack)
        now[stack] = plane.identity if plane.kubeconfig.exists() else _RECORDED
        if stack not in states or before.get(stack, _RECORDED) == now[stack]:
            continue
        forgotten = _forget(states[stack])
        if forgotten:
            where = "its cluster" if plane.kubeconfig.exists() else "the state alone, without a cluster"
            say(f"{stack}: {forgotten} objects of Kubernetes are applied anew, to {where}")
    if now != before:
        processes.write_json(note, now)


def _forget(path: Path) -> int:
    """Takes the objects out of the state, and out of what others depend on. Gives how many there were."""
    content = json.loads(path.read_text())
    latest = (content.get("checkpoint") or {}).get("latest") or {}
    resources = latest.get("resources") or []
    gone = {item["urn"] for item in resources if item["type"].startswith(_TYPES)}
    if gone:
        latest["resources"] = [_without(item, gone) for item in resources if item["urn"] not in gone]
        processes.write_text(path, json.dumps(content))
    return len(gone)


def _without(item: dict[str, Any], gone: Collection[str]) -> dict[str, Any]:
    kept = dict(item)
    if "dependencies" in kept:
        kept["dependencies"] = [urn for urn in kept["dependencies"] if urn not in gone]
    if "propertyDependencies" in kept:
        kept["propertyDependencies"] = {
            name: [urn for urn in urns or () if urn not in gone] for name, urns in kept["propertyDependencies"].items()
        }
    if kept.get("deletedWith") in gone:
        del kept["deletedWith"]
    return kept
