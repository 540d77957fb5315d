"""The page of the controls names every control with its clauses, and counts every clause of every framework."""

import pytest

from policies.catalogue import PACKS, catalogue, held_by
from policies.control import Control, Framework, Strength
from policies.evidence.clauses import Proof, clauses_of
from policies.evidence.report import covered
from scripts.reference.controls_page import numbers, render

PAGE = render()


@pytest.mark.parametrize("control", catalogue().values(), ids=lambda control: control.id)
def test_a_control_has_a_section_with_why_remedy_packs_and_clauses(control: Control) -> None:
    section = PAGE.partition(f"\n### {control.id}\n")[2].partition("\n### ")[0]
    lines = section.splitlines()
    assert control.title in section and " ".join(control.why.split()).replace("|", "\\|") in section
    assert f"- Severity: {control.severity}, {control.level}" in section and any(line.startswith("- To do: ") for line in lines)
    (packs,) = [line for line in lines if line.startswith("- Packs: ")]
    assert packs.removeprefix("- Packs: ").split(", ") == [pack for pack in PACKS if control in held_by(pack)]
    for framework in {clause.framework for clause in control.clauses}:
        (line,) = [line for line in lines if line.startswith(f"- {clauses_of(framework).title}: ")]
        names = [each.replace("\\*", "*") for each in line.rpartition(": ")[2].split(", ")]
        assert names == [f"{each.name}{'*' * (each.strength is Strength.READING)}" for each in control.answers(framework)]
    assert all(f"`{type_}`" in section for type_ in control.governs)


@pytest.mark.parametrize("framework", Framework)
def test_every_clause_of_a_framework_is_counted_once(framework: Framework) -> None:
    found = numbers(framework)
    listed = clauses_of(framework)
    assert found["clauses"] == len(listed.clauses) == sum(found.values()) - found["clauses"]
    assert found["not provable"] == sum(each.proof is Proof.NONE for each in listed.clauses.values())
    assert found["mapped"] + found["read"] == sum(bool(each) for each in covered(framework).values())
    assert f"| {listed.title} | {' | '.join(map(str, found.values()))} |" in PAGE


@pytest.mark.parametrize("framework", Framework)
def test_what_has_no_control_is_named_with_its_title(framework: Framework) -> None:
    unanswered = [clause for clause in clauses_of(framework).clauses.values() if not covered(framework)[clause.name]]
    assert unanswered and all(f"{clause.name} {clause.title}" in PAGE for clause in unanswered)


def test_the_same_catalogue_is_the_same_page() -> None:
    assert render() == PAGE and PAGE.endswith("\n") and not PAGE.endswith("\n\n")
