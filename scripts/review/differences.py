"""What changes within a resource: one row for each leaf, also within documents written as JSON, without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.review.masking import HIDDEN, UNKNOWN, Secrets
from scripts.review.preview import Action, Step

LONGEST = 400
"""Characters of a value that are shown."""
_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.\[\]]+)')
_PLAIN_KEY = re.compile(r"^[\w$-]+$")


class _Nothing:
    """Stands where no value is."""


NOTHING = _Nothing()


@dataclass(frozen=True, slots=True)
class Row:
    """One property that changes."""

    path: str
    before: str | None
    """As shown; None where there was nothing."""
    after: str | None
    replaces: bool = False
    """It cannot be changed in place."""


def rows(step: Step, secrets: Secrets) -> tuple[Row, ...]:
    """Return what changes; of a new resource everything it is given, of one that goes nothing."""
    match step.action:
        case Action.DELETE | Action.SAME:
            return ()
        case Action.CREATE | Action.IMPORT:
            new = secrets.masked_resource(step.type, step.new.get("inputs") or {})
            return tuple(Row(key, None, shown(value)) for key, value in sorted(new.items()) if value is not None)
    return tuple(dict.fromkeys(_changed(step, secrets)))


def _changed(step: Step, secrets: Secrets) -> Iterator[Row]:
    old, new = (
        {kind: secrets.masked_resource(step.type, state.get(kind) or {}) for kind in ("inputs", "outputs")}
        for state in (step.old, step.new)
    )
    paths = dict(step.detailed) or {key: {} for key in sorted({*old["inputs"], *new["inputs"]})}
    for given, detail in sorted(paths.items()):
        path = secrets.hide(given)
        keys = _keys(path)
        replaces = given in step.replacing or (bool(keys) and str(keys[0]) in step.replacing)
        before, after = _look(old["inputs"], keys), _look(new["inputs"], keys)
        if before is NOTHING and after is NOTHING:
            before, after = _look(old["outputs"], keys), _look(new["outputs"], keys)
        found = [
            Row(where, None if was is NOTHING else shown(was), None if becomes is NOTHING else shown(becomes), replaces)
            for where, was, becomes in _leaves(path, before, after)
        ]
        # The engine saw a change that is not to be seen here: that of a secret, or of what only the provider knows.
        if not found and step.detailed:
            kind = str(detail.get("diffKind") or "update")
            either = before if before is not NOTHING else after
            text = shown(either) if either is not NOTHING else HIDDEN
            found = [Row(path, None if kind.startswith("add") else text, None if kind.startswith("delete") else text, replaces)]
        yield from found


def _leaves(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    before, after = _opened(before, after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _leaves(_joined(path, key), before.get(key, NOTHING), after.get(key, NOTHING))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _members(path, before, after)
    elif type(before) is not type(after) or before != after:
        yield path, before, after


def _members(path: str, before: list[Any], after: list[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Give what came and went where members are alike, else the members one by one."""
    gone = [each for each in before if each not in after]
    come = [each for each in after if each not in before]
    if len(before) != len(after) and (not gone or not come):
        yield from ((f"{path}[-]", each, NOTHING) for each in gone)
        yield from ((f"{path}[+]", NOTHING, each) for each in come)
        return
    for index in range(max(len(before), len(after))):
        one, other = (each[index] if index < len(each) else NOTHING for each in (before, after))
        yield from _leaves(f"{path}[{index}]", one, other)


def _opened(before: Any, after: Any) -> tuple[Any, Any]:
    """Return two texts as the documents they hold, if both hold one."""
    if isinstance(before, str) and isinstance(after, str):
        documents = _document(before), _document(after)
        if None not in documents:
            return documents
    return before, after


def _document(text: str) -> Any:
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def shown(value: Any) -> str:
    """Return a value on one line, cut where it is long."""
    mark = isinstance(value, str) and (value in (HIDDEN, UNKNOWN) or value.startswith("[file "))
    text = value if mark else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def _keys(path: str) -> list[str | int]:
    found: list[str | int] = []
    for quoted, index, plain in _STEP.findall(path):
        found.append(json.loads(f'"{quoted}"') if quoted else int(index) if index else plain)
    return found


def _look(value: Any, keys: list[str | int]) -> Any:
    for key in keys:
        if isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        elif isinstance(value, Mapping) and key in value:
            value = value[str(key)]
        elif value == HIDDEN:
            return HIDDEN
        else:
            return NOTHING
    return value


def _joined(path: str, key: str) -> str:
    if not _PLAIN_KEY.match(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key
