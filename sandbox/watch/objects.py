"""Objects of clusters in words: how many there are, how they are held, and which images stand in for real ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sandbox.engine.home import STANDIN_REGISTRY
from sandbox.engine.stacks import Held

HOW = {
    "held": "applied to a real API server",
    "partly": "validated and recorded; no controller acts on them",
    "recorded": "recorded only: charts, and custom resources that nobody defines",
}


def is_object(resource: Held) -> bool:
    """Whether it stands in a cluster."""
    return resource.type.startswith("kubernetes:")


def standins(resources: Iterable[Held]) -> set[str]:
    """The images whose digest no registry has told yet, as objects name them."""
    return {
        text
        for resource in resources
        if is_object(resource)
        for text in _texts(resource.outputs)
        if text.startswith(f"{STANDIN_REGISTRY}/")
    }


def lines(resources: Iterable[Held], level: Callable[[Held], str]) -> Iterator[str]:
    """What a person should know of the objects among these resources; nothing when there are none."""
    found = [resource for resource in resources if is_object(resource)]
    counted = Counter(level(resource) for resource in found)
    for name, words in HOW.items():
        if counted[name]:
            yield f"Objects in clusters, {words}: {counted[name]}"
    if images := standins(found):
        yield f"Images whose digest is not known yet (`make pin-images` looks them up): {len(images)}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
