"""Judges a policy document by what it lets happen, not by how it is written.

Covers the part of IAM's evaluation that one document decides: an explicit Deny wins over any Allow, and what no statement
allows is not allowed. A condition operator or element it does not know is an error, never a pass.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Request:
    """Someone who wants to do something; `principal` is an ARN, an account id or a service name."""

    action: str
    resource: str
    principal: str
    context: Mapping[str, str] = field(default_factory=dict)


def allowed(policy: str, request: Request) -> bool:
    """Return whether the document allows the request."""
    return not denied(policy, request) and any(_applies(each, request) for each in _statements(policy, "Allow"))


def denied(policy: str, request: Request) -> bool:
    """Return whether the document denies the request, whatever another one allows."""
    return any(_applies(each, request) for each in _statements(policy, "Deny"))


def _statements(policy: str, effect: str) -> list[dict[str, Any]]:
    statements = _list(json.loads(policy)["Statement"])
    unknown = {key for each in statements for key in each} - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
    if unknown:
        raise NotImplementedError(f"the judge does not know {', '.join(sorted(unknown))}")
    return [each for each in statements if each["Effect"] == effect]


def _applies(statement: dict[str, Any], request: Request) -> bool:
    return (
        any(_like(action.lower(), request.action.lower()) for action in _list(statement["Action"]))
        and any(_like(resource, request.resource) for resource in _list(statement["Resource"]))
        and _names(statement["Principal"], request.principal)
        and all(
            _holds(operator, [str(value) for value in _list(wanted)], request.context.get(key))
            for operator, tests in statement.get("Condition", {}).items()
            for key, wanted in tests.items()
        )
    )


def _names(principal: Any, who: str) -> bool:
    if principal == "*":
        return True
    ids = [each for several in principal.values() for each in _list(several)]
    account = who.split(":")[4] if who.startswith("arn:") else who
    return "*" in ids or who in ids or account in ids or f"arn:aws:iam::{account}:root" in ids


def _holds(operator: str, wanted: list[str], given: str | None) -> bool:
    comparisons: dict[str, Callable[[str, str], bool]] = {
        "StringEquals": lambda want, have: want == have,
        "ArnEquals": _like,
        "ArnLike": _like,
        "StringLike": _like,
        "Bool": lambda want, have: want.lower() == have.lower(),
        "NumericLessThan": lambda want, have: float(have) < float(want),
    }
    base = operator.removesuffix("IfExists")
    if base not in comparisons:
        raise NotImplementedError(f"the judge does not know the operator {operator}")
    if given is None:
        # A key that the request does not have fails every one of these operators but those that say so.
        return base != operator
    return any(comparisons[base](want, given) for want in wanted)


def _like(pattern: str, text: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(expression, text) is not None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
