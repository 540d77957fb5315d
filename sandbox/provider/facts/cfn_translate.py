"""Turns a CloudFormation schema into rules for the same resource in Pulumi's names.

CloudFormation and the provider describe the same API under different names and shapes. What has no counterpart, or another kind of
value, gets no rule, so that only what is surely the same is checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.provider.facts.cfn_conditions import WORDS, Conditions
from sandbox.provider.facts.cfn_pairing import BRANCHES, Counterparts, Fields, Node, Schema, join, steps
from sandbox.provider.facts.cfn_values import Values
from sandbox.provider.facts.sdk import Property


@dataclass(frozen=True, slots=True)
class Pair:
    """A property of the provider and its counterpart."""

    path: str
    """Pulumi's: dotted wire names."""
    pointer: str
    """CloudFormation's: names joined by `/`, `*` for the items of an array."""


@dataclass(frozen=True, slots=True)
class Translation:
    """Translates the schema of one resource type; collects what it finds on the way."""

    schema: Schema
    inputs: Fields
    definitions: dict[str, Any] = field(default_factory=dict)
    """Rules that others refer to by name."""
    pairs: list[Pair] = field(default_factory=list)

    def rules(self) -> dict[str, Any]:
        """The rules for a whole resource."""
        return self._object(self.schema.root, self.inputs, "", self.schema.names.under)

    def further(self, extension: Node, place: str) -> dict[str, Any]:
        """The rules of an extension that speaks of what lies at the pointer `place`."""
        fragment: Node = extension
        for step in reversed(list(steps(place))):
            fragment = {"items": fragment} if step == "*" else {"properties": {step: fragment}}
        conditions = Conditions(self.schema, extension, self.definitions)
        return conditions.fragment(fragment, self.schema.counterparts(self.schema.root, self.inputs, ""))

    def paths(self, pointers: Iterable[str]) -> list[str]:
        """The provider's paths for CloudFormation's `/properties/...` pointers, where a counterpart was found."""
        wanted = {pointer.removeprefix("/properties/") for pointer in pointers}
        return sorted({pair.path for pair in self.pairs if pair.pointer in wanted})

    def _object(self, node: Node, fields: Fields, path: str, pointer: str) -> dict[str, Any]:
        properties = {}
        for name, known in fields.items():
            inner = self._property(node, name, known, path, pointer)
            if inner:
                properties[name] = inner
        rules: dict[str, Any] = {"properties": properties} if properties else {}
        if not self.schema.names.verified:
            return rules
        counterparts = self.schema.counterparts(node, fields, path)
        conditions = Conditions(self.schema, self.schema.document, self.definitions)
        words = {word: node[word] for word in WORDS if word in node}
        return {**rules, **self._together(node, counterparts, path), **conditions.fragment(words, counterparts)}

    def _property(self, node: Node, name: str, known: Property, path: str, pointer: str) -> dict[str, Any]:
        target = self.schema.target(node, name, path)
        below = join(path, name)
        if target is None:
            return {}
        if target == "":
            group = {"properties": self.schema.properties(node)}  # what is required of the whole is not of the group
            if known.kind == "array":
                inner = self._object(group, known.items.fields if known.items else {}, below, pointer)
                return {"items": inner} if inner else {}
            return self._object(group, known.fields, below, pointer)
        start = self.schema.document if target.startswith("/") else node
        absolute = target[1:] if target.startswith("/") else join(pointer, target, "/")
        self.pairs.append(Pair(below, absolute))
        return self._value(self.schema.at(start, target), known, below, absolute)

    def _value(self, node: Node, known: Property, path: str, pointer: str) -> dict[str, Any]:
        item = self.schema.resolve(node["items"]) if "items" in node else None
        if known.kind == "array" and known.items is not None:
            inner = self._value(node if item is None else item, known.items, path, f"{pointer}/*")
            sizes = {word: node[word] for word in ("minItems", "maxItems") if word in node}
            return {**sizes, **({"items": inner} if inner else {})}
        if item is not None and known.kind != "map":  # a list of one there, the one itself here
            return self._value(item, known, path, f"{pointer}/*")
        if known.kind != "object":
            return Values(self.schema.names, self.schema.document, self.definitions).rules(node, known, path)
        if not any(word in node for word in ("properties", *BRANCHES)):
            return {}
        # One definition for each of the SDK's classes, which a large type (a web ACL) uses many times over.
        key = str(known.type_name)
        if key not in self.definitions:
            self.definitions[key] = {}
            self.definitions[key] = self._object(node, known.fields, path, pointer)
        return {"$ref": key} if self.definitions[key] else {}

    def _together(self, node: Node, counterparts: Counterparts, path: str) -> dict[str, Any]:
        """Rules about which properties of an object are given."""
        optional = self.schema.names.optional
        rules: dict[str, Any] = {}

        def here(names: Iterable[str]) -> list[str]:
            # What has no counterpart cannot be given through the provider.
            return [counterparts[name].name for name in names if name in counterparts]

        # The SDK's own check tells of what the SDK requires.
        required = [name for name in here(node.get("required", ())) if not _required_by_sdk(counterparts, name)]
        if wanted := [name for name in required if join(path, name) not in optional]:
            rules["required"] = wanted
        for word in ("requiredXor", "requiredOr"):
            names = here(node.get(word, ()))
            if names and not {join(path, name) for name in names} & optional:
                rules[word] = names
        for word in ("dependentRequired", "dependentExcluded"):
            pairs: dict[str, list[str]] = {}
            for name, others in node.get(word, {}).items():
                if name in counterparts and (kept := [other for other in here(others) if join(path, other) not in optional]):
                    pairs[counterparts[name].name] = kept
            if pairs:
                rules[word] = pairs
        return rules


def _required_by_sdk(counterparts: Mapping[str, Any], name: str) -> bool:
    return any(counterpart.name == name and counterpart.known.required for counterpart in counterparts.values())
