"""Limits of a namespace: what one pod may be, and what all together may ask for.

Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/, https://kubernetes.io/docs/concepts/policy/limit-range/
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sandbox.provider.facts.problem import Problem
from sandbox.provider.kubernetes.drift import amount
from sandbox.provider.kubernetes.objects import at, containers, items, kind_of, mapping, pod_template
from sandbox.provider.values import UNKNOWN, Properties

_COMPUTE = ("cpu", "memory", "ephemeral-storage")
Amounts = dict[str, Decimal]
"""By the name that a quota has for it, such as `requests.cpu`."""


def problems(item: Properties, ranges: Iterable[Properties], quotas: Iterable[Properties]) -> Iterator[Problem]:
    """What keeps any single pod of an object from being made in a namespace with these limits."""
    found = pod_template(item)
    if found is None:
        return
    prefix = f"{found[0]}." if found[0] else ""
    template, ranges = found[1], list(ranges)
    for problem in _ranges(template, ranges):
        yield Problem(f"{prefix}{problem.path}", problem.message)
    for quota in quotas:
        if mapping(quota.get("spec")).get("scopes") or mapping(quota.get("spec")).get("scopeSelector"):
            continue
        hard = _hard(quota)
        name = at(quota, "metadata", "name")
        for problem in _unsaid(template, ranges, hard, str(name)):
            yield Problem(f"{prefix}{problem.path}", problem.message)
        for resource, wanted in pod_amounts(template, ranges).items():
            if resource in hard and wanted > hard[resource]:
                yield Problem(
                    f"{prefix}spec.containers",
                    f"one pod takes {resource} {_plain(wanted)}, the quota {name} allows {_plain(hard[resource])} in all",
                )


def pod_amounts(template: Mapping[str, Any], ranges: Iterable[Properties]) -> Amounts:
    """What one pod takes of a quota: its containers together, or its largest init container."""
    together: defaultdict[str, Decimal] = defaultdict(Decimal)
    largest: defaultdict[str, Decimal] = defaultdict(Decimal)
    ranges = list(ranges)
    for path, container in containers(template):
        # An init container that restarts always is a sidecar: it runs as long as the others.
        runs_on = path.startswith("spec.containers") or container.get("restartPolicy") == "Always"
        for name, value in _amounts(container, ranges).items():
            if runs_on:
                together[name] += value
            else:
                largest[name] = max(largest[name], value)
    return {name: max(together[name], largest[name]) for name in together.keys() | largest.keys()} | {"pods": Decimal(1)}


def over(quota: Properties, workloads: Iterable[Properties], ranges: Iterable[Properties]) -> Iterator[str]:
    """In words, each resource of which all workloads of a namespace take more than a quota allows, at the replicas they declare."""
    ranges, taken = list(ranges), defaultdict[str, Decimal](Decimal)
    for item in workloads:
        found = pod_template(item)
        if found is None:
            continue
        for name, value in pod_amounts(found[1], ranges).items():
            taken[name] += value * _replicas(item)
    for name, most in _hard(quota).items():
        if taken.get(name, Decimal()) > most:
            yield f"{name}: {_plain(taken[name])} are asked for, {_plain(most)} are allowed"


def _replicas(item: Properties) -> int:
    kind = kind_of(item).name
    if kind in ("DaemonSet", "CronJob"):
        return 0  # how many run is decided by nodes and by time
    told = at(item, "spec", "parallelism" if kind == "Job" else "replicas")
    return int(told) if isinstance(told, int) else 1


def _hard(quota: Properties) -> Amounts:
    """A quota's limits; `cpu` and `memory` are other names of the requests."""
    result: Amounts = {}
    for name, value in mapping(at(quota, "spec", "hard")).items():
        found = None if value is UNKNOWN else amount(value)
        if found is not None:
            result[f"requests.{name}" if name in _COMPUTE else name] = found
    return result


def _amounts(container: Mapping[str, Any], ranges: Iterable[Properties]) -> Amounts:
    requests, limits = _filled(container, ranges)
    result: Amounts = {}
    for prefix, given in (("requests", requests), ("limits", limits)):
        for name, value in given.items():
            found = None if value is UNKNOWN else amount(value)
            if found is not None:
                result[f"{prefix}.{name}"] = found
    return result


def _filled(container: Mapping[str, Any], ranges: Iterable[Properties]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Requests and limits of a container with the defaults of its namespace."""
    requests, limits = (mapping(at(container, "resources", name)) for name in ("requests", "limits"))
    given = dict(limits)
    for limit in _container_ranges(ranges):
        limits = {**mapping(limit.get("default")), **limits}
        requests = {**mapping(limit.get("defaultRequest")), **given, **requests}
    # Without a request of its own, a container requests its limit.
    return {**given, **requests}, limits


def _container_ranges(ranges: Iterable[Properties]) -> Iterator[dict[str, Any]]:
    for found in ranges:
        for _, limit in items(at(found, "spec", "limits")):
            if limit.get("type") == "Container":
                yield limit


def _ranges(template: Mapping[str, Any], ranges: list[Properties]) -> Iterator[Problem]:
    for path, container in containers(template):
        requests, limits = _filled(container, ranges)
        for limit in _container_ranges(ranges):
            for name, most in mapping(limit.get("max")).items():
                wanted, top = amount(limits.get(name)), amount(most)
                if wanted is not None and top is not None and wanted > top:
                    yield Problem(
                        f"{path}.resources.limits.{name}", f"must be at most {most}, the namespace's maximum (got {limits[name]})"
                    )
            for name, least in mapping(limit.get("min")).items():
                wanted, bottom = amount(requests.get(name)), amount(least)
                if wanted is not None and bottom is not None and wanted < bottom:
                    yield Problem(
                        f"{path}.resources.requests.{name}", f"must be at least {least}, the namespace's minimum (got {requests[name]})"
                    )


def _unsaid(template: Mapping[str, Any], ranges: list[Properties], hard: Amounts, quota: str) -> Iterator[Problem]:
    """Where a quota counts a resource, every container must say how much it takes."""
    for path, container in containers(template):
        if container.get("resources") is UNKNOWN:
            continue
        requests, limits = _filled(container, ranges)
        for prefix, given in (("requests", requests), ("limits", limits)):
            for name in _COMPUTE:
                if f"{prefix}.{name}" in hard and name not in given:
                    yield Problem(
                        f"{path}.resources.{prefix}.{name}", f"must be said: the quota {quota} counts it, and no LimitRange fills it in"
                    )


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
