"""What is looked at when a stack is up: whether its objects point at nothing that nobody makes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.engine.stacks import Held
from sandbox.provider.kubernetes.objects import RELEASE


def dangling(resources: Iterable[Held]) -> list[str]:
    """In words, every reference of a stack's objects that leads nowhere, and every quota that they exceed."""
    objects = [_object(resource) for resource in resources if resource.type.startswith("kubernetes:")]
    if not objects:
        return []
    from sandbox.provider.kubernetes import references

    return [str(problem) for problem in references.dangling(objects)]


def _object(resource: Held) -> dict[str, Any]:
    if resource.type != RELEASE:
        return resource.outputs
    place = {"name": resource.outputs.get("name"), "namespace": resource.outputs.get("namespace")}
    return {"apiVersion": "helm.sh/v3", "kind": "Release", "metadata": place}
