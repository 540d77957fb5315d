"""Checks a resource's inputs against rules in the words of JSON Schema, where some values may not be known yet.

The rules are CloudFormation's, already written in Pulumi's names (see `cfn_translate`). Besides JSON Schema they know what
CloudFormation's linter adds (`requiredXor`, `requiredOr`, `dependentExcluded`, `enumCaseInsensitive`) and three words of our own:
`asText` and `asNumber` hold rules for the value in that form, because the two sides differ in whether a number is written as text,
and `switch` keeps the conditions that depend on one property's value by that value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sized
from dataclasses import dataclass, field
from typing import Any

from sandbox.provider.facts.cfn_formats import described, has_format
from sandbox.provider.facts.patterns import found_in
from sandbox.provider.facts.problem import Problem, choices, join, nearest, reveal, shown

Rules = Mapping[str, Any]

_SHORT_LIST = 12


@dataclass
class Checking:
    """One check in progress."""

    unknown: Any
    definitions: Mapping[str, Any]
    where: str = ""
    """Where the rules hold, for the messages (` in sa-east-1`)."""
    secrets: frozenset[str] = frozenset()
    """Properties of the resource whose values no message shows."""
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

    def add(self, path: str, expected: str, value: Any = None) -> None:
        """Adds a problem: what is expected, and the value that was given instead."""
        secret = path.partition(".")[0].partition("[")[0] in self.secrets
        found = "" if value is None else f" (got {shown(value, secret=secret)})"
        self.problems.append(Problem(path, expected + self.where + found))


def given(value: Mapping[str, Any], name: str) -> bool:
    """Whether a property has a value, known or not."""
    return value.get(name) is not None


def _reference(check: Checking, name: str, value: Any, path: str, rules: Rules) -> None:
    check.check(check.definitions[name], value, path)


def _enum(check: Checking, allowed: Any, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, list | Mapping) or value in allowed:
        return
    check.refusals.append((path, allowed))
    if len(allowed) <= _SHORT_LIST:
        check.add(path, f"must be one of {choices(allowed)}", value)
        return
    close = nearest(str(value), map(str, allowed)) or sorted(map(str, allowed))[:3]
    check.add(path, f"must be one of {len(allowed)} values, such as {', '.join(close)}", value)


def _enum_any_case(check: Checking, allowed: Any, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, str) and value.lower() not in {str(item).lower() for item in allowed}:
        check.add(path, f"must be one of {choices(allowed)}, in any letter case", value)


def _const(check: Checking, expected: Any, value: Any, path: str, rules: Rules) -> None:
    if value != expected:
        check.add(path, f"must be {shown(expected)}", value)


def _pattern(check: Checking, pattern: str, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, str) and not found_in(pattern, value):
        check.add(path, f"must match {pattern}", value)


def _format(check: Checking, formats: Any, value: Any, path: str, rules: Rules) -> None:
    if isinstance(value, str) and not any(has_format(name, value) for name in formats):
        check.add(path, f"must be {' or '.join(map(described, formats))}", value)


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
        aside = Checking(check.unknown, check.definitions, secrets=check.secrets)
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
