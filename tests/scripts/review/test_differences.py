"""What changes within a resource is told leaf by leaf, and nothing of what stays."""

import json
from typing import Any

import pytest

from scripts.review.differences import LONGEST, Row, rows
from scripts.review.masking import HIDDEN, UNKNOWN
from tests.scripts.review import samples
from tests.scripts.review.samples import QUEUE, ROLE, SECRET, SIGNATURE, create, delete, previewed, replace, same, state, step, update


def told(*steps: Any) -> list[Row]:
    found = previewed(*steps)
    return [row for each in found.steps for row in rows(each, found.secrets)]


def test_only_leaves_that_differ_are_told() -> None:
    old = {"tags": {"a": "1", "b": "2", "k8s.io/role": "x"}, "size": 1, "rules": [{"port": 1, "to": "x"}, {"port": 2}]}
    new = {"tags": {"a": "1", "b": "3", "k8s.io/role": "y"}, "size": 2, "rules": [{"port": 1, "to": "z"}, {"port": 2}]}
    assert told(update(QUEUE, "jobs", old, new, "tags", "size", "rules")) == [
        Row("rules[0].to", '"x"', '"z"'),
        Row("size", "1", "2"),
        Row("tags.b", '"2"', '"3"'),
        Row('tags["k8s.io/role"]', '"x"', '"y"'),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("rules[1].port", Row("rules[1].port", "2", "3")),
        ('tags["k8s.io/role"]', Row('tags["k8s.io/role"]', '"x"', '"y"')),
        ('["odd.name"]', Row('["odd.name"]', "1", "2")),
    ],
)
def test_a_path_of_the_engine_is_followed_however_it_is_written(path: str, expected: Row) -> None:
    old = {"rules": [{"port": 1}, {"port": 2}], "tags": {"k8s.io/role": "x"}, "odd.name": 1}
    new = {"rules": [{"port": 1}, {"port": 3}], "tags": {"k8s.io/role": "y"}, "odd.name": 2}
    assert told(update(QUEUE, "jobs", old, new, path)) == [expected]


def test_a_document_in_a_text_is_told_by_its_own_leaves() -> None:
    before = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"]}]}
    after = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:*"]}]}
    assert told(update(ROLE, "worker", {"policy": json.dumps(before)}, {"policy": json.dumps(after)}, "policy")) == [
        Row("policy.Statement[0].Action[+]", None, '"s3:*"')
    ]


def test_members_that_go_or_come_are_told_without_those_that_move() -> None:
    found = told(update(QUEUE, "jobs", {"zones": ["a", "b", "c"]}, {"zones": ["b", "c"]}, "zones"))
    assert found == [Row("zones[-]", '"a"', None)]
    assert told(update(QUEUE, "jobs", {"zones": ["a"]}, {"zones": ["b", "c"]}, "zones")) == [
        Row("zones[0]", '"a"', '"b"'),
        Row("zones[1]", None, '"c"'),
    ]


def test_what_cannot_be_changed_in_place_says_so() -> None:
    assert told(replace(QUEUE, "jobs", {"name": "a", "fifo": [1]}, {"name": "b", "fifo": [1]}, "name")) == [
        Row("name", '"a"', '"b"', replaces=True)
    ]


def test_a_new_resource_is_told_whole_and_one_that_goes_or_stays_not_at_all() -> None:
    made = told(create(QUEUE, "jobs", {"b": {"x": [1]}, "a": samples.UNKNOWN, "none": None, "__defaults": []}))
    assert made == [Row("a", None, UNKNOWN), Row("b", None, '{"x": [1]}')]
    assert told(delete(QUEUE, "gone", {"a": 1}), same(QUEUE, "kept", {"a": 1})) == []


def test_a_secret_that_changes_is_told_without_either_value() -> None:
    one, other = ({SIGNATURE: SECRET, "ciphertext": "[secret]"} for _ in range(2))
    assert told(update(QUEUE, "jobs", {"auth": {"key": one}}, {"auth": {"key": other}}, "auth.key")) == [Row("auth.key", HIDDEN, HIDDEN)]
    assert told(update(QUEUE, "jobs", {"auth": one}, {"auth": other}, "auth.key")) == [Row("auth.key", HIDDEN, HIDDEN)]


def test_what_only_the_provider_knows_is_read_from_its_outputs() -> None:
    before, after = state(QUEUE, "jobs", {}, outputs={"arn": "one"}), state(QUEUE, "jobs", {}, outputs={"arn": samples.UNKNOWN})
    before["outputs"], after["outputs"] = {"arn": "one"}, {"arn": samples.UNKNOWN}
    assert told([step("update", before, after, detailedDiff={"arn": {"diffKind": "update"}})]) == [Row("arn", '"one"', UNKNOWN)]


def test_without_a_detailed_difference_inputs_are_compared_as_they_stand() -> None:
    assert told([step("update", state(QUEUE, "jobs", {"a": 1, "b": 2}), state(QUEUE, "jobs", {"a": 1, "c": 3}))]) == [
        Row("b", "2", None),
        Row("c", None, "3"),
    ]
    assert told([step("update", state(QUEUE, "jobs", {"a": 1, "b": 2}), state(QUEUE, "jobs", {"a": 2, "b": 3}), diffs=["a"])]) == [
        Row("a", "1", "2")
    ]


def test_a_long_value_is_cut_and_says_how_long_it_is() -> None:
    (row,) = told(create(QUEUE, "jobs", {"text": "x" * 5000}))
    assert row.after is not None and len(row.after) < LONGEST + 40 and "(5002 characters)" in row.after


def test_a_text_that_looks_like_a_mark_of_ours_is_no_mark() -> None:
    assert told(create(QUEUE, "jobs", {"a": '["x"]'})) == [Row("a", None, '"[\\"x\\"]"')]
