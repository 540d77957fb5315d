"""One finding of a check, and the words every check uses for its findings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_LONGEST_VALUE = 60
_MOST_CHOICES = 12
_SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d"  # noqa: S105 - the key that marks a special value on Pulumi's wire
_SECRET_KIND = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark's value for a secret


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that would be refused: where it is, and what was given against what is allowed."""

    path: str
    """Where, as in `rules[0].statement.limit`; empty for the whole document."""
    message: str
    """What was given, what is allowed."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def join(path: str, key: str | int) -> str:
    """The path of member `key` below `path`: `a.b` for names, `a[0]` for positions, `a["b.c"]` for other keys."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if not key.replace("_", "a").replace("-", "a").isalnum():
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def shown(value: Any, *, secret: bool = False) -> str:
    """A value as a message shows it: quoted, and cut when long; a secret is never shown."""
    if secret:
        return "a secret value"
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names closest to `name`, letter case and underscores aside, best first."""
    plain = {_plain(candidate): candidate for candidate in known}
    return [plain[match] for match in difflib.get_close_matches(_plain(name), plain, n=most, cutoff=0.6)]


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The end of an unknown-name message: the nearest known names, or all when none is near and they are few."""
    close = nearest(name, known)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"known are {choices(known)}" if known else "nothing is known here"


def choices(allowed: Iterable[Any]) -> str:
    """Allowed values for a message, in order, cut after a dozen."""
    values = [str(value) for value in allowed]
    if len(values) <= _MOST_CHOICES:
        return ", ".join(values)
    return f"{', '.join(values[:_MOST_CHOICES])} and {len(values) - _MOST_CHOICES} more"


def reveal(value: Any) -> Any:
    """The plain value inside Pulumi's wire form of a secret; any other value unchanged."""
    if isinstance(value, dict) and value.get(_SECRET_SIGNATURE) == _SECRET_KIND:
        return value.get("value")
    return value


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
