"""IAM policy documents: one text for them, and what AWS would refuse about them.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider.errors import Failure
from sandbox.provider.values import UNKNOWN, Properties, known

_VERSIONS = ("2012-10-17", "2008-10-17")
_TOP = {"Version", "Id", "Statement"}
_PAIRS = {"Action": "NotAction", "Resource": "NotResource", "Principal": "NotPrincipal"}
_MEMBERS = {"Sid", "Effect", "Condition", *_PAIRS, *_PAIRS.values()}
_PLAIN_SID = re.compile(r"[A-Za-z0-9]*")


@dataclass(frozen=True)
class Grammar:
    """What a kind of policy must and must not say."""

    kind: str
    names: frozenset[str]
    """Which of Action, Resource and Principal each statement has (itself or its Not form); the others are refused."""
    limit: int
    """Characters, white space aside."""
    plain_sids: bool = True
    """Statement ids of letters and digits only; resource policies of most services allow more."""


IDENTITY = Grammar("an identity policy", frozenset({"Action", "Resource"}), 6_144)
INLINE = Grammar("an inline policy", frozenset({"Action", "Resource"}), 10_240)
TRUST = Grammar("a trust policy", frozenset({"Action", "Principal"}), 4_096)
BUCKET = Grammar("a bucket policy", frozenset({"Action", "Resource", "Principal"}), 20_480, plain_sids=False)
KEY = Grammar("a key policy", frozenset({"Action", "Resource", "Principal"}), 32_768, plain_sids=False)
LOGS = Grammar("a log resource policy", frozenset({"Action", "Resource", "Principal"}), 5_120, plain_sids=False)


def normalise(inputs: Properties, *keys: str) -> None:
    """Makes JSON text of documents that the program gave as objects: AWS, and so the state, has text."""
    for key in keys:
        value = inputs.get(key)
        if isinstance(value, Mapping) and known(value):
            inputs[key] = json.dumps(value)


def text(document: Any) -> Any:
    """The document as a request has it: UNKNOWN while part of an object is, because text has no unknown parts."""
    return document if document is None or isinstance(document, str) else UNKNOWN


def statements(document: str | Mapping[str, Any]) -> list[dict[str, Any]]:
    """The statements of a well-formed document."""
    parsed = json.loads(document) if isinstance(document, str) else document
    found = parsed["Statement"]
    return list(found) if isinstance(found, list) else [found]


def members(value: Any) -> list[Any]:
    """A member that may hold one value or several, as a list."""
    return value if isinstance(value, list) else [value]


def failures(path: str, document: Any, grammar: Grammar) -> list[Failure]:
    """What AWS would refuse about the document at that input; nothing while it is unknown or absent."""
    if document is None or not known(document):
        return []
    return [Failure(path, f"{grammar.kind} {reason}") for reason in _reasons(document, grammar)]


def _reasons(document: Any, grammar: Grammar) -> Iterator[str]:
    try:
        parsed = json.loads(document) if isinstance(document, str) else document
    except ValueError as error:
        yield f"must be JSON ({error})"
        return
    if not isinstance(parsed, dict) or not parsed.get("Statement"):
        yield "must be an object with at least one Statement"
        return
    if strange := sorted(parsed.keys() - _TOP):
        yield f"has unknown members {', '.join(strange)}: allowed are {', '.join(sorted(_TOP))}"
    if parsed.get("Version", _VERSIONS[0]) not in _VERSIONS:
        yield f"has Version {parsed['Version']!r}: allowed are {' and '.join(_VERSIONS)}"
    size = len("".join(json.dumps(parsed, separators=(",", ":")).split()))
    if size > grammar.limit:
        yield f"has {size} characters: at most {grammar.limit} are allowed"
    found = statements(parsed)
    for position, statement in enumerate(found):
        for reason in _statement(statement, grammar):
            yield f"{reason} (statement {_label(statement, position)})"
    counted = Counter(repr(item["Sid"]) for item in found if isinstance(item, dict) and item.get("Sid"))
    for sid in sorted(sid for sid, times in counted.items() if times > 1):
        yield f"has Sid {sid} more than once"


def _statement(statement: Any, grammar: Grammar) -> Iterator[str]:
    if not isinstance(statement, dict):
        yield "has a statement that is no object"
        return
    if strange := sorted(statement.keys() - _MEMBERS):
        yield f"has unknown members {', '.join(strange)}"
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield f"has Effect {statement.get('Effect')!r}: allowed are Allow and Deny"
    sid = statement.get("Sid", "")
    if not isinstance(sid, str) or (grammar.plain_sids and not _PLAIN_SID.fullmatch(sid)):
        yield f"has Sid {sid!r}: letters and digits are allowed"
    for name, negated in _PAIRS.items():
        given = [member for member in (name, negated) if statement.get(member)]
        if name in grammar.names and len(given) != 1:
            yield f"must have {name} or {negated}" + (", not both" if given else "")
        if name not in grammar.names and given:
            yield f"must not have {given[0]}"


def _label(statement: Any, position: int) -> str:
    return repr(statement["Sid"]) if isinstance(statement, dict) and statement.get("Sid") else str(position + 1)
