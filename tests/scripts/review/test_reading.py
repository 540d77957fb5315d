"""What a preview says is read from either form of it, whatever steps the engine took."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.review.preview import Action
from scripts.review.reading import PreviewError, completed, parse, read
from tests.scripts.review import samples
from tests.scripts.review.samples import DATABASE, QUEUE, ROLE, create, delete, replace, same, state, step, stream, update, urn


def every_action() -> list[dict[str, Any]]:
    return [
        *create(QUEUE, "made"),
        *update(QUEUE, "changed", {"a": 1}, {"a": 2}, "a"),
        *replace(DATABASE, "anew", {"engine": "x"}, {"engine": "y"}, "engine"),
        *delete(QUEUE, "gone"),
        *same(ROLE, "kept"),
    ]


def test_each_resource_is_counted_once_with_the_gravest_first() -> None:
    found = parse(stream(every_action()))
    assert [(step.action, step.name) for step in found.steps] == [
        (Action.REPLACE, "anew"),
        (Action.DELETE, "gone"),
        (Action.UPDATE, "changed"),
        (Action.CREATE, "made"),
        (Action.SAME, "kept"),
    ]
    assert (found.stack, found.region, found.complete, found.problems) == ("us-east-1", "us-east-1", True, ())
    assert set(found.counts.values()) == {1}
    anew = found.steps[0]
    assert anew.replacing == {"engine"} and anew.old["inputs"] == {"engine": "x"} and anew.new["inputs"] == {"engine": "y"}


def test_the_document_of_a_preview_says_the_same_as_its_events() -> None:
    told = [event["resourcePreEvent"]["metadata"] for event in every_action()]
    rows = [{**each, "oldState": each["old"], "newState": each["new"], "replaceReasons": each.get("keys")} for each in told]
    document = {"config": {"aws:region": "us-east-1"}, "steps": rows, "changeSummary": {}}
    found = parse(json.dumps(document))
    assert found.steps == parse(stream(every_action())).steps and found.region == "us-east-1" and found.complete
    failed = parse(json.dumps({**document, "diagnostics": [{"severity": "error", "message": "no such zone\n"}]}))
    assert not failed.complete and failed.problems == ("no such zone",)


def test_what_a_document_leaves_out_is_read_from_the_state_or_asked_for() -> None:
    step_ = {"op": "update", "urn": urn(QUEUE, "a"), "oldState": state(QUEUE, "a", {"x": 1}), "newState": state(QUEUE, "a", {"x": 2})}
    found = parse(json.dumps({"steps": [step_], "changeSummary": {"update": 1, "same": 1}}))
    assert found.partial
    with pytest.raises(PreviewError, match="the preview of us-east-1 leaves out what stays as it is: preview with --show-sames"):
        completed(found, None)
    rows = [state(QUEUE, "a", {"x": 1}), state(ROLE, "b"), state(ROLE, "gone", delete=True), state("pulumi:providers:aws", "default")]
    for held in ({"deployment": {"resources": rows}}, {"checkpoint": {"latest": {"resources": rows}}}):
        whole = completed(found, held)
        assert [(each.name, each.action) for each in whole.steps] == [("a", Action.UPDATE), ("b", Action.SAME)] and not whole.partial
    every = parse(json.dumps({"steps": [step_], "changeSummary": {"update": 1}}))
    assert not every.partial and completed(every, None) is every


def test_what_is_only_read_or_belongs_to_the_engine_is_no_change() -> None:
    external = state(ROLE, "read", external=True)
    provider = state("pulumi:providers:aws", "default")
    found = parse(stream([step("read", None, external), step("same", external, external), step("create", None, provider)]))
    assert found.steps == ()


def test_a_remnant_of_a_failed_update_goes_while_its_resource_stays() -> None:
    rest = state(QUEUE, "jobs", {"old": True}, delete=True)
    found = parse(stream([*same(QUEUE, "jobs", {"old": False}), step("delete", rest, None)]))
    assert [(each.action, each.new["inputs"]) for each in found.steps] == [(Action.SAME, {"old": False})]


def test_components_are_shown_and_not_counted() -> None:
    component = {key: value for key, value in state("morefocus:data:Database", "database").items() if key != "custom"}
    found = parse(stream([step("create", None, component)]))
    assert found.steps[0].custom is False and not found.counts.total() and not found.changed


def test_a_preview_that_failed_or_broke_off_says_so() -> None:
    failed = parse(stream(create(QUEUE, "made"), [samples.error("no such zone\n"), samples.error("no such zone\n")], result="failed"))
    assert not failed.complete and failed.problems == ("no such zone",) and len(failed.steps) == 1
    whole = stream(create(QUEUE, "made"), create(QUEUE, "unfinished"))
    cut = parse(whole[: whole.index("unfinished")])
    assert not cut.complete and "broke off" in cut.problems[0] and [step.name for step in cut.steps] == ["made"]


def test_a_preview_that_policies_alone_refuse_is_complete_and_does_not_pass() -> None:
    told = [samples.refusal("NET-01", "open\n"), samples.refusal("TAG-01", "no owner", level="advisory"), samples.error("preview failed\n")]
    refused = parse(stream(create(QUEUE, "made"), told, result="failed"))
    assert refused.complete and not refused.passed and refused.problems == ()
    assert [(each.policy, each.text) for each in refused.refusals] == [("NET-01", "open")]
    both = parse(stream(create(QUEUE, "made"), told, [samples.error("no such zone")], result="failed"))
    assert not both.complete and both.problems == ("no such zone",)
    neither = parse(stream(create(QUEUE, "made"), [samples.error("preview failed")], result="failed"))
    assert not neither.complete and neither.problems == ("preview failed",)
    assert parse(stream(create(QUEUE, "made"), told[1:2])).passed


def test_what_follows_a_preview_in_the_events_of_an_update_is_left_out() -> None:
    found = parse(stream(create(QUEUE, "made")) + stream(create(QUEUE, "made"), delete(QUEUE, "later"), result="failed"))
    assert found.complete and [step.name for step in found.steps] == ["made"]


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '{"deployment": {}}', '"steps"'])
def test_what_is_no_preview_is_refused_by_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    path.write_text(text)
    with pytest.raises(PreviewError, match=r"some\.json: .*pulumi preview --json"):
        read(path)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match=r"none\.json cannot be read \(FileNotFoundError\)"):
        read(tmp_path / "none.json")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PreviewError, match="UnicodeDecodeError"):
        read(tmp_path / "binary")
