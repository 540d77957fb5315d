"""Judges CloudWatch Logs' filter patterns over JSON events, so that a test can prove what a pattern catches.

Syntax: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html. What it does not know is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

Judge = Callable[[dict[str, Any]], bool]
_TOKEN = re.compile(r'\s*(&&|\|\||!=|<=|>=|[(){}=<>]|"[^"]*"|[^\s(){}=<>!&|"]+)')
_ABSENT = object()


def matches(pattern: str, event: dict[str, Any]) -> bool:
    """Whether the event is counted. Raises ValueError for a pattern that is malformed."""
    parser = _Parser(_tokens(pattern))
    parser.take("{")
    judge = parser.either()
    parser.take("}")
    if parser.rest:
        raise ValueError(f"more after the closing brace: {' '.join(parser.rest)}")
    return judge(event)


def _tokens(pattern: str) -> list[str]:
    found, position, text = [], 0, pattern.rstrip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise ValueError(f"not a filter pattern from here: {text[position:]!r}")
        found.append(token.group(1))
        position = token.end()
    return found


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.rest = tokens

    def take(self, *expected: str) -> str:
        if not self.rest or (expected and self.rest[0] not in expected):
            raise ValueError(f"expected {' or '.join(expected) or 'more'} before {' '.join(self.rest[:3]) or 'the end'}")
        return self.rest.pop(0)

    def either(self) -> Judge:
        parts = [self.both()]
        while self.rest[:1] == ["||"]:
            self.take("||")
            parts.append(self.both())
        return lambda event: any(part(event) for part in parts)

    def both(self) -> Judge:
        parts = [self.one()]
        while self.rest[:1] == ["&&"]:
            self.take("&&")
            parts.append(self.one())
        return lambda event: all(part(event) for part in parts)

    def one(self) -> Judge:
        if self.rest[:1] == ["("]:
            self.take("(")
            inner = self.either()
            self.take(")")
            return inner
        selector = self.take()
        if not selector.startswith("$."):
            raise ValueError(f"a selector begins with $. (got {selector!r})")
        operator = self.take()
        if operator == "NOT":
            self.take("EXISTS")
            return lambda event: _at(event, selector) is _ABSENT
        if operator == "IS":
            value = self.take("NULL", "TRUE", "FALSE")
            meant = {"NULL": None, "TRUE": True, "FALSE": False}[value]
            return lambda event: _at(event, selector) is meant
        if operator not in _COMPARISONS:
            raise ValueError(f"unknown operator {operator!r}")
        wanted, compare = self.take().strip('"'), _COMPARISONS[operator]
        return lambda event: compare(_at(event, selector), wanted)


def _at(event: Any, selector: str) -> Any:
    for part in selector.removeprefix("$.").split("."):
        if not isinstance(event, dict) or part not in event:
            return _ABSENT
        event = event[part]
    return event


def _equal(found: Any, wanted: str) -> bool:
    return isinstance(found, str | int | float) and fnmatchcase(str(found), wanted.replace("[", "[[]"))


# AWS's page does not say whether a field that is absent differs from a value; here it does not, so no proof rests on it.
_COMPARISONS: dict[str, Callable[[Any, str], bool]] = {
    "=": _equal,
    "!=": lambda found, wanted: found is not _ABSENT and not _equal(found, wanted),
    "<": lambda found, wanted: isinstance(found, int | float) and found < float(wanted),
    ">": lambda found, wanted: isinstance(found, int | float) and found > float(wanted),
    "<=": lambda found, wanted: isinstance(found, int | float) and found <= float(wanted),
    ">=": lambda found, wanted: isinstance(found, int | float) and found >= float(wanted),
}
