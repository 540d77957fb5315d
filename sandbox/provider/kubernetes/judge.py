"""What a cluster would refuse about an object beyond its structure: by itself, and for where it is to stand."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.provider.facts.problem import Problem
from sandbox.provider.kubernetes import consistency, names, pod_security, quotas
from sandbox.provider.kubernetes.objects import at, pod_template
from sandbox.provider.kubernetes.target import Target
from sandbox.provider.values import Properties


def alone(item: Properties) -> list[Problem]:
    """What is wrong with an object whatever the cluster holds."""
    return [*names.problems(item), *consistency.problems(item)]


def admission(target: Target, item: Properties, namespace: Properties) -> Iterator[Problem]:
    """What the object's namespace refuses, as it stands now."""
    if pod_template(item) is None:
        return
    yield from security(item, namespace)
    limits = target.objects(("LimitRange", "ResourceQuota"), str(at(namespace, "metadata", "name")))
    ranges = [limit for limit in limits if limit["kind"] == "LimitRange"]
    yield from quotas.problems(item, ranges, [limit for limit in limits if limit["kind"] == "ResourceQuota"])


def security(item: Properties, namespace: Properties) -> Iterator[Problem]:
    """What the Pod Security Standard that a namespace enforces says against an object's pods."""
    found, level = pod_template(item), at(namespace, "metadata", "labels", pod_security.ENFORCE)
    if found is None or level is None:
        return
    prefix, name = (f"{found[0]}." if found[0] else ""), at(namespace, "metadata", "name")
    for problem in pod_security.problems(str(level), found[1]):
        yield Problem(f"{prefix}{problem.path}", f"{problem.message}: the namespace {name} enforces {level}, so no such pod would start")
