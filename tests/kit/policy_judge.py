"""Judges a policy document by what it lets happen, not by how it is written.

Covers the part of IAM's evaluation that one document decides: an explicit Deny wins over any Allow, and what no statement
allows is not allowed. A condition operator or element it does not know is an error, never a pass.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_MEMBERS = {"Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"}


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


def permitted(policies: Sequence[str], request: Request, *, boundary: str | None = None) -> bool:
    """Return whether somebody with all these identity policies may, who can be allowed no more than the boundary allows."""
    documents = [*policies, *([boundary] if boundary else [])]
    if any(denied(policy, request) for policy in documents):
        return False
    return any(allowed(policy, request) for policy in policies) and (boundary is None or allowed(boundary, request))


def denied(policy: str, request: Request) -> bool:
    """Return whether the document denies the request, whatever another one allows."""
    return any(_applies(each, request) for each in _statements(policy, "Deny"))


def _statements(policy: str, effect: str) -> list[dict[str, Any]]:
    statements = _list(json.loads(policy)["Statement"])
    unknown = {key for each in statements for key in each} - _MEMBERS
    if unknown:
        raise NotImplementedError(f"the judge does not know {', '.join(sorted(unknown))}")
    return [each for each in statements if each["Effect"] == effect]


def _applies(statement: dict[str, Any], request: Request) -> bool:
    actions = [action.lower() for action in _list(statement.get("Action", statement.get("NotAction")))]
    # A trust policy names no resource: it speaks of the role it belongs to.
    resources = [_filled(each, request) for each in _list(statement.get("Resource", statement.get("NotResource", "*")))]
    return (
        any(_like(action, request.action.lower()) for action in actions) == ("Action" in statement)
        and any(_like(resource, request.resource) for resource in resources) == ("NotResource" not in statement)
        # An identity policy names nobody: it speaks of whoever it is attached to.
        and ("Principal" not in statement or _names(statement["Principal"], request.principal))
        and all(
            _holds(operator, [_filled(str(value), request) for value in _list(wanted)], request.context.get(key))
            for operator, tests in statement.get("Condition", {}).items()
            for key, wanted in tests.items()
        )
    )


def _filled(text: str, request: Request) -> str:
    """Return the text with its policy variables replaced by the request's values; one without a value matches nothing."""
    return re.sub(r"\$\{([^}]+)\}", lambda found: request.context.get(found[1], "\0"), text)


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
    if operator.startswith("ForAnyValue:"):
        # Of no values none can be found.
        return given is not None and _holds(operator.removeprefix("ForAnyValue:"), wanted, given)
    if operator.startswith("ForAllValues:"):
        # Of no values all are as wanted: such a statement needs `Null` beside it.
        return given is None or _holds(operator.removeprefix("ForAllValues:"), wanted, given)
    base = operator.removesuffix("IfExists")
    if base == "Null":
        return (given is None) == (wanted[0].lower() == "true")
    opposite = {"StringNotEquals": "StringEquals", "StringNotLike": "StringLike", "ArnNotLike": "ArnLike", "ArnNotEquals": "ArnEquals"}
    if base in opposite:
        # A key that the request does not have is not equal to anything.
        return given is None or not _holds(opposite[base], wanted, given)
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
