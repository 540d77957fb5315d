"""What a change of inputs means."""

from typing import Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from sandbox.provider.differ import Change, changes, same_document
from sandbox.provider.handler import Handler
from sandbox.provider.values import UNKNOWN


class Sample(Handler):
    token = "aws:sample/sample:Sample"
    create_only: ClassVar = frozenset({"name", "vpcConfig.roleArn"})
    unordered: ClassVar = frozenset({"subnetIds"})
    documents: ClassVar = frozenset({"policy"})


SAMPLE = Sample()
LEAF = st.integers() | st.text(max_size=5) | st.booleans()
INPUTS = st.dictionaries(st.sampled_from("abcdef"), st.recursive(LEAF, lambda x: st.lists(x, max_size=3), max_leaves=5))


@given(INPUTS)
def test_equal_inputs_are_no_change(inputs: dict[str, Any]) -> None:
    assert changes(SAMPLE, inputs, inputs) == []


@given(INPUTS, INPUTS)
def test_every_difference_is_found_and_named(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = {change.path.split("[")[0].split(".")[0] for change in changes(SAMPLE, old, new)}
    # True == 1 in Python, but not on the wire
    assert found == {key for key in old.keys() | new.keys() if repr(old.get(key)) != repr(new.get(key))}


def test_zero_and_false_are_told_apart_at_any_depth() -> None:
    # equal in Python, different on the wire
    assert changes(SAMPLE, {"a": ["", 0]}, {"a": ["", False]}) == [Change("a[1]", "update", replaces=False)]


def test_a_create_only_input_replaces_and_others_update() -> None:
    assert changes(SAMPLE, {"name": "a", "size": 1}, {"name": "b", "size": 2}) == [
        Change("name", "update", replaces=True),
        Change("size", "update", replaces=False),
    ]


def test_a_type_may_say_that_some_values_of_an_input_replace() -> None:
    class Growing(Sample):
        def replaces(self, path: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
            return path == "size" and bool(new["size"] < old["size"])

    assert not changes(Growing(), {"size": 1}, {"size": 2})[0].replaces
    assert changes(Growing(), {"size": 2}, {"size": 1})[0].replaces


def test_a_region_change_always_replaces() -> None:
    assert changes(SAMPLE, {"region": "a"}, {"region": "b"})[0].replaces


def test_only_the_create_only_part_of_a_nested_input_replaces() -> None:
    old = {"vpcConfig": {"roleArn": "a", "public": False}}
    assert not changes(SAMPLE, old, {"vpcConfig": {"roleArn": "a", "public": True}})[0].replaces
    assert changes(SAMPLE, old, {"vpcConfig": {"roleArn": "b", "public": False}})[0].replaces


def test_the_order_of_a_set_is_no_change() -> None:
    assert changes(SAMPLE, {"subnetIds": ["a", "b"]}, {"subnetIds": ["b", "a"]}) == []
    assert changes(SAMPLE, {"zones": ["a", "b"]}, {"zones": ["b", "a"]}) != []


def test_the_layout_of_a_document_is_no_change() -> None:
    assert changes(SAMPLE, {"policy": '{"a": 1, "b": 2}'}, {"policy": '{"b":2,"a":1}'}) == []
    assert not same_document("no json", "none either")


def test_an_unknown_new_value_counts_as_changed() -> None:
    assert changes(SAMPLE, {"name": "a"}, {"name": UNKNOWN}) == [Change("name", "update", replaces=True)]


def test_added_and_removed_members_are_told_apart() -> None:
    old, new = {"tags": {"a": "1", "b": "2"}}, {"tags": {"b": "2", "c": "3"}}
    assert [(change.path, change.kind) for change in changes(SAMPLE, old, new)] == [("tags.a", "delete"), ("tags.c", "add")]
