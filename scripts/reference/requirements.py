"""docs/reference/requirements.md: each requirement with what satisfies it and what proves it, from the ids in docstrings."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from scripts.reference.table import table

ROWS = Path(__file__).with_name("requirements.yaml")
BUILT = ("components", "stacks", "config", "services", "scripts", "policies")
"""Rooms whose docstrings say which requirements they satisfy."""
_MIRRORED = ("components", "stacks", "config", "services", "scripts")
_CONTROLS = Path("policies", "controls")
"""Controls have ids of their own, which look like those of requirements."""
_ID = re.compile(r"\b([A-Z][A-Z0-9]{2})-(\d+)(?: to (?:\1-)?(\d+))?\b")

_INTRODUCTION = """\
# Requirements

What satisfies each requirement, and what proves it: read from the ids in the docstrings of components, stacks and configuration, and
from the tests that mirror them or name the id themselves. What has no file here is not built yet."""


class UnknownRequirementError(Exception):
    """A docstring names an id that no row has."""


@dataclass
class Row:
    """One requirement."""

    text: str
    built: list[str] = field(default_factory=list)
    """Files, relative to the root."""
    proven: list[str] = field(default_factory=list)


def render(root: Path) -> str:
    """The page, from the sources under `root`.

    Raises UnknownRequirementError, naming file and id, when a docstring names an id without a row.
    """
    lines = [_INTRODUCTION]
    found = rows(root)
    for chapter, ids in _chapters().items():
        lines += ["", f"## {chapter}", ""]
        lines += table(
            ("id", "requirement", "satisfied by", "proven by"),
            [(each, found[each].text, _files(found[each].built) or "not built yet", _files(found[each].proven)) for each in ids],
        )
    return "\n".join(lines) + "\n"


def rows(root: Path) -> dict[str, Row]:
    """Every requirement by id, with the files that name it."""
    found = {each: Row(text) for ids in _chapters().values() for each, text in ids.items()}
    tests = _named(root, ("tests",), found)
    for each, built in _named(root, BUILT, found).items():
        found[each].built = built
        mirrors = [_mirror(path) for path in built]
        found[each].proven = sorted({path for path in mirrors if (root / path).is_file()} | set(tests.get(each, ())))
    return found


def ids_in(text: str) -> Iterator[str]:
    """Return the ids a text names; a range, two ids with `to` between them, names all between."""
    for prefix, first, last in _ID.findall(text):
        yield from (f"{prefix}-{number}" for number in range(int(first), int(last or first) + 1))


def _named(root: Path, rooms: tuple[str, ...], known: Mapping[str, Row]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    prefixes = {each.partition("-")[0] for each in known}
    for path in sorted(file for room in rooms for file in (root / room).rglob("*.py")):
        relative = path.relative_to(root)
        if relative.is_relative_to(_CONTROLS) or relative.is_relative_to("tests" / _CONTROLS):
            continue
        name = str(relative)
        for each in ids_in("\n".join(_docstrings(ast.parse(path.read_text())))):
            if each in known:
                found[each].add(name)
            elif each.partition("-")[0] in prefixes:
                raise UnknownRequirementError(f"{name} names {each}, which is no requirement: correct it, or add a row to {ROWS.name}")
    return {each: sorted(names) for each, names in found.items()}


def _docstrings(module: ast.Module) -> Iterator[str]:
    """What a module says of itself, its classes, its functions and their fields."""
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


def _mirror(path: str) -> str:
    *folders, name = Path(path).parts
    return str(Path("tests", *folders, f"test_{name}"))


def _chapters() -> dict[str, dict[str, str]]:
    chapters: dict[str, dict[str, str]] = yaml.safe_load(ROWS.read_text(encoding="utf-8"))
    return chapters


def _files(paths: list[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths)
