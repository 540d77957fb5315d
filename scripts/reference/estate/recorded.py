"""The resource graph of each stack: the real program, run without an engine."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from config.load import ROOT, load
from sandbox.engine.home import STANDIN_REGISTRY
from stacks.software import STANDIN_VARIABLE
from tests.kit.composed import composed
from tests.kit.recorder import Graph, Recorded


def record_stacks(root: Path = ROOT) -> dict[str, Graph]:
    """Return what each stack with a file under `root` registers, the hub's stack first and staging last.

    Raises ConfigError when a file cannot be used.
    """
    # The pages tell versions, which are known before any registry has been asked for digests.
    os.environ.setdefault(STANDIN_VARIABLE, STANDIN_REGISTRY)
    names = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in root.glob("Pulumi.*.yaml"))
    graphs = {name: composed(load(name, root=root)) for name in names}
    return dict(sorted(graphs.items(), key=lambda item: _order(*item)))


def _order(name: str, graph: Graph) -> tuple[bool, bool, str]:
    """Order stacks as they are brought up: those others read first, then by name; small environments last."""
    reads = bool(graph.of_type("pulumi:pulumi:StackReference"))
    return environment(graph) != "production", reads, name


def environment(graph: Graph) -> str:
    """Return the environment that the stack's resources are tagged with."""
    return next(str(each.inputs["tags"]["environment"]) for each in graph.resources if "environment" in each.inputs.get("tags", {}))


def by_id(resources: Iterable[Recorded]) -> dict[str, Recorded]:
    """Return resources by the id they were answered; of one type, since types may share a logical name."""
    return {str(each.answered["id"]): each for each in resources}


def parent_name(graph: Graph, resource: Recorded) -> str:
    """Return the logical name of the component a resource belongs to, or its own when it has none."""
    return next((each.name for each in graph.resources if each.urn == resource.parent), resource.name)


def strings_in(value: Any) -> set[str]:
    """Return every text in a value, however deep."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return set()
    return {text for inner in value for text in strings_in(inner)}
