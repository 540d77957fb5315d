"""States and clusters kept in step: what a state says of objects is true of the cluster they were applied to, and of no other."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from sandbox import processes
from sandbox.cluster.control_plane import ControlPlane
from sandbox.paths import Home

_RECORDED = "recorded"
"""Where objects stand when there is no cluster: in the state alone."""
_TYPES = "kubernetes:"


def settle(home: Home, say: Callable[[str], None]) -> None:
    """Lets every state forget the objects of a cluster that is not the stack's any more, so that the next `up` applies them anew."""
    note = home.clusters / "known.json"
    before = processes.read_json(note)
    now: dict[str, object] = {}
    for path in sorted(home.state.glob(".pulumi/stacks/*/*.json")):
        plane = ControlPlane(home, path.stem)
        now[path.stem] = plane.identity if plane.kubeconfig.exists() else _RECORDED
        if before.get(path.stem, _RECORDED) == now[path.stem]:
            continue
        forgotten = _forget(path)
        if forgotten:
            where = "its cluster" if plane.kubeconfig.exists() else "the state alone, without a cluster"
            say(f"{path.stem}: {forgotten} objects of Kubernetes are applied anew, to {where}")
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
