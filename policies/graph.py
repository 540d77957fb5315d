"""All resources of a stack as one graph, whatever told of them: the engine, a state, or a test."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from policies.values import ABSENT, holds_unknown, look

_ALIAS = re.compile(r"^(aws:s3/\w+?)V2:(\w+?)V2$")
_IDENTITIES = ("id", "arn", "name", "bucket", "identifier", "url", "keyId", "tableName", "functionName", "metadata.name")
"""What one resource calls another by, where no dependency tells."""
_ZONE = re.compile(r"^[a-z]{2}(?:-[a-z]+)+-\d")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Resource:
    """One resource as a control sees it."""

    urn: str
    type: str
    """As `canonical` gives it."""
    name: str
    properties: Mapping[str, Any]
    """Plain values (see `values.plain`), camelCase for a provider's resources."""
    parent: str | None = None
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider_region: Any = ABSENT
    protect: bool | None = None
    """None where the reader cannot tell."""

    def look(self, path: str) -> Any:
        """Return what stands at a path; see `values.look`."""
        return look(self.properties, path)

    @property
    def region(self) -> Any:
        """The region it is in: its own argument, else its zone's, else its provider's; ABSENT when none says."""
        own = self.look("region")
        if own is not ABSENT:
            return own
        zone = self.look("availabilityZone")
        found = _ZONE.match(zone) if isinstance(zone, str) else None
        return found[0] if found else self.provider_region


@dataclass(frozen=True, slots=True)
class Linked:
    """What was found at the other end of a link."""

    resources: tuple[Resource, ...]
    certain: bool
    """False if there may be more: one that could be it does not say yet whom it belongs to."""


def canonical(type_: str) -> str:
    """Return one token for a type that the provider knows by two: `aws:s3/bucketV2:BucketV2` is `aws:s3/bucket:Bucket`."""
    return _ALIAS.sub(r"\1:\2", type_)


class Graph:
    """Resources by type and urn, and the links between them; made once for an analysis."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = tuple(sorted(resources, key=lambda each: each.urn))
        self._by_urn = {resource.urn: resource for resource in self.resources}
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            self._by_type[resource.type].append(resource)
        self._named: dict[str, dict[str, list[Resource]]] = {}
        self._owned: dict[tuple[str, str, str], tuple[dict[str, list[Resource]], bool]] = {}

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of these types, in the order of their urns."""
        return [resource for type_ in types for resource in self._by_type.get(type_, ())]

    def get(self, urn: str) -> Resource | None:
        """Return the resource of a urn, if it is in the graph."""
        return self._by_urn.get(urn)

    @cached_property
    def types(self) -> frozenset[str]:
        """Every type that is there."""
        return frozenset(self._by_type)

    def target(self, resource: Resource, path: str, *types: str) -> Linked:
        """Return what a property refers to among resources of `types`.

        By its value where that is known, else by what the value was made of. Never by both: what a known value was once made of says
        nothing of what it is now.
        """
        value = resource.look(path)
        if value is ABSENT:
            return Linked((), True)
        found = [target for text in _words(value) for type_ in types for target in self._called(type_).get(text, ())]
        if not found and _is_open(value):
            made_of = resource.property_dependencies.get(path.partition(".")[0], ())
            found = [target for urn in made_of if (target := self.get(urn)) is not None and target.type in types]
        return Linked(tuple(dict.fromkeys(found)), bool(found) or not _is_open(value))

    def attached(self, owner: Resource, type_: str, path: str) -> Linked:
        """Return the resources of `type_` whose property `path` refers to `owner`: the other direction of `target`."""
        key = (owner.type, type_, path)
        if key not in self._owned:
            owned: dict[str, list[Resource]] = defaultdict(list)
            certain = True
            for resource in self.of(type_):
                linked = self.target(resource, path, owner.type)
                certain &= linked.certain
                for each in linked.resources:
                    owned[each.urn].append(resource)
            self._owned[key] = (owned, certain)
        owned, certain = self._owned[key]
        return Linked(tuple(owned.get(owner.urn, ())), certain)

    def _called(self, type_: str) -> dict[str, list[Resource]]:
        if type_ not in self._named:
            index: dict[str, list[Resource]] = defaultdict(list)
            for resource in self.of(type_):
                for name in _names(resource):
                    index[name].append(resource)
            self._named[type_] = index
        return self._named[type_]


def _names(resource: Resource) -> set[str]:
    """What others may call it. An ARN ends with the id: another way to it, where a provider writes none among the outputs."""
    found = {name for path in _IDENTITIES if isinstance(name := resource.look(path), str) and name}
    arn = resource.look("arn")
    return found | {re.split("[/:]", arn)[-1]} if isinstance(arn, str) and arn else found


def _words(value: Any) -> list[str]:
    # The ARN of a log group is also written with all its streams.
    return [each.removesuffix(":*") for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _is_open(value: Any) -> bool:
    return holds_unknown(value)
