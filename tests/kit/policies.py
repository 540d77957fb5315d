"""Judges graphs of tests by controls: graphs of the recorder, changed ones, and requests to the SDK's own analyzer."""

import copy
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy.deserialize import serialize_properties

from policies.catalogue import catalogue
from policies.graph import Graph, Resource, canonical
from policies.values import SENTINELS, UNKNOWN, plain
from policies.verdict import Finding, Verdict
from tests.kit.composed import shipped_graph
from tests.kit.recorder import Graph as RecordedGraph
from tests.kit.recorder import Recorded

STACKS = ("us-east-1", "eu-west-1", "sa-east-1", "staging")
_FAKED = ("id", "arn", "keyId", "url")
"""What the recorder answers for everything; controls may rely on no more."""


def from_recorded(graph: RecordedGraph, region: str = "") -> Graph:
    """Return the graph that controls see of what a test recorded."""
    return Graph(_resource(each, region) for each in graph.resources)


def _resource(each: Recorded, region: str) -> Resource:
    answered = {key: each.answered[key] for key in _FAKED if key in each.answered} if each.custom else {}
    return Resource(
        urn=each.urn,
        type=canonical(each.type),
        name=each.name,
        properties=plain({**answered, **each.inputs}),
        parent=each.parent,
        dependencies=each.depends_on,
        property_dependencies=each.property_dependencies,
        provider_region=region,
        protect=each.protect,
    )


@cache
def shipped(stack: str) -> Graph:
    """Return a shipped stack as controls see it; read only, since tests share it."""
    recorded = shipped_graph(stack)
    return from_recorded(recorded, "us-east-1" if stack == "staging" else stack)


@dataclass
class Changed:
    """A resource that a mutation may change."""

    resource: Resource

    @property
    def properties(self) -> dict[str, Any]:
        """Its properties, to be changed in place."""
        assert isinstance(self.resource.properties, dict)
        return self.resource.properties

    def replace(self, **fields: Any) -> None:
        """Change fields of the resource itself, such as `protect` or `provider_region`."""
        self.resource = replace(self.resource, **fields)

    def differs_from(self, other: Resource | None) -> bool:
        """Tell whether anything was changed."""
        own = self.resource
        return other is None or any(getattr(own, each.name) != getattr(other, each.name) for each in dataclasses.fields(Resource))

    def set(self, path: str, value: Any) -> None:
        """Put a value at a path such as `rule.0.status`; what is missing on the way is made."""
        *steps, last = path.split(".")
        at: Any = self.properties
        for step in steps:
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
        if isinstance(at, list):
            at[int(last)] = value
        else:
            at[last] = value

    def drop(self, path: str) -> None:
        """Remove what stands at a path."""
        *steps, last = path.split(".")
        at: Any = self.properties
        for step in steps:
            at = at[int(step)] if isinstance(at, list) else at[step]
        del at[int(last) if isinstance(at, list) else last]


@dataclass
class Draft:
    """A copy of a graph in which a mutation changes what it needs."""

    base: Graph
    changed: dict[str, Changed] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def all(self, type_: str) -> Iterator[Changed]:
        """Give every resource of a type, ready to be changed."""
        for resource in self.base.of(type_):
            yield self._open(resource)

    def one(self, type_: str, name: str = "") -> Changed:
        """Return the resource of a type and logical name, or the first of the type; fails where there is none."""
        found = [resource for resource in self.base.of(type_) if not name or resource.name == name]
        assert found, f"there is no {type_} {name}: {[resource.name for resource in self.base.of(type_)]}"
        return self._open(found[0])

    def remove(self, type_: str, name: str = "") -> None:
        """Take a resource out."""
        self.gone.add(self.one(type_, name).resource.urn)

    def add(self, type_: str, name: str, properties: Mapping[str, Any], **more: Any) -> Changed:
        """Put a resource in; `more` are fields of it such as `protect`."""
        some = self.base.resources[0].urn.split("::")
        urn = "::".join([*some[:2], type_, name])
        made = Changed(Resource(urn=urn, type=canonical(type_), name=name, properties=copy.deepcopy(dict(properties)), **more))
        self.changed[urn] = made
        return made

    def graph(self) -> Graph:
        """Return the changed graph."""
        kept = {resource.urn: resource for resource in self.base.resources} | {urn: each.resource for urn, each in self.changed.items()}
        return Graph(resource for urn, resource in kept.items() if urn not in self.gone)

    def _open(self, resource: Resource) -> Changed:
        if resource.urn not in self.changed:
            self.changed[resource.urn] = Changed(replace(resource, properties=copy.deepcopy(dict(resource.properties))))
        return self.changed[resource.urn]


