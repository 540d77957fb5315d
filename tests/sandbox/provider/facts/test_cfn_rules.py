from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.provider.facts.cfn_rules import Checking
from tests.sandbox.provider.facts.samples import UNKNOWN


def problems(rules: Any, value: Any, definitions: dict[str, Any] | None = None, where: str = "") -> list[str]:
    checking = Checking(UNKNOWN, definitions or {}, where)
    checking.check(rules, value, "")
    return [str(problem) for problem in checking.problems]


@pytest.mark.parametrize(
    ("rules", "value", "expected"),
    [
        ({"enum": ["a", "b"]}, "c", 'must be one of a, b (got "c")'),
        ({"enum": [f"m5.{size}" for size in range(40)]}, "m5.41", "must be one of 40 values, such as m5.4"),
        ({"enumCaseInsensitive": ["json"]}, "xml", 'must be one of json, in any letter case (got "xml")'),
        ({"const": True}, False, "must be True (got False)"),
        ({"pattern": "^a"}, "b", 'must match ^a (got "b")'),
        ({"format": ["ipv4", "AWS::KMS::Key.Id"]}, "b", 'must be an IPv4 address or a KMS key\'s id (got "b")'),
        ({"minimum": 3}, 2, "must be at least 3 (got 2)"),
        ({"maximum": 3}, 4, "must be at most 3 (got 4)"),
        ({"exclusiveMinimum": 3}, 3, "must be more than 3 (got 3)"),
        ({"exclusiveMaximum": 3}, 3, "must be less than 3 (got 3)"),
        ({"minLength": 2}, "a", "must have at least 2 characters (got 1)"),
        ({"maxItems": 1}, ["a", "b"], "must have at most 1 items (got 2)"),
        ({"required": ["a"]}, {}, "a: required, but not given"),
        ({"requiredXor": ["a", "b"]}, {"a": 1, "b": 1}, "needs exactly one of a, b (got a, b)"),
        ({"requiredXor": ["a", "b"]}, {}, "needs exactly one of a, b (got none)"),
        ({"requiredOr": ["a", "b"]}, {}, "needs at least one of a, b (got none)"),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "b: required together with a, but not given"),
        ({"dependentExcluded": {"a": ["b"]}}, {"a": 1, "b": 2}, "b: must not be given together with a"),
        ({"properties": {"a": False}}, {"a": 1}, "a: must not be given here"),
        ({"properties": {"a": {"items": {"minimum": 1}}}}, {"a": [1, 0]}, "a[1]: must be at least 1 (got 0)"),
        (
            {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
            {},
            "fits none of what is allowed: either a: required, but not given; or b",
        ),
        ({"not": {"required": ["a"]}}, {"a": 1}, "does not take a here"),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": 1}, "b: required, but not given"),
        ({"if": {"required": ["a"]}, "then": {}, "else": {"required": ["b"]}}, {}, "b: required, but not given"),
        ({"if": {"required": ["a"]}, "then": False}, {"a": 1}, "must not be given here"),
        ({"switch": {"engine": {"redis": [{"required": ["b"]}]}}}, {"engine": "redis"}, "b: required, but not given"),
        ({"asText": {"pattern": "^[0-9]{3}$"}}, 20.0, 'must match ^[0-9]{3}$ (got "20")'),
        ({"asNumber": {"minimum": 10}}, "9", "must be at least 10 (got 9)"),
        ({"$ref": "list"}, "c", 'must be one of a (got "c")'),
    ],
)
def test_a_broken_rule_is_told_with_what_was_given_and_what_is_allowed(rules: Any, value: Any, expected: str) -> None:
    found = problems(rules, value, {"list": {"enum": ["a"]}})
    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize(
    ("rules", "value"),
    [
        ({"switch": {"engine": {"redis": [{"required": ["b"]}]}}}, {"engine": "valkey"}),
        ({"asNumber": {"minimum": 10}}, "ten"),
        ({"minimum": 10}, True),
        ({"enum": ["a"]}, None),
        ({"required": ["a"]}, {"a": False}),
        ({"properties": {"a": {"minimum": 1}}}, {"a": None}),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {}),
        (True, "anything"),
    ],
)
def test_a_rule_that_does_not_apply_says_nothing(rules: Any, value: Any) -> None:
    assert problems(rules, value) == []


