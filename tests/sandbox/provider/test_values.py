"""Values survive the wire."""

from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from sandbox.provider.values import UNKNOWN, Secret, UnknownValueError, canonical, from_struct, known, to_struct

PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**50), 2**50) | st.text() | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(min_size=1), PLAIN, max_size=6))
def test_what_goes_over_the_wire_comes_back_the_same(properties: dict[str, Any]) -> None:
    assert from_struct(to_struct(properties)) == properties


def test_whole_numbers_come_back_as_integers_so_that_boto3_takes_them() -> None:
    struct = Struct()
    struct.update({"port": 443, "share": 0.3})
    plain = from_struct(struct)
    assert plain == {"port": 443, "share": 0.3}
    assert isinstance(plain["port"], int)


def test_a_secret_is_unwrapped_on_the_way_in_and_wrapped_on_the_way_out() -> None:
    struct = to_struct({"password": Secret("hidden"), "tags": {"token": Secret("hidden")}})
    assert from_struct(struct) == {"password": "hidden", "tags": {"token": "hidden"}}
    assert struct.fields["password"].WhichOneof("kind") == "struct_value"


def test_absent_members_are_dropped() -> None:
    assert from_struct(to_struct({"a": None, "b": 1})) == {"b": 1}


def test_an_unknown_value_never_becomes_part_of_a_name() -> None:
    with pytest.raises(UnknownValueError):
        f"arn:aws:sqs:{UNKNOWN}"
    with pytest.raises(UnknownValueError):
        str(UNKNOWN)


def test_an_unknown_value_is_found_at_any_depth() -> None:
    assert known({"a": [1, {"b": 2}]})
    assert not known({"a": [1, {"b": UNKNOWN}]})


def test_a_value_that_no_property_can_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        to_struct({"a": object()})


def test_equal_values_have_one_text_whatever_the_order_of_keys() -> None:
    assert canonical({"b": 1, "a": [1]}) == canonical({"a": [1], "b": 1})


def test_members_come_in_the_order_of_their_names_at_every_depth() -> None:
    names = [f"tag-{number}" for number in range(40)]
    read = from_struct(to_struct({"z": dict.fromkeys(reversed(names), 1), "a": [{"y": 1, "b": 2}]}))
    assert list(read) == ["a", "z"]
    assert list(read["z"]) == sorted(names)
    assert list(read["a"][0]) == ["b", "y"]
