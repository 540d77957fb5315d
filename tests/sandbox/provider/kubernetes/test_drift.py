"""What a cluster holds in the words of the program."""

from __future__ import annotations

import pytest

from sandbox.provider.kubernetes.drift import declared_by, inputs, same


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("1000m", "1", True),
        ("1024Mi", "1Gi", True),
        ("0.5", "500m", True),
        (80, "80", True),
        ("1G", "1Gi", False),
        (True, 1, False),
        ("true", True, False),
        ("a", "b", False),
    ],
)
def test_quantities_are_compared_by_what_they_mean(left: object, right: object, expected: bool) -> None:
    assert same(left, right) is expected


def test_what_the_cluster_adds_is_no_drift_and_what_it_changed_is() -> None:
    declared = {"spec": {"ports": [{"port": 80}], "selector": {}}, "metadata": {"name": "x"}}
    live = {
        "spec": {"ports": [{"port": 80, "protocol": "TCP"}], "selector": {}, "clusterIP": "1"},
        "metadata": {"name": "x", "uid": "1"},
        "status": {},
    }
    assert inputs(declared, live) == declared
    live["spec"]["ports"][0]["port"] = 81  # type: ignore[index]
    assert inputs(declared, live) == {**declared, "spec": {"ports": [{"port": 81}], "selector": {}}}


def test_lists_are_matched_by_what_tells_their_entries_apart() -> None:
    declared = {"env": [{"name": "b", "value": "2"}, {"name": "a", "value": "1"}]}
    live = {"env": [{"name": "a", "value": "1"}, {"name": "b", "value": "3"}]}
    assert inputs(declared, live) == {"env": [{"name": "b", "value": "3"}, {"name": "a", "value": "1"}]}


def test_what_is_gone_from_the_cluster_is_gone_from_the_inputs_unless_it_said_nothing() -> None:
    assert inputs({"data": {"a": "1", "b": "2"}}, {"data": {"a": "1"}}) == {"data": {"a": "1"}}
    assert inputs({"spec": {"paused": False, "a": 1}}, {"spec": {"a": 1}}) == {"spec": {"paused": False, "a": 1}}


def test_a_secrets_texts_are_found_among_its_data() -> None:
    declared = {"kind": "Secret", "stringData": {"a": "value", "b": "x"}}
    assert inputs(declared, {"kind": "Secret", "data": {"a": "dmFsdWU=", "b": "b3RoZXI="}}) == {
        "kind": "Secret",
        "stringData": {"a": "value", "b": "other"},
    }


def test_an_import_leaves_out_what_only_a_server_says() -> None:
    live = {"kind": "ConfigMap", "metadata": {"name": "x", "uid": "1", "generation": 1, "labels": {"a": "b"}}, "status": {}}
    assert declared_by(live) == {"kind": "ConfigMap", "metadata": {"name": "x", "labels": {"a": "b"}}}
