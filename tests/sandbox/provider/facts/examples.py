"""The examples in the SDK's docstrings as inputs on the wire; what is computed in them is unknown."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.provider.facts import sdk, sdk_source
from sandbox.provider.facts.sdk import Property
from tests.sandbox.provider.facts.samples import UNKNOWN

_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def examples(service: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Token, inputs and file of every resource that the examples of a service's folder declare."""
    classes = {(folder.rstrip("_"), name): token for token, (folder, name) in sdk_source.resource_index().items()}
    for file in sorted((sdk_source.package() / service).glob("[a-z]*.py")):
        if file.name != "outputs.py":
            for call in _calls(file):
                _, *folder, name = ast.unparse(call.func).split(".")
                token = classes.get(("/".join(folder).rstrip("_"), name))
                if token:
                    yield token, _inputs(call, token), file.name


def _calls(file: Path) -> Iterator[ast.Call]:
    for block in _BLOCK.findall(file.read_text()):
        try:
            tree = ast.parse(textwrap.dedent(block))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("aws."):
                yield node


def _inputs(call: ast.Call, token: str) -> dict[str, Any]:
    known = sdk.resource(token).inputs
    wire = {_plain(name): name for name in known}
    inputs = {}
    for keyword in call.keywords:
        if keyword.arg not in (None, "opts"):
            name = wire.get(_plain(str(keyword.arg)), str(keyword.arg))
            inputs[name] = _value(keyword.value, known.get(name))
    return inputs


def _value(node: ast.expr, known: Property | None) -> Any:
    if isinstance(node, ast.Dict):
        wire = {_plain(name): name for name in known.fields} if known and known.kind == "object" else {}
        result = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if not isinstance(key, ast.Constant):
                return UNKNOWN
            name = wire.get(_plain(str(key.value)), str(key.value))
            inner = known.fields.get(name) if known and known.kind == "object" else known.items if known else None
            result[name] = _value(value, inner)
        return result
    if isinstance(node, ast.List):
        return [_value(item, known.items if known else None) for item in node.elts]
    try:
        return ast.literal_eval(node)
    except ValueError:
        return UNKNOWN


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
