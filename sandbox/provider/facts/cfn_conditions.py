"""Conditions of a CloudFormation schema (if, not, one of ...) in the provider's names.

What has no counterpart is left out; where that would change what is said, so is the whole condition.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider.facts.cfn_pairing import BRANCHES, Counterpart, Counterparts, Node, Schema, resolved
from sandbox.provider.facts.cfn_values import Values

WORDS = (*BRANCHES, "if", "then", "else", "not")


class _UntranslatableError(Exception):
    """A condition that speaks of something without a counterpart."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Translates fragments: schemas that speak of properties which another schema, the resource's own, describes."""

    schema: Schema
    document: Node
    """Where the references of the fragments lead."""
    definitions: dict[str, Any]

    def fragment(self, fragment: Node, counterparts: Counterparts, *, strict: bool = False) -> dict[str, Any]:
        """The rules of a fragment of an object with these properties; `strict` when nothing of it may be left out."""
        fragment = resolved(fragment, self.document)
        rules: dict[str, Any] = {}
        properties = dict(self._properties(fragment.get("properties", {}), counterparts, strict))
        if properties:
            rules["properties"] = properties
        required = _present(fragment.get("required", ()), counterparts, strict)
        if required:
            rules["required"] = required
        for word in ("anyOf", "oneOf", "not"):
            if word in fragment:
                rules.update(self._whole(word, fragment[word], counterparts, strict))
        if "allOf" in fragment:
            parts = (self.fragment(part, counterparts, strict=strict) for part in fragment["allOf"])
            rules.update(self._by_case([part for part in parts if part], counterparts))
        if "if" in fragment:
            rules.update(self._if(fragment, counterparts))
        return rules

    def _whole(self, word: str, inner: Any, counterparts: Counterparts, strict: bool) -> dict[str, Any]:
        """`anyOf`, `oneOf` and `not`, which mean something else when a part is missing."""
        try:
            if isinstance(inner, list):
                return {word: [self.fragment(part, counterparts, strict=True) for part in inner]}
            return {word: self.fragment(inner, counterparts, strict=True)}
        except _UntranslatableError:
            if strict:
                raise
            return {}

    def _if(self, fragment: Node, counterparts: Counterparts) -> dict[str, Any]:
        try:
            condition = self.fragment(fragment["if"], counterparts, strict=True)
        except _UntranslatableError:
            return {}
        branches: dict[str, Any] = {}
        for word in ("then", "else"):
            if fragment.get(word) is False:
                branches[word] = False
            elif isinstance(fragment.get(word), Mapping):
                branch = self.fragment(fragment[word], counterparts)
                if branch:
                    branches[word] = branch
        return {"if": condition, **branches} if branches else {}

    def _by_case(self, parts: list[dict[str, Any]], counterparts: Counterparts) -> dict[str, Any]:
        """Conditions on the value of one property, kept by that value so that only those of the value at hand are read."""
        always_given = {counterpart.name for counterpart in counterparts.values() if counterpart.known.required}
        switch: dict[str, dict[str, list[Any]]] = {}
        rest = []
        for part in {json.dumps(part, sort_keys=True): part for part in parts}.values():
            deciding = _deciding(part, always_given)
            if deciding is None:
                rest.append(part)
            elif deciding[1] not in self.schema.names.unless.get(deciding[0], ()):
                switch.setdefault(deciding[0], {}).setdefault(deciding[1], []).append(part)
        return {**({"switch": switch} if switch else {}), **({"allOf": rest} if rest else {})}

    def _properties(self, properties: Node, counterparts: Counterparts, strict: bool) -> Iterator[tuple[str, Any]]:
        for name, node in properties.items():
            counterpart = counterparts.get(name)
            if counterpart is None:
                # What cannot be given through the provider is never given, so that `false` holds.
                if strict and not isinstance(node, bool):
                    raise _UntranslatableError(name)
            elif node is False:
                yield counterpart.name, False
            elif node is not True:
                inner = resolved(node, self.document)
                rules = self._value(inner, counterpart, counterpart.name, strict)
                if rules:
                    yield counterpart.name, rules
                elif strict and set(inner) - {"type", "description"}:
                    raise _UntranslatableError(name)

    def _value(self, node: Node, counterpart: Counterpart, path: str, strict: bool) -> dict[str, Any]:
        known, own = counterpart.known, self.schema.resolve(counterpart.node)
        if known.kind == "array" and known.items is not None:
            item = Counterpart(counterpart.name, known.items, own.get("items", own))
            rules = self._value(resolved(node["items"], self.document), item, path, strict) if "items" in node else {}
            sizes = {word: node[word] for word in ("minItems", "maxItems") if word in node}
            return {**sizes, **({"items": rules} if rules else {})}
        if known.kind == "object":
            inside = self.schema.counterparts(self.schema.resolve(own.get("items", own)), known.fields, path)
            return self.fragment(node, inside, strict=strict)
        if "not" in node:
            return {"not": self._value(resolved(node["not"], self.document), counterpart, path, strict=True)}
        return Values(self.schema.names, self.document, self.definitions).rules(node, known, path)


def _present(names: Iterable[str], counterparts: Counterparts, strict: bool) -> list[str]:
    missing = [name for name in names if name not in counterparts]
    if missing and strict:
        raise _UntranslatableError(*missing)
    return [counterparts[name].name for name in names if name in counterparts]


def _deciding(part: Mapping[str, Any], always_given: set[str]) -> tuple[str, str] | None:
    """The property, and its value, that a condition without `else` turns on."""
    if set(part) != {"if", "then"}:
        return None
    for name, rules in part["if"].get("properties", {}).items():
        if isinstance(rules, Mapping) and isinstance(rules.get("const"), str) and name in {*part["if"].get("required", ()), *always_given}:
            return name, rules["const"]
    return None