@pytest.mark.parametrize(
    ("rules", "value"),
    [
        ({"enum": ["a"]}, UNKNOWN),
        ({"required": ["a"]}, {"a": UNKNOWN}),
        ({"requiredXor": ["a", "b"]}, {"a": UNKNOWN}),
        ({"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "then": {"required": ["b"]}}, {"a": UNKNOWN}),
        ({"if": {"properties": {"a": {"const": 1}}}, "then": {}, "else": {"required": ["b"]}}, {"a": UNKNOWN}),
        ({"not": {"properties": {"a": {"const": 1}}}}, {"a": UNKNOWN}),
        ({"anyOf": [{"properties": {"a": {"const": 1}}}, {"required": ["b"]}]}, {"a": UNKNOWN}),
        ({"switch": {"engine": {"redis": [{"required": ["b"]}]}}}, {"engine": UNKNOWN}),
        ({"properties": {"a": False}}, {"a": UNKNOWN}),
    ],
)
def test_what_depends_on_a_value_not_known_yet_is_not_told(rules: Any, value: Any) -> None:
    assert problems(rules, value) == []


def test_a_condition_on_the_unknown_neither_holds_nor_fails() -> None:
    checking = Checking(UNKNOWN, {})
    assert checking.holds({"properties": {"a": {"const": 1}}}, {"a": UNKNOWN}) is None
    assert checking.holds({"properties": {"a": {"const": 1}}}, {"a": 1}) is True
    assert checking.holds({"properties": {"a": {"const": 1}, "b": {"const": 1}}}, {"a": UNKNOWN, "b": 2}) is False


def test_no_message_shows_a_secret() -> None:
    checking = Checking(UNKNOWN, {}, secrets=frozenset({"passwords"}))
    checking.check(
        {"properties": {"passwords": {"items": {"pattern": "^a"}}, "name": {"pattern": "^a"}}}, {"passwords": ["hush"], "name": "b"}, ""
    )
    assert [str(problem) for problem in checking.problems] == [
        "passwords[0]: must match ^a (got a secret value)",
        'name: must match ^a (got "b")',
    ]


def test_where_a_rule_holds_ends_the_expectation() -> None:
    assert problems({"enum": ["a"]}, "b", where=" in sa-east-1") == ['must be one of a in sa-east-1 (got "b")']


SCALARS = st.one_of(st.integers(-3, 3), st.sampled_from(["", "a", "ab", "abc", "b"]), st.booleans())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=6,
)
LEAF_RULES = st.one_of(
    st.fixed_dictionaries({"enum": st.lists(st.sampled_from(["a", "ab", "b", 2, 3]), min_size=1, unique=True)}),
    st.fixed_dictionaries({"minimum": st.integers(-2, 2)}),
    st.fixed_dictionaries({"exclusiveMaximum": st.integers(-2, 2)}),
    st.fixed_dictionaries({"minLength": st.integers(0, 3)}),
    st.fixed_dictionaries({"maxItems": st.integers(0, 2)}),
    st.fixed_dictionaries({"pattern": st.sampled_from(["^a", "b$", "[ab]{2}"])}),
    st.fixed_dictionaries({"required": st.lists(st.sampled_from("xyz"), unique=True, max_size=2)}),
)


def _compound(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.fixed_dictionaries({"properties": st.dictionaries(st.sampled_from("xyz"), inner, max_size=2)}),
        st.fixed_dictionaries({"items": inner}),
        st.fixed_dictionaries({"allOf": some}),
        st.fixed_dictionaries({"anyOf": some}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"if": inner, "then": inner, "else": inner}),
    )


@settings(max_examples=500, deadline=None)
@given(rules=st.recursive(LEAF_RULES, _compound, max_leaves=6), value=VALUES)
def test_rules_are_read_as_json_schema_reads_them(rules: dict[str, Any], value: Any) -> None:
    if any(isinstance(value, kind) for kind in (list, dict)) and "enum" in str(rules):
        return  # our lists speak of scalars only
    assert (problems(rules, value) == []) is jsonschema.Draft7Validator(rules).is_valid(value)


@settings(max_examples=300, deadline=None)
@given(
    rules=st.recursive(LEAF_RULES, _compound, max_leaves=6),
    value=st.dictionaries(st.sampled_from("xyz"), SCALARS, min_size=1),
    data=st.data(),
)
def test_not_knowing_a_value_finds_no_more_than_some_value_would(rules: dict[str, Any], value: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(value)))
    if problems(rules, {**value, name: UNKNOWN}):
        assert problems(rules, value)
