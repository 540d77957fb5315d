"""Where evidence comes from: states and files of verdicts to judge by, and the commit that it belongs to."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from policies import exceptions
from policies.catalogue import catalogue
from policies.evidence import digest
from policies.evidence.report import Origin
from policies.evidence.verdicts import Layer, Verdicts, merge
from policies.gate import Judgement
from policies.graph import Graph
from policies.readers import from_state


def from_export(document: Mapping[str, Any], stack: str, day: date) -> Verdicts:
    """Return the verdicts of all controls on a state: `pulumi stack export`, or the file of a backend.

    Raises ValueError for what is neither, or is the state of another stack.
    """
    return judged(graph_of(document, stack), stack, Layer.STATE, day)


def judged(graph: Graph, stack: str, layer: Layer, day: date) -> Verdicts:
    """Return the verdicts of all controls on the graph of a layer."""
    judgement = Judgement(graph, catalogue().values(), rows=exceptions.read(), today=day)
    return Verdicts.of(judgement, stack=stack, layer=layer, as_of=day)


def graph_of(document: Mapping[str, Any], stack: str) -> Graph:
    """Return the graph of a state; raises ValueError for what is none, or is the state of another stack."""
    checkpoint = document.get("checkpoint")
    export = {"deployment": checkpoint.get("latest") or {"resources": []}} if isinstance(checkpoint, Mapping) else document
    graph = from_state(export)
    if not graph.resources:
        raise ValueError(f"the state of {stack} is empty: run `make up`, there is nothing to judge")
    others = {each.urn.split(":")[2] for each in graph.resources} - {stack}
    if others:
        raise ValueError(f"the state holds resources of {', '.join(sorted(others))}, not of {stack}: name that stack")
    return graph


def from_files(paths: Iterable[Path]) -> list[Verdicts]:
    """Return the verdicts of each stack that packs wrote; raises ValueError for those of other controls than are here."""
    parts = defaultdict(list)
    for path in paths:
        try:
            part = Verdicts.from_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ValueError(f"{path}: {error}") from error
        if part.controls_digest != digest.of_controls():
            raise ValueError(f"{path} was written by other controls than those of this commit: preview again, or check its commit out")
        parts[part.stack].append(part)
    return [merge(parts[stack]) for stack in sorted(parts)]


def day(given: str | None, project: Path) -> date:
    """Return the day given, or that of the commit: evidence of a commit does not change with the calendar."""
    if not given:
        return datetime.fromisoformat(_git(project, "log", "-1", "--format=%cI")).date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ValueError(f"{given!r} is no day: write for example 2026-06-30") from None


def origin(framework: str, project: Path) -> Origin:
    """Return the commit of the repository and the version of a framework's pack."""
    pack = yaml.safe_load((project / "policies/packs" / framework / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    commit, committed = _git(project, "log", "-1", "--format=%H %cI").split()
    changed = bool(_git(project, "status", "--porcelain"))
    return Origin(commit=commit, committed=committed, changed=changed, pack_version=str(pack["version"]))


def _git(project: Path, *arguments: str) -> str:
    try:
        return subprocess.run(["git", "-C", str(project), *arguments], check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise ValueError(f"evidence names its commit, and git cannot tell it in {project}: run it in a clone") from error
