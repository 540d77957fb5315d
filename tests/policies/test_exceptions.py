"""Exceptions are rows that a person owns, another approved, and a date ends; any other row fails the gate."""

from datetime import date
from typing import Any

import pytest

from policies import exceptions, gate
from policies.control import Control, Level, Severity
from policies.exceptions import Exceptions, parse, standing
from policies.gate import Judgement, Settings, outcome
from policies.graph import Graph
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import lone, resource

TODAY = date(2026, 6, 15)
THING = "test:index:Thing"


def control(id_: str = "TST-01", **more: Any) -> Control:
    def check(graph: Graph) -> Any:
        from policies.control import need, ruled

        for each in graph.of(THING):
            yield ruled(each, need(each, "right", bool, "true"))

    fields: dict[str, Any] = {"title": "All is right", "severity": Severity.HIGH, "why": "so", "fix": "set right=True", "clauses": ()}
    return Control(id=id_, governs=(THING,), check=check, **(fields | more))


WRONG = resource(THING, "wrong", right=False)
ROW = {
    "control": "TST-01",
    "urn": WRONG.urn,
    "reason": "the vendor mends it in its next release",
    "owner": "platform",
    "approver": "security",
    "link": "https://example.org/tickets/7",
    "created": "2026-06-01",
    "expires": "2026-08-30",
    "compensating": "the network policy lets nobody reach it",
}


def judged(
    rows: list[dict[str, Any]], *things: Any, known: Control | None = None, allowed: float = 1.0
) -> tuple[Judgement, tuple[str, ...]]:
    one = known or control()
    judgement = Judgement(lone(*(things or (WRONG,))), [one], rows=parse({"exceptions": rows}), today=TODAY, known={one.id: one})
    return judgement, outcome(judgement, Settings(undecided_share=allowed)).reasons


def test_a_violation_fails_the_gate_with_what_to_do() -> None:
    _, (reason,) = judged([])
    assert reason == "TST-01 test:index:Thing wrong: right: allowed is true. To do: set right=True"


def test_a_row_in_force_excepts_its_resource_and_no_other() -> None:
    judgement, reasons = judged([ROW])
    assert not reasons
    (finding,) = judgement.with_verdict(Verdict.EXCEPTED)
    assert "excepted until 2026-08-30" in finding.message
    other = resource(THING, "other", right=False)
    assert [reason.partition(":")[0] for reason in judged([ROW], WRONG, other)[1]] == ["TST-01 test"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expires": "2026-06-14"}, "row 1: TST-01: expired on 2026-06-14"),
        ({"expires": "2026-08-31"}, "row 1: malformed: row: Value error, expires must be 1 to 90 days after created"),
        ({"expires": "2026-06-01"}, "row 1: malformed"),
        ({"approver": "Platform"}, "row 1: malformed"),
        ({"approver": "platform"}, "the approver is the owner"),
        ({"urn": "urn:pulumi:eu-west-1::morefocus::test:*"}, "row 1: malformed: urn"),
        ({"urn": f"{WRONG.urn}-gone"}, "row 1: TST-01: excepts nothing"),
        ({"control": "TST-02"}, "row 1: TST-02: there is no such control"),
        ({"link": "a ticket"}, "row 1: malformed: link"),
        ({"reason": "because"}, "row 1: malformed: reason"),
        ({"created": "2026-06-20"}, "row 1: TST-01: created on 2026-06-20, which is to come"),
        ({"until": "2026-06-20"}, "row 1: malformed: until"),
    ],
)
def test_a_row_that_is_not_sound_fails_the_gate_and_is_named(change: dict[str, str], said: str) -> None:
    _, reasons = judged([ROW | change])
    assert any(said in reason for reason in reasons), reasons
    assert any(reason.startswith("TST-01 test:index:Thing wrong") for reason in reasons), "it excepts nothing"


def test_a_row_without_a_field_is_malformed() -> None:
    for field in ROW:
        (fault,) = parse({"exceptions": [{key: value for key, value in ROW.items() if key != field}]}).faults
        assert fault.row == 1 and field in fault.text


def test_a_bad_row_hides_no_good_one_and_a_second_one_is_refused() -> None:
    found = parse({"exceptions": [{}, ROW, ROW]})
    assert list(found.rows) == [2] and [fault.row for fault in found.faults] == [1, 3]


@pytest.mark.parametrize("content", [None, [], {"exceptions": None}, {"exceptions": [], "more": 1}, {"rows": []}])
def test_a_file_of_another_shape_is_a_fault_and_not_an_empty_list(content: Any) -> None:
    assert parse(content).faults and not parse(content).rows


def test_a_critical_control_is_excepted_for_thirty_days() -> None:
    critical = control(severity=Severity.CRITICAL)
    assert "30 days at most" in judged([ROW], known=critical)[1][0]
    assert not judged([ROW | {"expires": "2026-07-01"}], known=critical)[1]


def test_a_control_that_may_never_be_excepted_is_not() -> None:
    assert "may never be excepted" in judged([ROW], known=control(exceptable=False))[1][0]


def test_a_row_of_another_stack_or_of_a_control_that_did_not_run_is_left_alone() -> None:
    there = ROW | {"urn": WRONG.urn.replace("eu-west-1", "us-east-1")}
    assert not judged([there], resource(THING, "fine", right=True))[1]
    other = control("TST-02")
    rows = parse({"exceptions": [ROW]})
    judgement = Judgement(lone(WRONG), [other], rows=rows, today=TODAY, known={"TST-01": control(), "TST-02": other})
    assert not judgement.faults


def test_an_undecided_resource_keeps_its_row_and_stays_undecided() -> None:
    judgement, reasons = judged([ROW], resource(THING, "wrong", right=UNKNOWN))
    assert not reasons and [finding.verdict for finding in judgement.findings] == [Verdict.UNDECIDED]


def test_open_decisions_fail_the_gate_above_their_share() -> None:
    things = [resource(THING, f"thing-{number}", right=True) for number in range(9)]
    judgement, reasons = judged([], *things, resource(THING, "open", right=UNKNOWN), allowed=0.1)
    assert judgement.undecided_share == 0.1 and not reasons
    (reason,) = outcome(judgement, Settings(undecided_share=0.05)).reasons
    assert reason.startswith("10.0% of decisions are open until the update, allowed are 5.0% (TST-01)")


def test_an_advisory_violation_does_not_fail_the_gate() -> None:
    judgement, reasons = judged([], known=control(level=Level.ADVISORY))
    assert not reasons and judgement.with_verdict(Verdict.VIOLATION)


def test_the_shipped_exceptions_and_settings_are_sound_today() -> None:
    from policies.catalogue import catalogue

    assert standing(exceptions.read(), catalogue(), date.today()).faults == ()
    assert gate.settings().undecided_share <= 0.05
    assert isinstance(exceptions.read(), Exceptions)
