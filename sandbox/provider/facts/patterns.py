"""Whether a text matches a pattern as AWS writes them: Java's regular expressions, matched against the whole text."""

from __future__ import annotations

from functools import cache
from typing import Any

import regex  # type: ignore[import-untyped]

_SECONDS = 0.2


def matches(pattern: str, text: str) -> bool:
    """False only when the pattern surely refuses the text.

    A pattern that does not compile here says nothing, nor does one that takes too long on this text.
    """
    compiled = _compiled(pattern)
    if compiled is None:
        return True
    try:
        return compiled.fullmatch(text, timeout=_SECONDS) is not None
    except TimeoutError:
        return True


@cache
def _compiled(pattern: str) -> Any:
    try:
        # Descriptions and documents span lines, and AWS's "." is meant to include them.
        return regex.compile(pattern, regex.DOTALL)
    except regex.error:
        return None