@dataclass(frozen=True)
class Mutation:
    """A change of the shipped estate, and what it is called."""

    name: str
    change: Callable[[Draft], object]
    stack: str = "eu-west-1"

    def __str__(self) -> str:
        return self.name


def mutated(mutation: Mutation) -> Graph:
    """Return the estate with the change; fails for one that changes nothing."""
    draft = Draft(shipped(mutation.stack))
    mutation.change(draft)
    assert draft.gone or any(each.differs_from(draft.base.get(urn)) for urn, each in draft.changed.items()), f"{mutation} changes nothing"
    return draft.graph()


def new_violations(control: str, mutation: Mutation) -> list[Finding]:
    """Return the violations of a control that the estate as shipped has not."""
    before = {(finding.urn, finding.message) for finding in shipped_violations(control, mutation.stack)}
    return [finding for finding in violations(control, mutated(mutation)) if (finding.urn, finding.message) not in before]


def violations(control: str, graph: Graph) -> list[Finding]:
    """Return what a control finds wrong."""
    return [finding for finding in catalogue()[control].evaluate(graph) if finding.verdict is Verdict.VIOLATION]


@cache
def shipped_violations(control: str, stack: str) -> tuple[Finding, ...]:
    """Return what a control finds wrong in a stack as shipped."""
    return tuple(violations(control, shipped(stack)))


def catches(control: str, mutation: Mutation) -> None:
    """Fail unless the control finds the change, tells it without the values that it read, and did not throw."""
    found = new_violations(control, mutation)
    assert found, f"{control} does not see that {mutation}"
    assert all(finding.urn for finding in found), f"{control} throws: {found[0].message}"


def lets_pass(control: str, mutation: Mutation) -> None:
    """Fail if the control finds fault with a change that is right."""
    found = new_violations(control, mutation)
    assert not found, f"{control} minds that {mutation}: {found[0]}"


def leaves_open(control: str, mutation: Mutation) -> None:
    """Fail unless the control says of a change that it cannot tell yet, and finds no fault."""
    lets_pass(control, mutation)
    before = {finding.urn for finding in catalogue()[control].evaluate(shipped(mutation.stack)) if finding.verdict is Verdict.UNDECIDED}
    after = {finding.urn for finding in catalogue()[control].evaluate(mutated(mutation)) if finding.verdict is Verdict.UNDECIDED}
    assert after - before, f"{control} decides that {mutation}"


def lone(*resources: Resource) -> Graph:
    """Return a graph of a few resources."""
    return Graph(resources)


def resource(type_: str, name: str = "each", /, **more: Any) -> Resource:
    """Return a resource of a test; fields of `Resource` go to it, everything else are its properties."""
    own = {key: more.pop(key) for key in ("parent", "property_dependencies", "provider_region", "protect") if key in more}
    urn = f"urn:pulumi:eu-west-1::morefocus::{type_}::{name}"
    return Resource(urn=urn, type=canonical(type_), name=name, properties=plain(more), **own)


def request(resources: Iterable[Resource]) -> Any:
    """Return what the engine would ask of a policy pack about these resources."""
    return analyzer_pb2.AnalyzeStackRequest(resources=[_on_the_wire(each) for each in resources])


def _on_the_wire(each: Resource) -> Any:
    properties = struct_pb2.Struct()
    properties.update(_wire(each.properties))
    made = analyzer_pb2.AnalyzerResource(
        type=each.type,
        urn=each.urn,
        name=each.name,
        properties=properties,
        parent=each.parent or "",
        dependencies=each.dependencies,
        options=analyzer_pb2.AnalyzerResourceOptions(protect=bool(each.protect)),
        propertyDependencies={
            key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns) for key, urns in each.property_dependencies.items()
        },
    )
    if isinstance(each.provider_region, str):
        made.provider.type, made.provider.urn, made.provider.name = "pulumi:providers:aws", f"provider-of-{each.provider_region}", "default"
        made.provider.properties.update({"region": each.provider_region})
    return made


def _wire(value: Any) -> Any:
    if value is UNKNOWN:
        return next(iter(SENTINELS))
    if isinstance(value, Mapping):
        return {key: _wire(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_wire(inner) for inner in value]
    return serialize_properties({"": value})[""]
