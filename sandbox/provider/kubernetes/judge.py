"""What a cluster would refuse about an object beyond its structure: by itself, and for where it is to stand."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.provider.facts.problem import Problem
from sandbox.provider.kubernetes import consistency, names
from sandbox.provider.kubernetes.objects import DEFAULT_NAMESPACE, at
from sandbox.provider.kubernetes.target import Target
from sandbox.provider.values import Properties


def alone(item: Properties) -> list[Problem]:
    """What is wrong with an object whatever the cluster holds."""
    return [*names.problems(item), *consistency.problems(item)]


def admission(target: Target, item: Properties, *, before_namespace: bool = False) -> list[Problem]:
    """What the object's namespace refuses, as it stands now. With `before_namespace` one that is still to be made is no matter."""
    return list(_admission(target, item, before_namespace))


def _admission(target: Target, item: Properties, before_namespace: bool) -> Iterator[Problem]:
    name = str(at(item, "metadata", "namespace") or DEFAULT_NAMESPACE)
    namespace = target.namespace(name)
    if namespace is None:
        if not before_namespace:
            yield Problem("metadata.namespace", f"there is no namespace {name}: declare it, and let this object wait for it")
        return
