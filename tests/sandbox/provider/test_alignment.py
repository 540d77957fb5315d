"""What the cloud says, in the spelling of the program."""

from typing import Any

import pytest

from sandbox.provider.alignment import aligned


@pytest.mark.parametrize(
    ("declared", "live"),
    [
        ({"a": 1}, {"a": 1, "b": ""}),
        ({"a": 1}, {"a": 1, "b": False, "c": 0, "d": []}),
        ({"a": 1, "b": []}, {"a": 1}),
        ({"a": 1}, {"a": 1, "shield": {"enabled": False}}),
        (["b", "a"], ["a", "b"]),
        ([{"name": "x", "value": "1"}], [{"name": "x", "value": "1", "method": ""}]),
        ([{"name": "x"}, {"name": "y"}], [{"name": "y"}, {"name": "x"}]),
    ],
)
def test_a_services_default_is_no_drift(declared: Any, live: Any) -> None:
    assert aligned(declared, live) == declared


@pytest.mark.parametrize(
    ("declared", "live", "expected"),
    [
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": 1}, {"a": 1}),
        ({"allow": {}}, {"block": {}}, {"block": {}}),
        (["a"], ["a", "b"], ["a", "b"]),
        ([{"name": "x", "value": "1"}], [{"name": "x", "value": "2"}], [{"name": "x", "value": "2"}]),
        ([{"name": "x"}], [{"name": "z"}], [{"name": "z"}]),
    ],
)
def test_what_someone_changed_is_drift(declared: Any, live: Any, expected: Any) -> None:
    assert aligned(declared, live) == expected


def test_a_known_default_is_no_drift_but_another_value_is() -> None:
    assert aligned({"a": 1}, {"a": 1, "attempts": 3}, defaults={"attempts": 3}) == {"a": 1}
    assert aligned({"a": 1}, {"a": 1, "attempts": 2}, defaults={"attempts": 3}) == {"a": 1, "attempts": 2}


def test_what_the_emulated_cloud_forgets_is_as_declared() -> None:
    assert aligned({"a": {"control": "x"}}, {"a": {}}, lost=frozenset({"control"})) == {"a": {"control": "x"}}
    assert aligned({"a": {"control": "x"}}, {"a": {"control": "y"}}, lost=frozenset({"control"})) == {"a": {"control": "y"}}
