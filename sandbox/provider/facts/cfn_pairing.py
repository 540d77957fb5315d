"""Pairs the properties of a resource type in the provider with those in its CloudFormation schema.

By name (letter case and plural aside), or by the table in `cfn_table` where the names differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider.facts.cfn_names import Names
from sandbox.provider.facts.sdk import Property

Node = Mapping[str, Any]
Fields = Mapping[str, Property]

BRANCHES = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What a CloudFormation property is in the provider."""

    name: str
    known: Property
    node: Node
    """CloudFormation's schema of it."""


Counterparts = Mapping[str, Counterpart]


@dataclass(frozen=True, slots=True)
class Schema:
    """A CloudFormation schema, read with the eyes of the provider."""

    document: Node
    names: Names

    @property
    def root(self) -> Node:
        """The part that the provider's resource is."""
        return self.at(self.document, self.names.under)

    def resolve(self, node: Any) -> Node:
        """The schema itself behind references; empty for a boolean schema."""
        return resolved(node, self.document)

    def properties(self, node: Any) -> dict[str, Any]:
        """The properties of an object, those that only its alternatives name included."""
        node = self.resolve(node)
        found = dict(node.get("properties", {}))
        for word in BRANCHES:
            for part in node.get(word, ()):
                found = {**self.properties(part), **found}
        return found

    def at(self, node: Any, pointer: str) -> Node:
        """What lies at `pointer` below a node (`*` for the items of an array); KeyError when nothing does."""
        for step in steps(pointer):
            node = self.resolve(node)
            node = node["items"] if step == "*" else self.properties(node)[step]
        return self.resolve(node)

    def target(self, node: Node, name: str, path: str) -> str | None:
        """Where the property `name` of the object at `path` lies: a pointer from `node`, or from the resource with a leading `/`.

        "" when its own properties lie beside those of the object; None when it has no counterpart.
        """
        below = join(path, name)
        # Of a group that CloudFormation does not have, only what the table names is paired: `port` of a health check is no port.
        if below in self.names.renamed or self.names.renamed.get(path) == "":
            return self.names.renamed.get(below)
        properties = self.properties(node)
        exact = {_plain(candidate): candidate for candidate in properties}
        singular = {_singular(candidate): candidate for candidate in properties}
        return exact.get(_plain(name)) or singular.get(_singular(name))

    def counterparts(self, node: Node, fields: Fields, path: str) -> dict[str, Counterpart]:
        """CloudFormation's properties of one object, each with what it is in the provider.

        A property of the provider that reaches into one of CloudFormation's stands for the presence of that, unless several do.
        """
        found: dict[str, Counterpart] = {}
        inside: dict[str, list[str]] = {}
        for name, known in fields.items():
            target = self.target(node, name, path)
            if target and "/" not in target:
                found[target] = Counterpart(name, known, self.at(node, target))
            elif target and not target.startswith("/"):
                inside.setdefault(target.partition("/")[0], []).append(name)
        for target, names in inside.items():
            if len(names) == 1:
                found.setdefault(target, Counterpart(names[0], Property(names[0], False, "any"), {}))
        return found


def resolved(node: Any, document: Node) -> Node:
    """A node with its references followed in `document`; what stands beside a reference is kept."""
    seen: Node = node if isinstance(node, Mapping) else {}
    while "$ref" in seen:
        target: Any = document
        for step in seen["$ref"].split("/")[1:]:
            target = target[step]
        seen = {**{word: rule for word, rule in seen.items() if word != "$ref"}, **target}
    return seen


def steps(pointer: str) -> Iterator[str]:
    """The names of a pointer such as `Logging/ClusterLogging`."""
    return (step for step in pointer.split("/") if step)


def join(path: str, name: str, by: str = ".") -> str:
    """`name` below `path`."""
    return f"{path}{by}{name}" if path else name


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _singular(name: str) -> str:
    plain = _plain(name)
    if plain.endswith("ies"):
        return f"{plain[:-3]}y"
    return plain[:-1] if plain.endswith("s") and not plain.endswith("ss") else plain
