"""Where in the program a resource comes from: a file and a line, for reports that people open beside the code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_COMPONENT = re.compile(r"^class \w+\(\w+, token=\"([a-z]+:\w+)\"\)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    path: str
    """From the root of the repository."""
    line: int


@cache
def components(root: Path = ROOT) -> Mapping[str, Place]:
    """Return where each component is declared, by its type, such as `morefocus:network:Network`; read as text, nothing is imported."""
    found = {}
    for path in sorted((root / "components").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for match in _COMPONENT.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found[f"morefocus:{match[1]}"] = Place(path.relative_to(root).as_posix(), line)
    return found


def place(urn: str, stack: str, root: Path = ROOT) -> Place:
    """Return the innermost component that a resource stands in, or its own; the stack's file where it stands in none."""
    types = urn.split("::")[2].split("$") if urn.count("::") >= 3 else []
    known = components(root)
    return next((known[type_] for type_ in reversed(types) if type_ in known), Place(f"Pulumi.{stack}.yaml", 1))
