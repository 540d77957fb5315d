"""docs/reference/components.md: each component's arguments and outputs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.reference.table import cell

_INTRODUCTION = """\
# Components

What each component takes and gives. Types are Pulumi's: an `Input` may be a value or another resource's output.
"""


@dataclass(frozen=True)
class Member:
    """A field of an args class, or an annotated output."""

    name: str
    type: str
    default: str | None
    text: str


def render(root: Path) -> str:
    """The page, from the sources under `root`/components."""
    lines = [_INTRODUCTION]
    for path in sorted((root / "components").rglob("*.py")):
        module = ast.parse(path.read_text())
        classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
        for node in classes.values():
            token = _token(node)
            if token:
                lines += _component(path.relative_to(root), token, node, classes.get(f"{node.name}Args"))
    return "\n".join(lines) + "\n"


def _component(path: Path, token: str, node: ast.ClassDef, args: ast.ClassDef | None) -> Iterator[str]:
    yield from ("", f"## {node.name}", "", f"`morefocus:{token}` in `{path}`", "", ast.get_docstring(node) or "")
    if args is not None:
        yield from ("", "| argument | type | default | what it says |", "|---|---|---|---|")
        for item in _members(args):
            default = "required" if item.default is None else f"`{cell(item.default)}`"
            yield f"| `{item.name}` | `{cell(item.type)}` | {default} | {cell(item.text)} |"
    outputs = list(_members(node))
    if outputs:
        yield from ("", "| output | type | what it says |", "|---|---|---|")
        for item in outputs:
            yield f"| `{item.name}` | `{cell(item.type)}` | {cell(item.text)} |"


def _members(node: ast.ClassDef) -> Iterator[Member]:
    for index, item in enumerate(node.body):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and not item.target.id.startswith("_"):
            after = node.body[index + 1] if index + 1 < len(node.body) else None
            text = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            yield Member(item.target.id, ast.unparse(item.annotation), ast.unparse(item.value) if item.value else None, str(text))


def _token(node: ast.ClassDef) -> str | None:
    for keyword in node.keywords:
        if keyword.arg == "token" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return None
