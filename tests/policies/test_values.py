"""Properties are read in three states, through whatever holds them."""

from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from hypothesis import given
from hypothesis import strategies as st
from pulumi_policy import proxy
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import UNKNOWN_ARRAY_VALUE, UNKNOWN_BOOLEAN_VALUE, unknown_checking_proxy

from policies import values
from policies.values import ABSENT, SENTINELS, UNKNOWN, all_of, any_of, asks, document, each, from_wire, is_yes, look, negated, plain, same

WIRE = {
    "plain": {"list": [1.0, {"deep": True}], "unknown": UNKNOWN_BOOLEAN_VALUE},
    "open": UNKNOWN_ARRAY_VALUE,
    "secret": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": {"word": "hush"}},
    "half": 0.5,
    "nothing": None,
}


def test_a_proxy_of_the_sdk_is_read_without_a_throw() -> None:
    read = plain(unknown_checking_proxy(deserialize_properties(WIRE)))
    assert read == {
        "plain": {"list": [1, {"deep": True}], "unknown": UNKNOWN},
        "open": UNKNOWN,
        "secret": {"word": "hush"},
        "half": 0.5,
        "nothing": None,
    }
    assert read == plain(WIRE), "what the wire holds reads the same"


def test_properties_that_keep_their_secrets_are_read_without_a_throw() -> None:
    assert plain(unknown_checking_proxy(deserialize_properties(WIRE, True)))["plain"] == plain(WIRE)["plain"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("plain.list.1.deep", True),
        ("plain.list.2", ABSENT),
        ("plain.nothing.below", ABSENT),
        ("plain.unknown", UNKNOWN),
        ("open.0.anything", UNKNOWN),
        ("half.below", ABSENT),
        ("nothing", ABSENT),
    ],
)
def test_a_path_leads_to_a_value_to_an_unknown_or_to_nothing(path: str, found: Any) -> None:
    assert look(plain(WIRE), path) is found or look(plain(WIRE), path) == found


def test_a_question_about_another_kind_of_value_is_answered_with_no() -> None:
    assert asks({"days": "many"}, "days", lambda days: days > 3, absent=True) is False
    assert asks({"days": UNKNOWN}, "days", lambda days: days > 3, absent=True) is None
    assert asks({}, "days", lambda days: days > 3, absent=True) is True
    assert asks({"on": "true"}, "on", is_yes, absent=False) is True


def test_a_list_an_object_and_an_unknown_are_all_gone_through() -> None:
    assert each({"rules": [1, 2]}, "rules") == [1, 2]
    assert each({"rules": {"one": 1}}, "rules") == [{"one": 1}]
    assert each({"rules": UNKNOWN}, "rules") == [UNKNOWN]
    assert each({}, "rules") == []


def test_a_document_is_read_from_text_and_from_objects() -> None:
    assert document('{"Statement": []}') == {"Statement": []} == document({"Statement": []})
    assert document(UNKNOWN) is UNKNOWN
    assert document("no json") is ABSENT is document(3)


ANSWERS = st.lists(st.sampled_from([True, False, None]))


@given(ANSWERS)
def test_an_unknown_never_decides_and_is_never_decided(answers: list[bool | None]) -> None:
    for known in (True, False):
        decided = [known if answer is None else answer for answer in answers]
        assert all_of(answers) in (None, all_of(decided))
        assert any_of(answers) in (None, any_of(decided))
    assert negated(all_of(answers)) == any_of([negated(answer) for answer in answers])


def test_the_marks_of_the_protocol_are_those_of_the_sdk() -> None:
    marks = {value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_")}
    assert marks == SENTINELS and values.UNKNOWN not in marks


def test_two_values_are_the_same_unless_one_is_open() -> None:
    assert same("a", "a") is True and same("a", "b") is False and same(ABSENT, "a") is False
    assert same("a", UNKNOWN) is None and same(UNKNOWN, "a") is None and same(UNKNOWN, UNKNOWN) is None


def test_properties_off_the_wire_are_read_as_the_sdk_reads_them() -> None:
    properties = {
        "text": "a",
        "open": next(iter(SENTINELS)),
        "count": 3,
        "share": 0.5,
        "on": True,
        "none": None,
        "list": [1, {"inner": next(iter(SENTINELS))}],
        "secret": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": {"key": 7}},
    }
    message = struct_pb2.Struct()
    message.update(properties)
    found = from_wire(message)
    assert found == plain(json_format.MessageToDict(message))
    assert found["open"] is UNKNOWN and found["secret"] == {"key": 7}
    assert plain(found) is found, "what was read once is not read again"
