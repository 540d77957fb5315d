"""Checks a resource's inputs against rules in the words of JSON Schema, where some values may not be known yet.

The rules are CloudFormation's, already written in Pulumi's names (see `cfn_translate`). Besides JSON Schema they know what
CloudFormation's linter adds (`requiredXor`, `requiredOr`, `dependentExcluded`, `enumCaseInsensitive`) and three words of our own:
`asText` and `asNumber` hold rules for the value in that form, because the two sides differ in whether a number is written as text,
and `switch` keeps the conditions that depend on one property's value by that value.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Collection, Mapping, Sized
from dataclasses import dataclass, field
from typing import Any

from sandbox.provider.facts.patterns import found_in
from sandbox.provider.facts.problem import Problem, choices, join, nearest, reveal, shown

Rules = Mapping[str, Any]


@dataclass
class Checking:
    """One check in progress."""

    unknown: Any
    definitions: Mapping[str, Any]
    suffix: str = ""
    """Ends every message: where or when the rule holds."""
    problems: list[Problem] = field(default_factory=list)
    unsure: bool = False
    """Whether an unknown value was met, so that the absence of problems says nothing."""
    refusals: list[tuple[str, Collection[Any]]] = field(default_factory=list)
    """Where a value was in no list, and the list."""

    def check(self, rules: Rules | bool, value: Any, path: str) -> None:
        """Adds what is wrong with `value`."""
        if value is self.unknown:
            self.unsure = True
            return
        if rules is False:
            self.add(path, "must not be given here")
        elif rules is not True and value is not None:
            value = reveal(value)
            if value is self.unknown:
                self.unsure = True
                return
            for word, argument in rules.items():
                _WORDS[word](self, argument, value, path, rules)

    def holds(self, rules: Rules | bool, value: Any) -> bool | None:
        """Whether the value fits; None when that depends on what is not known yet."""
        aside = Checking(self.unknown, self.definitions)
        aside.check(rules, value, "")
        if aside.problems:
            return False
        return None if aside.unsure else True

    def add(self, path: str, message: str) -> None:
        """Adds a problem."""
        self.problems.append(Problem(path, message + self.suffix))


def given(value: Mapping[str, Any], name: str) -> bool:
    """Whether a property has a value, known or not."""
    return value.get(name) is not None


def _reference(check: Checking, name: str, value: Any, path: str, rules: Rules) -> None:
    check.check(check.definitions[name], value, path)


def _enum(check: Checking, allowed: Any, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, list | Mapping) or value in allowed:
        return
    check.refusals.append((path, allowed))
    close = nearest(str(value), [str(item) for item in allowed]) if len(allowed) > 4 else []
    hint = f"; nearest are {', '.join(close)}" if close else ""
    check.add(path, f"must be one of {choices(sorted(allowed, key=str))}{hint} (got {shown(value)})")


def _enum_any_case(check: Checking, allowed: Any, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, str) and value.lower() not in {str(item).lower() for item in allowed}:
        check.add(path, f"must be one of {choices(allowed)}, in any letter case (got {shown(value)})")


def _const(check: Checking, expected: Any, value: Any, path: str, rules: Rules) -> None:
    if value != expected:
        check.add(path, f"must be {shown(expected)} (got {shown(value)})")


def _pattern(check: Checking, pattern: str, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, str) and not found_in(pattern, value):
        check.add(path, f"must match {pattern} (got {shown(value)})")


def _format(check: Checking, formats: Any, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, str) and not any(_has_format(name, value) for name in formats):
        check.add(path, f"must be {' or '.join(_FORMATS[name][0] for name in formats)} (got {shown(value)})")


def _bound(words: str, refuses: Callable[[Any, Any], bool]) -> Callable[..., None]:
    def check_bound(check: Checking, bound: Any, value: Any, path: str, rules: Rules) -> None:
        if isinstance(value, int | float) and not isinstance(value, bool) and refuses(value, bound):
            check.add(path, f"must be {words} {bound} (got {value})")

    return check_bound


def _size(kind: tuple[type[Sized], ...], words: str, refuses: Callable[[Any, Any], bool], unit: str) -> Callable[..., None]:
    def check_size(check: Checking, bound: int, value: Any, path: str, rules: Rules) -> None:
        if isinstance(value, kind) and refuses(size := len(value), bound):
            check.add(path, f"must have {words} {bound} {unit} (got {size})")

    return check_size


def _properties(check: Checking, properties: Mapping[str, Any], value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, Mapping):
        for name, inner in properties.items():
            if given(value, name):
                check.check(inner, value[name], join(path, name))


def _items(check: Checking, inner: Any, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, list | tuple):
        for position, item in enumerate(value):
            check.check(inner, item, join(path, position))


def _required(check: Checking, names: Any, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, Mapping):
        for name in names:
            if not given(value, name):
                check.add(join(path, name), "required, but not given")


def _required_xor(check: Checking, names: Any, value: Any, path: str, rules: Rules) -> None:
    there = _among(names, value)
    if there is not None and len(there) != 1:
        check.add(path, f"needs exactly one of {choices(names)} (got {choices(there) or 'none'})")


def _required_or(check: Checking, names: Any, value: Any, path: str, rules: Rules) -> None:
    if _among(names, value) == []:
        check.add(path, f"needs at least one of {choices(names)} (got none)")


def _dependent_required(check: Checking, needs: Mapping[str, Any], value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, Mapping):
        for name, others in needs.items():
            for other in others:
                if given(value, name) and not given(value, other):
                    check.add(join(path, other), f"required together with {name}, but not given")


def _dependent_excluded(check: Checking, excludes: Mapping[str, Any], value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, Mapping):
        for name, others in excludes.items():
            for other in others:
                if given(value, name) and given(value, other):
                    check.add(join(path, other), f"must not be given together with {name}")


def _all_of(check: Checking, parts: Any, value: Any, path: str, rules: Rules) -> None:
    for part in parts:
        check.check(part, value, path)


def _any_of(check: Checking, parts: Any, value: Any, path: str, rules: Rules) -> None:
    reasons = []
    for part in parts:
        aside = Checking(check.unknown, check.definitions)
        aside.check(part, value, path)
        check.unsure |= aside.unsure
        if not aside.problems:
            return
        reasons.append(" and ".join(map(str, aside.problems)))
    check.add(path, f"fits none of what is allowed: either {'; or '.join(dict.fromkeys(reasons))}")


def _not(check: Checking, rules_refused: Any, value: Any, path: str, rules: Rules) -> None:
    if check.holds(rules_refused, value) is True:
        names = sorted({name for part in rules_refused.get("anyOf", [rules_refused]) for name in part.get("required", ())})
        there = [name for name in names if isinstance(value, Mapping) and given(value, name)]
        check.add(path, f"does not take {choices(there or names)} here" if names else "has a value that is refused here")


def _if(check: Checking, condition: Any, value: Any, path: str, rules: Rules) -> None:
    holds = check.holds(condition, value)
    if holds is None:
        check.unsure = True
        return
    branch = rules.get("then" if holds else "else")
    if branch is not None:
        check.check(branch, value, path)


def _branch(check: Checking, branch: Any, value: Any, path: str, rules: Rules) -> None:
    """`then` and `else` are read by `if`."""


def _switch(check: Checking, switch: Mapping[str, Any], value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, Mapping):
        for name, cases in switch.items():
            decides = reveal(value.get(name))
            if decides is check.unknown:
                check.unsure = True
            for part in cases.get(decides, ()) if isinstance(decides, str) else ():
                check.check(part, value, path)


def _as_text(check: Checking, inner: Any, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        check.check(inner, str(int(value)) if float(value).is_integer() else str(value), path)


def _as_number(check: Checking, inner: Any, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return
        check.check(inner, int(number) if number.is_integer() else number, path)


def _among(names: Any, value: Any) -> list[str] | None:
    return [name for name in names if given(value, name)] if isinstance(value, Mapping) else None


def _is_network(value: str, version: int) -> bool:
    try:
        return ipaddress.ip_network(value).version == version
    except ValueError:
        return False


def _is_address(value: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(value).version == version
    except ValueError:
        return False


_ARN = r"^arn:(aws|aws-cn|aws-us-gov|aws-iso|aws-iso-b|aws-iso-e|aws-iso-f|aws-eusc):"
_ID = r"([0-9a-f]{8}|[0-9a-f]{17})$"

_FORMATS: dict[str, tuple[str, str | Callable[[str], bool]]] = {
    "ipv4-network": ("an IPv4 network such as 10.0.0.0/16, without host bits", lambda value: _is_network(value, 4)),
    "ipv6-network": ("an IPv6 network such as 2001:db8::/56, without host bits", lambda value: _is_network(value, 6)),
    "ipv4": ("an IPv4 address", lambda value: _is_address(value, 4)),
    "ipv6": ("an IPv6 address", lambda value: _is_address(value, 6)),
    "AWS::EC2::VPC.Id": ("a VPC id (vpc-...)", r"^vpc-" + _ID),
    "AWS::EC2::Subnet.Id": ("a subnet id (subnet-...)", r"^subnet-" + _ID),
    "AWS::EC2::SecurityGroup.Id": ("a security group id (sg-...)", r"^sg-" + _ID),
    "AWS::EC2::Image.Id": ("an image id (ami-...)", r"^ami-([0-9a-z]{8}|[0-9a-z]{17})$"),
    "AWS::IAM::Role.Arn": ("an IAM role's ARN", _ARN + r"iam::\d{12}:role/.+$"),
    "AWS::KMS::Key.Arn": ("a KMS key's ARN", _ARN + r"kms:[a-z0-9-]+:\d{12}:(key|alias)/.+$"),
    "AWS::KMS::Key.Id": ("a KMS key's id", r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$"),
    "AWS::KMS::Alias.AliasName": ("a KMS alias (alias/...)", r"^alias/[a-zA-Z0-9:/_-]+$"),
    "AWS::ACM::Certificate.Arn": ("an ACM certificate's ARN", _ARN + r"acm:[a-z0-9-]+:\d{12}:certificate/.+$"),
    "AWS::Logs::LogGroup.Name": ("a log group's name", r"^[.\-_/#A-Za-z0-9]{1,512}\Z"),
    "AWS::S3::Bucket.Name": (
        "a bucket name (3 to 63 of a-z, 0-9, dot and hyphen)",
        r"^(?![.\-])(?!.*\.\.)(?!.*-\.)(?!.*\.-)[a-z0-9.\-]{3,63}(?<![.\-])$",
    ),
}
KNOWN_FORMATS = frozenset(_FORMATS)
"""Formats that are checked; any other says nothing here."""


def _has_format(name: str, value: str) -> bool:
    rule = _FORMATS[name][1]
    return found_in(rule, value) if isinstance(rule, str) else rule(value)


_WORDS: dict[str, Callable[..., None]] = {
    "$ref": _reference,
    "enum": _enum,
    "enumCaseInsensitive": _enum_any_case,
    "const": _const,
    "pattern": _pattern,
    "format": _format,
    "minimum": _bound("at least", lambda value, bound: value < bound),
    "maximum": _bound("at most", lambda value, bound: value > bound),
    "exclusiveMinimum": _bound("more than", lambda value, bound: value <= bound),
    "exclusiveMaximum": _bound("less than", lambda value, bound: value >= bound),
    "minLength": _size((str,), "at least", lambda size, bound: size < bound, "characters"),
    "maxLength": _size((str,), "at most", lambda size, bound: size > bound, "characters"),
    "minItems": _size((list, tuple), "at least", lambda size, bound: size < bound, "items"),
    "maxItems": _size((list, tuple), "at most", lambda size, bound: size > bound, "items"),
    "properties": _properties,
    "items": _items,
    "required": _required,
    "requiredXor": _required_xor,
    "requiredOr": _required_or,
    "dependentRequired": _dependent_required,
    "dependentExcluded": _dependent_excluded,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _any_of,
    "not": _not,
    "if": _if,
    "then": _branch,
    "else": _branch,
    "switch": _switch,
    "asText": _as_text,
    "asNumber": _as_number,
}
