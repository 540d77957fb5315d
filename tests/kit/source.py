"""Reads the project's own source as syntax trees, for the laws that are tests."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from config.load import ROOT

CODE = ("config", "components", "services", "stacks", "policies", "sandbox", "scripts")
_IGNORED = {
    ".git",
    ".venv",
    ".sandbox",
    "build",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    "node_modules",
}


def modules(*folders: str) -> list[Path]:
    """Return every Python file of the folders (all rooms when none is given), in order, relative to the root."""
    found = [path for folder in folders or CODE for path in (ROOT / folder).rglob("*.py") if not _IGNORED & set(path.parts)]
    return sorted(path.relative_to(ROOT) for path in found)


def files() -> Iterator[Path]:
    """Yield every file a person keeps under version control, relative to the root."""
    stack = [ROOT]
    while stack:
        for path in sorted(stack.pop().iterdir()):
            if path.name in _IGNORED:
                continue
            if path.is_dir():
                stack.append(path)
            else:
                yield path.relative_to(ROOT)


@cache
def tree(module: Path) -> ast.Module:
    """Return the syntax tree of a file given relative to the root."""
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), filename=str(module))


def imports(module: Path) -> list[tuple[int, str]]:
    """Return (line, dotted name) of everything a file imports; `from a.b import c` counts as `a.b.c` and so as `a.b`."""
    found = []
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
    return found


def component_classes(module: Path) -> list[ast.ClassDef]:
    """Return the classes of a file that derive from Component (they alone carry a `token`)."""
    return [
        node for node in tree(module).body if isinstance(node, ast.ClassDef) and any(keyword.arg == "token" for keyword in node.keywords)
    ]


def resource_calls(module: Path) -> list[ast.Call]:
    """Return the calls that make a resource of a provider: of classes imported from an SDK."""
    names = set()
    for node in ast.walk(tree(module)):
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith(("pulumi_aws.", "pulumi_kubernetes."))
            and not (node.module or "").endswith("_inputs")
        ):
            names |= {alias.asname or alias.name for alias in node.names}
    return [
        node
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in names
        and node.func.id[0].isupper()
        and not node.func.id.endswith("Args")
    ]
