"""The rules of one text, number or boolean, whichever way CloudFormation writes what the provider gives."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sandbox.provider.facts.cfn_formats import FORMATS
from sandbox.provider.facts.cfn_names import Names
from sandbox.provider.facts.cfn_pairing import Node, resolved
from sandbox.provider.facts.sdk import Property

_TEXT_WORDS = ("pattern", "minLength", "maxLength", "enumCaseInsensitive")
_NUMBER_WORDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_LONG_LIST = 20


@dataclass(frozen=True, slots=True)
class Values:
    """Translates the schemas of single values."""

    names: Names
    document: Node
    """Where the references of the schemas lead."""
    definitions: dict[str, Any]
    """Long lists go there: the same ones (instance types) stand under many conditions."""

    def rules(self, node: Node, known: Property, path: str) -> dict[str, Any]:
        """The rules for `known` at `path`; empty when the two sides hold different kinds of value."""
        listed = [*node.get("enum", ()), *(self.names.also.get(path, ()) if "enum" in node else ()), *_constant(node)]
        if known.kind == "boolean":
            allowed = {item for item in listed if isinstance(item, bool)}
            return {"const": allowed.pop()} if len(allowed) == 1 else {}
        kinds = {node["type"]} if isinstance(node.get("type"), str) else set(node.get("type", ()))
        written_as_text, written_as_number = "string" in kinds, bool(kinds & {"integer", "number"})
        texts = self._texts(node, [item for item in listed if isinstance(item, str)], path)
        numbers = _numbers(node, [item for item in listed if isinstance(item, int | float) and not isinstance(item, bool)])
        if known.kind == "string":
            if written_as_number and not written_as_text:
                return {"asNumber": numbers} if numbers else {}
            return {**texts, **self._either(node, known, path)} if written_as_text or not kinds else {}
        if known.kind in ("integer", "number"):
            if written_as_number or not kinds:
                return numbers
            return {**numbers, **({"asText": texts} if texts else {})} if written_as_text else {}
        return {}

    def _texts(self, node: Node, listed: list[str], path: str) -> dict[str, Any]:
        rules: dict[str, Any] = {word: node[word] for word in _TEXT_WORDS if word in node}
        if node.get("format") in FORMATS:
            rules["format"] = [node["format"]]
        if listed and path in self.names.versions:
            parts = [version.split(".") for version in listed]
            listed = list(dict.fromkeys(".".join(part[:size]) for part in parts for size in range(1, len(part) + 1)))
        if len(listed) > _LONG_LIST:
            key = f"list {hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:12]}"
            self.definitions[key] = {"enum": listed}
            rules["$ref"] = key
        elif len(listed) == 1 and "enum" not in node:
            rules["const"] = listed[0]
        elif listed:
            rules["enum"] = listed
        return rules

    def _either(self, node: Node, known: Property, path: str) -> dict[str, Any]:
        """Several forms of which the value must have one; nothing when one of them has no rule here."""
        forms = [self.rules(resolved(part, self.document), known, path) for part in node.get("anyOf", ())]
        if not forms or not all(forms):
            return {}
        if all(set(form) == {"format"} for form in forms):
            return {"format": [name for form in forms for name in form["format"]]}
        return {"anyOf": forms}


def _numbers(node: Node, listed: list[float]) -> dict[str, Any]:
    rules = {word: node[word] for word in _NUMBER_WORDS if word in node}
    return {**rules, "enum": listed} if listed else rules


def _constant(node: Node) -> list[Any]:
    return [node["const"]] if "const" in node and "enum" not in node else []
