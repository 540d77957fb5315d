"""What the function knows of each secret: a file beside the code, written by the program that deploys it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = "rows.json"


@dataclass(frozen=True)
class Row:
    """One secret of this region."""

    kind: str
    """What a new value is set on: `plain` (nothing) or `database`."""
    days: int
    """Longest life of a value."""
    generated: bool
    """Whether the function makes its values up."""
    rotates: bool
    """Whether Secrets Manager calls the function to renew it; otherwise a person renews it."""
    holds: tuple[str, ...] = ()
    """Keys of the JSON object that are made up."""


def load(path: Path | None = None) -> dict[str, Row]:
    """Return the rows by the names of their secrets."""
    text = (path or Path(__file__).parents[2] / FILE).read_text(encoding="utf-8")
    return parsed(json.loads(text))


def parsed(document: Mapping[str, Mapping[str, object]]) -> dict[str, Row]:
    """Return the rows that a document holds."""
    found = {}
    for name, fields in document.items():
        holds = fields.get("holds", ())
        found[name] = Row(
            kind=str(fields["kind"]),
            days=int(str(fields["days"])),
            generated=bool(fields["generated"]),
            rotates=bool(fields["rotates"]),
            holds=tuple(map(str, holds if isinstance(holds, list | tuple) else ())),
        )
    return found
