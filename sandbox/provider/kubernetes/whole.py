"""All objects of a cluster judged at once, with no cluster and no cloud: what `make up` would refuse of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sandbox.provider.kubernetes import judge, quotas, references
from sandbox.provider.kubernetes.kinds import Kinds
from sandbox.provider.kubernetes.objects import DEFAULT_NAMESPACE, at, kind_of
from sandbox.provider.kubernetes.schemas import Schemas
from sandbox.provider.values import Properties

_RELEASE = "Release"
_OF_ANY_CLUSTER = {"default", "kube-node-lease", "kube-public", "kube-system"}


def problems(objects: Iterable[Properties], version: str) -> Iterator[str]:
    """In words, everything that a cluster of this version of Kubernetes, or the other objects, have against each object."""
    listed = list(objects)
    kinds = Kinds(Schemas(version), list)
    namespaces: dict[str, Properties] = {}
    limits: defaultdict[tuple[str, str], list[Properties]] = defaultdict(list)
    for item in listed:
        kinds.remember(item)
        if item.get("kind") == "Namespace":
            namespaces[str(at(item, "metadata", "name"))] = item
        elif item.get("kind") in ("LimitRange", "ResourceQuota"):
            limits[str(item["kind"]), str(at(item, "metadata", "namespace"))].append(item)
    for item in listed:
        kind, told = kind_of(item), f"{item.get('kind')} {at(item, 'metadata', 'namespace') or ''}/{at(item, 'metadata', 'name')}"
        if kind.name == _RELEASE:
            continue
        found = [*kinds.problems(kind, item), *judge.alone(item)]
        name = str(at(item, "metadata", "namespace") or DEFAULT_NAMESPACE)
        if name in namespaces:
            found += judge.security(item, namespaces[name])
            found += quotas.problems(item, limits["LimitRange", name], limits["ResourceQuota", name])
        elif name not in _OF_ANY_CLUSTER and not kinds.cluster_wide(kind):
            yield f"{told}: there is no namespace {name}"
        yield from (f"{told}: {problem}" for problem in found)
    yield from map(str, references.dangling(listed))


def undefined(objects: Iterable[Properties], version: str) -> set[str]:
    """Kinds among the objects that nobody defines, so that nothing was said of their content."""
    listed = list(objects)
    kinds = Kinds(Schemas(version), list)
    for item in listed:
        kinds.remember(item)
    found = {kind_of(item) for item in listed if item.get("kind") != _RELEASE}
    return {str(kind) for kind in found if not kinds.is_defined(kind)}
