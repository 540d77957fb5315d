"""Whether a text fits a pattern as AWS writes them: Java's regular expressions, more than Python's own module reads."""

from __future__ import annotations

from functools import cache
from typing import Any

import regex  # type: ignore[import-untyped]

_SECONDS = 0.2


def matches(pattern: str, text: str) -> bool:
    """False only when the pattern surely does not match the whole text, which is how AWS's services read their patterns.

    A pattern that does not compile here says nothing, nor does one that takes too long on this text.
    """
    return _try(pattern, text, "fullmatch")


def found_in(pattern: str, text: str) -> bool:
    """False only when the pattern surely matches nowhere in the text, which is how JSON Schema reads patterns."""
    return _try(pattern, text, "search")


def _try(pattern: str, text: str, how: str) -> bool:
    compiled = _compiled(pattern)
    if compiled is None:
        return True
    try:
        return getattr(compiled, how)(text, timeout=_SECONDS) is not None
    except TimeoutError:
        return True


@cache
def _compiled(pattern: str) -> Any:
    try:
        # Descriptions and documents span lines, and AWS's "." is meant to include them.
        return regex.compile(pattern, regex.DOTALL)
    except regex.error:
        return None
