"""A report shows every clause and control of a framework, each as bad as the worst that was found."""

from xml.etree import ElementTree

import pytest

from policies.catalogue import HOUSE, PACKS, held_by
from policies.control import Framework, Strength
from policies.evidence import as_junit
from policies.evidence.report import Standing, covered, report
from policies.evidence.verdicts import Effective, Verdicts
from policies.verdict import Finding, Verdict
from tests.kit.evidence import DATABASE, DISABLED, EXCEPTION, ORIGIN, SMALL, small, small_report, verdicts_of
from tests.kit.policies import lone, resource


def standing(framework: str, clause: str) -> Standing:
    (row,) = [row for row in small_report(framework).clauses if row.listed.name == clause]
    return row.standing


@pytest.mark.parametrize("framework", PACKS)
def test_every_control_of_the_pack_and_every_clause_of_the_framework_is_there(framework: str) -> None:
    found = small_report(framework)
    assert [row.control.id for row in found.controls] == [control.id for control in held_by(framework)]
    assert sum(len(found.with_standing(each)) for each in Standing) == len(found.clauses)
    assert (len(found.clauses) == 0) is (framework == HOUSE)
    answers = {(answer.control, answer.clause) for row in found.clauses for answer in row.answers}
    if framework != HOUSE:
        mapped = {(control.id, clause.name) for control in held_by(framework) for clause in control.answers(Framework(framework))}
        assert answers == mapped, "no mapping is dropped"


def test_a_clause_stands_as_its_worst_control() -> None:
    assert standing("pci-dss", "1.4.2") is Standing.VIOLATED, "NET-01 finds the database, NET-07 an exception and an open subnet"
    assert standing("gdpr", "32") is Standing.VIOLATED
    assert standing("gdpr", "99") is Standing.NOT_PROVABLE
    assert standing("pci-dss", "10.6.1") is Standing.UNCONTROLLED
    right = small_report("pci-dss", resource(DATABASE, "right", publiclyAccessible=False))
    standings = {row.listed.name: row.standing for row in right.clauses}
    assert standings["1.2.7"] is Standing.UNCONTROLLED and standings["9.1.1"] is Standing.NOT_PROVABLE
    assert Standing.NOT_APPLICABLE in standings.values()


def test_a_disabled_control_shows_behind_a_violation_and_before_all_else() -> None:
    ids = [control.id for control in held_by("gdpr")]
    off = verdicts_of(lone(*SMALL[1:2]), rows=(), effective=dict.fromkeys(ids, Effective.DISABLED))
    found = report("gdpr", off, ORIGIN)
    assert {row.standing for row in found.clauses if row.answers} == {Standing.DISABLED}
    assert not found.passes and all(row.lowered for row in found.controls)


def test_what_a_run_asks_less_than_the_control_closes_the_gate() -> None:
    rows = {row.control.id: row for row in small_report("gdpr").controls}
    assert rows["ENC-06"].verdict is None and rows["ENC-06"].effective is Effective.DISABLED
    assert {id_ for id_, row in rows.items() if row.lowered} == set(DISABLED)
    assert rows["NET-01"].counts == {Verdict.PASS: 1, Verdict.VIOLATION: 1}
    lowered = verdicts_of(lone(resource(DATABASE, "fine", publiclyAccessible=False)), rows=(), effective={"NET-01": Effective.ADVISORY})
    assert not report("gdpr", lowered, ORIGIN).passes


def test_the_gate_opens_only_without_a_violation_and_with_sound_exceptions() -> None:
    nothing = resource("test:index:Thing", "nothing")
    assert small_report("gdpr", nothing).passes
    assert not small_report("gdpr").passes
    faulty = verdicts_of(lone(nothing, *SMALL[:1]), rows=[EXCEPTION | {"expires": "2026-06-10"}])
    found = report("morefocus", faulty, ORIGIN)
    assert [fault.row for fault in found.faults] == [1] and not found.passes


def test_exceptions_are_shown_by_frameworks_whose_controls_they_except() -> None:
    assert [(row.control, row.expires.isoformat()) for row in small_report("soc2").exceptions] == [("NET-07", "2026-06-30")]
    assert not small_report("morefocus").exceptions


def test_verdicts_without_a_control_of_the_pack_are_refused() -> None:
    levels = {id_: level for id_, level in small().levels.items() if id_ != "NET-01"}
    partial = small().model_copy(update={"levels": levels})
    with pytest.raises(ValueError, match="lack NET-01 of gdpr: judge with all packs"):
        report("gdpr", partial, ORIGIN)


@pytest.mark.parametrize("framework", Framework)
def test_coverage_names_the_controls_of_every_clause(framework: Framework) -> None:
    found = covered(framework)
    named = {(control.id, clause.strength) for control in held_by(framework) for clause in control.answers(framework)}
    assert {each for answers in found.values() for each in answers} == named
    if framework is Framework.LGPD:
        assert {strength for answers in found.values() for _, strength in answers} == {Strength.READING}


def test_findings_of_one_control_about_one_resource_are_told_apart_and_keep_their_key() -> None:
    more = Finding(control="NET-01", urn=SMALL[0].urn, verdict=Verdict.VIOLATION, message="something else")
    fields = {name: getattr(small(), name) for name in Verdicts.model_fields}
    again = Verdicts(**{**fields, "findings": (*small().findings, more)})
    before, after = small_report("gdpr"), report("gdpr", again, ORIGIN)
    keys = [after.key(finding) for finding in after.findings]
    assert len(set(keys)) == len(keys) == len(before.findings) + 1
    assert {before.key(finding) for finding in before.findings} <= set(keys)
    names = [case.attrib["name"] for case in ElementTree.fromstring(as_junit.render(after).partition("\n")[2]).iter("testcase")]
    assert f"{SMALL[0].urn} (2)" in names
