"""Events are read as the engine writes them."""

import json

import pytest

from sandbox.engine import events

URN = "urn:pulumi:dev::demo::demo:index:Group$aws:kms/key:Key::g0-key"
PARENT = "urn:pulumi:dev::demo::demo:index:Group::g0"


def line(**content: object) -> str:
    return json.dumps({"sequence": 1, "timestamp": 2, **content})


def metadata(op: str, **more: object) -> dict[str, object]:
    state = {"type": "aws:kms/key:Key", "urn": URN, "custom": True, "parent": PARENT, "id": "", "inputs": {}, "outputs": {}, "provider": ""}
    return {"op": op, "urn": URN, "type": "aws:kms/key:Key", "old": None, "new": state, "detailedDiff": None, "provider": "", **more}


def test_a_step_tells_resource_operation_and_whether_it_is_only_planned() -> None:
    event = events.parse(line(resourcePreEvent={"metadata": metadata("create"), "planning": True}))
    assert isinstance(event, events.StepBegan)
    assert (event.op, event.planning, event.resource.name, event.resource.parent) == ("create", True, "g0-key", PARENT)
    assert event.resource.is_cloud_resource


def test_a_deletion_is_described_by_the_old_state() -> None:
    old = metadata("x")["new"]
    event = events.parse(line(resOutputsEvent={"metadata": metadata("delete", new=None, old=old)}))
    assert isinstance(event, events.StepEnded)
    assert event.resource.custom and not event.planning


def test_what_differs_is_named_by_path() -> None:
    diff = {"tags.b": {"diffKind": "update"}, "tags.a": {"diffKind": "add"}}
    event = events.parse(line(resourcePreEvent={"metadata": metadata("update", detailedDiff=diff)}))
    assert isinstance(event, events.StepBegan)
    assert event.differs == ("tags.a", "tags.b")


@pytest.mark.parametrize(
    "words", ["", "not json", "[1]", line(progressEvent={}), line(diagnosticEvent={"message": "x", "severity": "debug"})]
)
def test_what_is_of_no_interest_is_passed_over(words: str) -> None:
    assert events.parse(words) is None


def test_messages_that_only_repeat_a_failure_are_known_as_such() -> None:
    for text, generic in (
        ("update failed\n", True),
        ("preview failed", True),
        ("update canceled\n", True),
        ("creating VPC: update failed", False),
    ):
        event = events.parse(line(diagnosticEvent={"message": text, "severity": "error", "color": "never"}))
        assert isinstance(event, events.Message)
        assert event.generic is generic


def test_the_end_of_a_phase_counts_what_changed() -> None:
    summary = {"isPreview": False, "result": "succeeded", "resourceChanges": {"create": 2, "same": 5, "update": 1}}
    event = events.parse(line(summaryEvent=summary))
    assert isinstance(event, events.PhaseEnded)
    assert event.changed == 3


def test_a_violation_of_a_policy_is_told_with_its_level() -> None:
    content = {"policyName": "p", "policyPackName": "k", "enforcementLevel": "mandatory", "message": "no", "resourceUrn": URN}
    assert events.parse(line(policyEvent=content)) == events.Violation("p", "k", "mandatory", "no", URN)
