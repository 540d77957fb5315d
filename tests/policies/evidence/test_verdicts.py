"""Verdicts of a stack are one file: whole, sorted, and refused where anything was changed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policies.control import Control, Level, Severity, need, ruled
from policies.evidence.verdicts import Effective, Layer, Verdicts, merge, read
from policies.exceptions import parse
from policies.gate import Judgement
from policies.graph import Graph
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import lone, resource

TODAY = date(2026, 6, 15)
THING, OTHER = "test:index:Thing", "test:index:Other"
THINGS = (
    resource(THING, "right", right=True, password="hunter2"),
    resource(THING, "wrong", right="hunter2"),
    resource(THING, "late", right=False),
    resource(THING, "open", right=UNKNOWN),
)
ROW = {
    "control": "TST-01",
    "urn": THINGS[2].urn,
    "reason": "the vendor mends it in its next release",
    "owner": "platform",
    "approver": "security",
    "link": "https://example.org/tickets/7",
    "created": "2026-06-01",
    "expires": "2026-08-30",
    "compensating": "the network policy lets nobody reach it",
}


def control(id_: str, **more: Any) -> Control:
    def check(graph: Graph) -> Any:
        for each in graph.of(THING):
            yield ruled(each, need(each, "right", lambda value: value is True, "true"))

    fields: dict[str, Any] = {"severity": Severity.HIGH, "governs": (THING,), "check": check}
    return Control(id=id_, title="All is right", why="so", fix="set right=True", clauses=(), **(fields | more))


def judged(*ids: str, rows: Any = (ROW,), things: Any = THINGS, **more: Any) -> Verdicts:
    controls = {id_: control(id_, level=Level.ADVISORY if id_ == "TST-02" else Level.MANDATORY) for id_ in ids}
    known = {id_: control(id_) for id_ in ("TST-01", "TST-02", "TST-03")}
    judgement = Judgement(lone(*things), controls.values(), rows=parse({"exceptions": list(rows)}), today=TODAY, known=known)
    return Verdicts.of(judgement, stack="eu-west-1", layer=Layer.PREVIEW, as_of=TODAY, **more)


def test_verdicts_hold_findings_levels_counts_and_the_exceptions_that_were_used() -> None:
    found = judged("TST-01", "TST-02", rows=[ROW, ROW | {"urn": f"{THINGS[2].urn}-gone"}], things=[*THINGS, resource(OTHER)])
    assert found.resources == {OTHER: 1, THING: 4}
    assert found.levels == {"TST-01": Effective.MANDATORY, "TST-02": Effective.ADVISORY}
    assert {(each.urn.rpartition("::")[2], each.verdict) for each in found.by_control["TST-01"]} == {
        ("right", Verdict.PASS),
        ("wrong", Verdict.VIOLATION),
        ("late", Verdict.EXCEPTED),
        ("open", Verdict.UNDECIDED),
    }
    (row,) = found.exceptions
    assert row.expires == date(2026, 8, 30) and row.approver == "security"
    assert [fault.row for fault in found.faults] == [2]
    assert "hunter2" not in found.to_json()


def test_the_same_verdicts_are_the_same_bytes_and_come_back() -> None:
    text = judged("TST-01", "TST-02").to_json()
    assert text == judged("TST-02", "TST-01", things=THINGS[::-1]).to_json()
    again = Verdicts.from_json(text)
    assert again == judged("TST-01", "TST-02") and again.to_json() == text and again.layer is Layer.PREVIEW


def test_a_disabled_control_is_told_and_says_nothing() -> None:
    found = judged("TST-01", "TST-03", effective={"TST-01": Effective.DISABLED, "TST-03": Effective.ADVISORY})
    assert found.levels == {"TST-01": Effective.DISABLED, "TST-03": Effective.ADVISORY}
    assert found.verdict("TST-01") is None and found.verdict("TST-03") is Verdict.VIOLATION and not found.exceptions


@pytest.mark.parametrize(
    ("names", "verdict"),
    [
        (["right", "wrong", "late", "open"], Verdict.VIOLATION),
        (["right", "late", "open"], Verdict.UNDECIDED),
        (["right", "late"], Verdict.EXCEPTED),
        (["right"], Verdict.PASS),
        ([], Verdict.NOT_APPLICABLE),
    ],
)
def test_a_control_is_as_good_as_the_worst_it_says(names: list[str], verdict: Verdict) -> None:
    assert judged("TST-01", things=[each for each in THINGS if each.name in names]).verdict("TST-01") is verdict


def changed(**fields: Any) -> str:
    return json.dumps({**json.loads(judged("TST-01").to_json()), **fields}, sort_keys=True, indent=1) + "\n"


FINDING = {"control": "TST-01", "urn": THINGS[0].urn, "verdict": "pass", "message": ""}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (changed(seen="2026"), "seen: Extra inputs"),
        (changed(layer="cloud"), "layer: "),
        (changed(format=2), "format: "),
        (changed(controls_digest="0"), "controls_digest: "),
        (changed(resources={THING: "4"}), "resources"),
        (changed(levels={"TST-01": "strict"}), r"levels\.TST-01"),
        (changed(levels={"TST-01": "mandatory", "TST-02": "mandatory"}), "mend TST-02"),
        (changed(levels={"TST-01": "disabled"}), "mend TST-01"),
        (changed(findings=[FINDING | {"more": 1}], exceptions=[]), "more: Unexpected"),
        (changed(exceptions=[]), "each excepted finding has its row"),
        (changed(exceptions=[ROW, ROW | {"control": "TST-02"}]), "each row its finding"),
        (changed(exceptions=[ROW | {"approver": "platform"}]), "the approver is the owner"),
        (judged("TST-01").to_json() + "\n", "not as it was written"),
        (json.dumps(json.loads(judged("TST-01").to_json())), "not as it was written"),
        ("{", "Invalid JSON"),
    ],
    ids=lambda given: "file" if "{" in given else given,
)
def test_a_file_that_is_not_what_was_written_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Verdicts.from_json(text)


def test_parts_of_packs_are_the_verdicts_of_one_run(tmp_path: Path) -> None:
    whole = judged("TST-01", "TST-02", "TST-03")
    judged("TST-01", "TST-02", effective={"TST-02": Effective.DISABLED}).write(tmp_path, "gdpr")
    path = judged("TST-02", "TST-03").write(tmp_path, "soc2")
    assert path.name == "eu-west-1.soc2.json" and len(list(tmp_path.iterdir())) == 2
    assert read(tmp_path, "eu-west-1") == whole, "the stricter level of what two packs hold"
    path.write_text(path.read_text().replace("mandatory", "advisory"))
    assert read(tmp_path, "eu-west-1").levels["TST-03"] is Effective.ADVISORY
    path.write_text("{}")
    with pytest.raises(ValueError, match="soc2"):
        read(tmp_path, "eu-west-1")
    with pytest.raises(ValueError, match=r"there is no us-east-1\.<pack>\.json"):
        read(tmp_path, "us-east-1")


def test_parts_of_different_runs_are_not_taken_for_one() -> None:
    part = judged("TST-01")
    for other, said in (
        (part.model_copy(update={"stack": "us-east-1"}), "same stack"),
        (part.model_copy(update={"layer": Layer.STATE}), "same layer"),
        (part.model_copy(update={"controls_digest": "0" * 64}), "same controls_digest"),
        (judged("TST-02", things=THINGS[1:]), "same resources"),
        (judged("TST-01", rows=[]), "TST-01 was run by two packs with other findings"),
    ):
        with pytest.raises(ValueError, match=said):
            merge([part, other])
    with pytest.raises(ValueError, match="no verdicts to merge"):
        merge([])
