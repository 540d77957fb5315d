"""Layers that are judged otherwise are told apart: what drifted, what is missing, and what a preview could not know."""

from typing import Any

import pytest

from policies.evidence.layers import Kind, compare, drifted, to_json, to_text
from policies.evidence.verdicts import Layer, Verdicts
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import resource
from tests.policies.evidence.test_verdicts import THING, judged


def layer(name: Layer, **things: Any) -> Verdicts:
    found = judged("TST-01", rows=(), things=[resource(THING, key, right=value) for key, value in things.items()])
    return found.model_copy(update={"layer": name})


def test_layers_that_are_judged_alike_differ_in_nothing() -> None:
    found = compare(layer(each, one=True, two=False) for each in Layer)
    assert found == [] and to_text(found) == "all layers are judged alike\n"


def test_a_change_behind_the_programs_back_is_drift_of_the_layer_that_differs() -> None:
    (found,) = compare([layer(Layer.RUNNING, one=False), layer(Layer.PREVIEW, one=True), layer(Layer.STATE, one=True)])
    assert (found.control, found.kind, found.layers, found.worse) == ("TST-01", Kind.DRIFT, (Layer.RUNNING,), True)
    assert found.verdicts == {Layer.PREVIEW: Verdict.PASS, Layer.STATE: Verdict.PASS, Layer.RUNNING: Verdict.VIOLATION}
    assert str(found) == (
        "TST-01 test:index:Thing one: running differs (preview pass, state pass, running violation): right: allowed is true"
    )
    (row,) = to_json([found])
    assert row["differs"] == ["running"] and row["verdicts"]["running"] == "violation"


def test_what_a_preview_or_a_state_could_not_know_is_decided_and_no_drift() -> None:
    found = compare(
        [
            layer(Layer.PREVIEW, one=UNKNOWN, two=UNKNOWN),
            layer(Layer.STATE, one=True, two=UNKNOWN),
            layer(Layer.RUNNING, one=True, two=False),
        ]
    )
    assert [(each.kind, each.layers) for each in found] == [(Kind.DECIDED, ())] * 2
    assert drifted(found) == []
    (found_late,) = compare([layer(Layer.PREVIEW, one=True), layer(Layer.STATE, one=UNKNOWN)])
    assert found_late.kind is Kind.DECIDED


def test_an_open_preview_hides_no_drift_between_the_others() -> None:
    (found,) = compare([layer(Layer.PREVIEW, one=UNKNOWN), layer(Layer.STATE, one=True), layer(Layer.RUNNING, one=False)])
    assert (found.kind, found.layers) == (Kind.DRIFT, (Layer.RUNNING,))
    (found,) = compare([layer(Layer.STATE, one=True), layer(Layer.RUNNING, one=UNKNOWN)])
    assert found.kind is Kind.DRIFT, "what runs has no open questions: a reader cannot tell"


def test_what_is_in_one_layer_only_is_missing_in_the_other() -> None:
    found = compare([layer(Layer.STATE, one=True, two=True), layer(Layer.RUNNING, one=True, three=False)])
    assert [(each.urn.rpartition("::")[2], each.kind, each.worse) for each in found] == [
        ("three", Kind.MISSING, True),
        ("two", Kind.MISSING, False),
    ]
    assert found[1].verdicts == {Layer.STATE: Verdict.PASS, Layer.RUNNING: None}
    (found_right,) = compare([layer(Layer.STATE, one=True), layer(Layer.RUNNING, one=True, two=True)])
    assert found_right.kind is Kind.DECIDED, "what AWS chose itself, and is right, is no drift"
    (found_wrong,) = compare([layer(Layer.PREVIEW, one=True), layer(Layer.STATE, one=True, two=True)])
    assert found_wrong.kind is Kind.MISSING, "what is still there is to be deleted"


def test_layers_without_anything_to_judge_differ_from_those_that_have_some() -> None:
    (found,) = compare([layer(Layer.STATE, one=True), layer(Layer.RUNNING)])
    assert found.kind is Kind.MISSING
    assert compare([layer(Layer.STATE), layer(Layer.RUNNING)]) == []


def test_layers_that_cannot_be_compared_are_refused() -> None:
    state = layer(Layer.STATE, one=True)
    with pytest.raises(ValueError, match="expected two layers or more, each once; got state, state"):
        compare([state, state])
    for field, value in (("stack", "staging"), ("controls_digest", "0" * 64), ("configuration_digest", "0" * 64)):
        with pytest.raises(ValueError, match=f"differ in their {field}"):
            compare([state, layer(Layer.RUNNING, one=True).model_copy(update={field: value})])


def test_only_controls_that_every_layer_ran_are_compared() -> None:
    more = judged("TST-01", "TST-02", rows=(), things=[resource(THING, "one", right=True)]).model_copy(update={"layer": Layer.RUNNING})
    assert compare([layer(Layer.STATE, one=True), more]) == []
