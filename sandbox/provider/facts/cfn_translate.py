"""Turns a CloudFormation schema into rules for the same resource in Pulumi's names.

CloudFormation and the provider describe the same API under different names and shapes. A property is paired with its counterpart
by name (letter case and plural aside) or by the table in `cfn_names`; what has no counterpart, or another kind of value, gets no rule,
so that only what is surely the same is checked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.provider.facts.cfn_names import Names
from sandbox.provider.facts.cfn_rules import KNOWN_FORMATS
from sandbox.provider.facts.sdk import Property

Node = Mapping[str, Any]

_TEXT_WORDS = ("pattern", "minLength", "maxLength", "enumCaseInsensitive")
_NUMBER_WORDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_BRANCHES = ("allOf", "anyOf", "oneOf")
_LONG_ENUM = 20


class _UntranslatableError(Exception):
    """A condition that speaks of something without a counterpart."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A property of the provider and its counterpart."""

    path: str
    """Pulumi's: dotted wire names."""
    pointer: str
    """CloudFormation's: names joined by `/`, `*` for the items of an array."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What a CloudFormation property is in the provider."""

    name: str
    known: Property
    node: Node
    """CloudFormation's schema of it."""


Counterparts = Mapping[str, Counterpart]


@dataclass
class Translation:
    """The rules of one resource type; `translate` fills it."""

    document: Node
    names: Names
    definitions: dict[str, Any] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    basis: Translation | None = None
    """For a fragment: the translation of the schema that it adds to."""

    @property
    def whole(self) -> Translation:
        """The translation of the resource's own schema."""
        return self.basis or self

    def translate(self, inputs: Mapping[str, Property]) -> dict[str, Any]:
        """The rules for a whole resource."""
        root = self._at(self.document, self.names.under)
        return self._object(root, inputs, "", self.names.under)

    def condition(self, fragment: Node, inputs: Mapping[str, Property], at: str = "") -> dict[str, Any]:
        """The rules of a further schema (an extension) that speaks of the object or property at pointer `at`."""
        wrapped: Node = fragment
        for step in reversed([step for step in at.split("/") if step]):
            wrapped = {"items": wrapped} if step == "*" else {"properties": {step: wrapped}}
        # The fragment refers to definitions of its own.
        local = Translation({"definitions": fragment.get("definitions", {})}, self.names, self.definitions, basis=self)
        root = self._resolve(self._at(self.document, self.names.under))
        return local._fragment(wrapped, self._counterparts(root, inputs, ""), strict=False)

    def _object(self, node: Node, fields: Mapping[str, Property], path: str, pointer: str) -> dict[str, Any]:
        node = self._resolve(node)
        counterparts = self._counterparts(node, fields, path)
        rules: dict[str, Any] = {}
        properties: dict[str, Any] = {}
        for name, known in fields.items():
            target = self._target(node, name, path)
            if target is None:
                continue
            below = _join(path, name)
            if target == "":  # the provider groups what CloudFormation has side by side
                inner: Any = self._object_of(node, known, below, pointer, flattened=True)
            else:
                found = self._find(node, target)
                if found is None:
                    raise LookupError(f"{below}: {self.document.get('typeName')} has no {target}")
                absolute = target.lstrip("/") if target.startswith("/") else _join(pointer, target, "/")
                self.pairs.append(Pair(below, absolute))
                inner = self._value(found, known, below, absolute)
            if inner:
                properties[name] = inner
        if properties:
            rules["properties"] = properties
        required = [counterparts[name].name for name in node.get("required", ()) if name in counterparts]
        wanted = [name for name in required if not fields[name].required and _join(path, name) not in self.names.optional]
        if wanted and self.names.verified:
            rules["required"] = wanted
        return {**rules, **self._together(node, counterparts, path), **self._conditions(node, counterparts)}

    def _value(self, node: Node, known: Property, path: str, pointer: str) -> dict[str, Any]:
        node = self._resolve(node)
        if known.kind == "array":
            if known.items is None:
                return {}
            if "items" not in node:  # one there, a list of such here
                inner = self._value(node, known.items, path, pointer)
                return {"items": inner} if inner else {}
            inner = self._value(node["items"], known.items, path, f"{pointer}/*")
            sizes = {word: node[word] for word in ("minItems", "maxItems") if word in node}
            return {**sizes, **({"items": inner} if inner else {})}
        if "items" in node and known.kind != "map":  # a list of one there, the one here
            return self._value(node["items"], known, path, f"{pointer}/*")
        if known.kind == "object":
            return self._object_of(node, known, path, pointer)
        return self._scalar(node, known, path)

    def _object_of(self, node: Node, known: Property, path: str, pointer: str, *, flattened: bool = False) -> dict[str, Any]:
        if flattened:
            fields = known.fields or (known.items.fields if known.items else {})
            only = {word: node[word] for word in ("properties", "$ref", "definitions") if word in node}
            inner = self._object(only, fields, path, pointer)
            return {"items": inner} if known.kind == "array" and inner else inner
        if "properties" not in node and not any(word in node for word in _BRANCHES):
            return {}
        # The SDK's classes are unrolled (statements within statements), so one definition for each class.
        key = str(known.type_name)
        if key not in self.definitions:
            self.definitions[key] = {}
            self.definitions[key] = self._object(node, known.fields, path, pointer)
        return {"$ref": key} if self.definitions[key] else {}

    def _scalar(self, node: Node, known: Property, path: str) -> dict[str, Any]:
        """Rules for a text, number or boolean, whichever way the other side writes it."""
        kinds = {node["type"]} if isinstance(node.get("type"), str) else set(node.get("type", ()))
        enum = [*node["enum"], *self.names.also.get(path, ())] if "enum" in node else None
        texts: dict[str, Any] = {word: node[word] for word in _TEXT_WORDS if word in node}
        numbers = {word: node[word] for word in _NUMBER_WORDS if word in node}
        formats = self._formats(node)
        if formats:
            texts["format"] = formats
        if enum is not None:
            texts.update(self._text_enum([item for item in enum if isinstance(item, str)]))
            numbers["enum"] = [item for item in enum if isinstance(item, int | float) and not isinstance(item, bool)]
        texts, numbers = ({word: rule for word, rule in rules.items() if rule != []} for rules in (texts, numbers))
        if "const" in node:
            (texts if isinstance(node["const"], str) else numbers)["const"] = node["const"]
        numeric_there = bool(kinds & {"integer", "number"})
        if known.kind == "string":
            if numeric_there and "string" not in kinds:
                return {"asNumber": numbers} if numbers else {}
            return texts if not kinds or "string" in kinds else {}
        if known.kind in ("integer", "number"):
            if numeric_there or not kinds:
                return numbers
            return {**numbers, **({"asText": texts} if texts else {})} if "string" in kinds else {}
        allowed = [item for item in [*node.get("enum", ()), node.get("const")] if isinstance(item, bool)]
        return {"const": allowed[0]} if known.kind == "boolean" and len(allowed) == 1 else {}

    def _formats(self, node: Node) -> list[str]:
        """The formats of which the value must have one; none when one of them is not known here."""
        either = [self._resolve(part) for part in node.get("anyOf", ())]
        names = [str(part.get("format")) for part in either] if either else [str(node.get("format"))]
        return names if all(name in KNOWN_FORMATS for name in names) else []

    def _together(self, node: Node, counterparts: Counterparts, path: str) -> dict[str, Any]:
        """Rules about several properties of one object."""
        if not self.names.verified:
            return {}
        rules: dict[str, Any] = {}
        for word in ("requiredXor", "requiredOr"):
            # What has no counterpart cannot be given through the provider.
            here = [counterparts[name].name for name in node.get(word, ()) if name in counterparts]
            if here and not {_join(path, name) for name in here} & self.names.optional:
                rules[word] = here
        for word in ("dependentRequired", "dependentExcluded"):
            pairs = {
                counterparts[name].name: others
                for name, dependents in node.get(word, {}).items()
                if name in counterparts
                and (
                    others := [
                        counterparts[other].name
                        for other in dependents
                        if other in counterparts and _join(path, counterparts[other].name) not in self.names.optional
                    ]
                )
            }
            if pairs:
                rules[word] = pairs
        return rules

    def _conditions(self, node: Node, counterparts: Counterparts) -> dict[str, Any]:
        if not self.names.verified:
            return {}
        words = {word: node[word] for word in (*_BRANCHES, "if", "then", "else", "not") if word in node}
        return self._fragment(words, counterparts, strict=False)

    def _fragment(self, fragment: Node, counterparts: Counterparts, *, strict: bool) -> dict[str, Any]:
        """A partial schema of an object whose properties are already paired.

        What has no counterpart is left out; where that would change the meaning (`strict`), _UntranslatableError is raised instead.
        """
        fragment = self._resolve(fragment)
        rules: dict[str, Any] = {}
        properties = dict(self._fragment_properties(fragment.get("properties", {}), counterparts, strict))
        if properties:
            rules["properties"] = properties
        required = self._present(fragment.get("required", ()), counterparts, strict)
        if required:
            rules["required"] = required
        for word in ("anyOf", "oneOf"):
            if word in fragment:
                try:
                    rules[word] = [self._fragment(part, counterparts, strict=True) for part in fragment[word]]
                except _UntranslatableError:
                    if strict:
                        raise
        if "not" in fragment:
            try:
                rules["not"] = self._fragment(fragment["not"], counterparts, strict=True)
            except _UntranslatableError:
                if strict:
                    raise
        if "allOf" in fragment:
            parts = [self._fragment(part, counterparts, strict=strict) for part in fragment["allOf"]]
            rules.update(self._by_case([part for part in parts if part], counterparts))
        if "if" in fragment:
            rules.update(self._if(fragment, counterparts))
        return rules

    def _if(self, fragment: Node, counterparts: Counterparts) -> dict[str, Any]:
        try:
            condition = self._fragment(fragment["if"], counterparts, strict=True)
        except _UntranslatableError:
            return {}
        branches = {
            word: False if fragment[word] is False else self._fragment(fragment[word], counterparts, strict=False)
            for word in ("then", "else")
            if fragment.get(word) not in (None, True)
        }
        branches = {word: branch for word, branch in branches.items() if branch not in ({}, None)}
        return {"if": condition, **branches} if branches else {}

    def _by_case(self, parts: list[dict[str, Any]], counterparts: Counterparts) -> dict[str, Any]:
        """Many conditions on the value of one property, kept by that value so that only those of the value at hand are read."""
        always_given = {counterpart.name for counterpart in counterparts.values() if counterpart.known.required}
        switch: dict[str, dict[str, list[Any]]] = {}
        rest = []
        for part in {json.dumps(part, sort_keys=True): part for part in parts}.values():
            deciding = _deciding(part, always_given)
            if deciding is None:
                rest.append(part)
            elif deciding[1] not in self.names.unless.get(deciding[0], ()):
                switch.setdefault(deciding[0], {}).setdefault(deciding[1], []).append(part)
        return {**({"switch": switch} if switch else {}), **({"allOf": rest} if rest else {})}

    def _fragment_properties(self, properties: Node, counterparts: Counterparts, strict: bool) -> Iterator[tuple[str, Any]]:
        for name, node in properties.items():
            counterpart = counterparts.get(name)
            if counterpart is None:
                # What cannot be given through the provider is never given.
                if strict and not isinstance(node, bool):
                    raise _UntranslatableError(name)
            elif node is False:
                yield counterpart.name, False
            elif node is not True:
                whole = self._resolve(node)
                inner = self._fragment_value(whole, counterpart, counterpart.name, strict)
                if inner:
                    yield counterpart.name, inner
                elif strict and set(whole) - {"type", "description"}:
                    raise _UntranslatableError(name)

    def _fragment_value(self, node: Node, counterpart: Counterpart, path: str, strict: bool) -> dict[str, Any]:
        known, whole = counterpart.known, self.whole._resolve(counterpart.node)
        if known.kind == "array" and known.items is not None:
            below = Counterpart(counterpart.name, known.items, whole.get("items", whole))
            inner = self._fragment_value(self._resolve(node["items"]), below, path, strict) if "items" in node else {}
            sizes = {word: node[word] for word in ("minItems", "maxItems") if word in node}
            return {**sizes, **({"items": inner} if inner else {})}
        if known.kind == "object":
            return self._fragment(node, self.whole._counterparts(whole.get("items", whole), known.fields, path), strict=strict)
        if "not" in node:
            return {"not": self._fragment_value(self._resolve(node["not"]), counterpart, path, strict=True)}
        return self._scalar(node, known, path)

    @staticmethod
    def _present(names: Iterable[str], counterparts: Counterparts, strict: bool) -> list[str]:
        missing = [name for name in names if name not in counterparts]
        if missing and strict:
            raise _UntranslatableError(*missing)
        return [counterparts[name].name for name in names if name in counterparts]

    def _counterparts(self, node: Node, fields: Mapping[str, Property], path: str) -> dict[str, Counterpart]:
        """CloudFormation's properties of this object, each with the provider's name and property.

        One that only reaches into a property stands for its presence, unless several do.
        """
        found: dict[str, Counterpart] = {}
        inside: dict[str, list[str]] = {}
        for name, known in fields.items():
            target = self._target(node, name, path)
            if target and "/" not in target:
                found[target] = Counterpart(name, known, self._at(node, target))
            elif target and not target.startswith("/"):
                inside.setdefault(target.partition("/")[0], []).append(name)
        for target, names in inside.items():
            if len(names) == 1:
                found.setdefault(target, Counterpart(names[0], Property(names[0], False, "any"), {}))
        return found

    def _target(self, node: Node, name: str, path: str) -> str | None:
        """Where the provider's property lies, from this object or (with a leading `/`) from the resource; None when nowhere."""
        below = _join(path, name)
        if below in self.names.renamed or self.names.renamed.get(path) == "":
            return self.names.renamed.get(below)
        exact = {_plain(candidate): candidate for candidate in self._properties(node)}
        singular = {_singular(candidate): candidate for candidate in self._properties(node)}
        return exact.get(_plain(name)) or singular.get(_singular(name))

    def _find(self, node: Node, target: str) -> Node | None:
        start = self._at(self.document, "") if target.startswith("/") else node
        try:
            return self._at(start, target)
        except KeyError:
            return None

    def _at(self, node: Node, pointer: str) -> Node:
        for step in (step for step in pointer.split("/") if step):
            node = self._resolve(node)
            node = node["items"] if step == "*" else self._properties(node)[step]
        return node

    def _properties(self, node: Node) -> dict[str, Any]:
        node = self._resolve(node)
        found = dict(node.get("properties", {}))
        for word in _BRANCHES:
            for part in node.get(word, ()):
                if isinstance(part, Mapping):
                    found.update({name: inner for name, inner in self._properties(part).items() if name not in found})
        return found

    def _resolve(self, node: Any) -> Node:
        seen: Node = node if isinstance(node, Mapping) else {}
        while "$ref" in seen:
            target: Any = self.document
            for step in seen["$ref"].split("/")[1:]:
                target = target[step]
            seen = {**{word: rule for word, rule in seen.items() if word != "$ref"}, **target}
        return seen

    def _text_enum(self, values: list[str]) -> dict[str, Any]:
        if len(values) < _LONG_ENUM:
            return {"enum": values}
        # The same long lists (instance types) stand under many conditions.
        key = f"enum {hashlib.sha256(json.dumps(values).encode()).hexdigest()[:12]}"
        self.definitions[key] = {"enum": values}
        return {"$ref": key}


def _deciding(part: Mapping[str, Any], always_given: set[str]) -> tuple[str, str] | None:
    """The property, and its value, that a condition without `else` turns on."""
    if set(part) != {"if", "then"}:
        return None
    for name, rules in part["if"].get("properties", {}).items():
        if isinstance(rules, Mapping) and isinstance(rules.get("const"), str) and name in {*part["if"].get("required", ()), *always_given}:
            return name, rules["const"]
    return None


def _join(path: str, name: str, by: str = ".") -> str:
    return f"{path}{by}{name}" if path else name


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _singular(name: str) -> str:
    plain = _plain(name)
    if plain.endswith("ies"):
        return f"{plain[:-3]}y"
    return plain[:-1] if plain.endswith("s") and not plain.endswith("ss") else plain
