"""Every clause of every framework is listed, and says how far infrastructure can show it; what controls name is among them."""

import re
from pathlib import Path

import pytest

from policies.catalogue import catalogue
from policies.control import Clause, Framework, Strength
from policies.evidence.clauses import FOLDER, Proof, clauses_of, whole

COUNTS = {Framework.GDPR: 99, Framework.LGPD: 65, Framework.SOC2: 61, Framework.ISO27001: 93, Framework.PCI_DSS: 250}


@pytest.mark.parametrize("framework", Framework)
def test_every_clause_that_a_control_names_is_listed_and_can_be_shown(framework: Framework) -> None:
    listed = clauses_of(framework).clauses
    named = [(control.id, clause) for control in catalogue().values() for clause in control.answers(framework)]
    assert named
    assert not [f"{id_} names {clause}" for id_, clause in named if whole(clause) not in listed]
    assert not [f"{id_} names {clause}" for id_, clause in named if listed[whole(clause)].proof is Proof.NONE]


@pytest.mark.parametrize(("framework", "count"), COUNTS.items())
def test_no_clause_is_dropped_and_each_says_why_it_can_be_shown_or_not(framework: Framework, count: int) -> None:
    listed = clauses_of(framework).clauses
    assert len(listed) == count
    assert {clause.proof for clause in listed.values()} >= {Proof.SUPPORTED, Proof.NONE}
    assert all(clause.why.endswith(".") and clause.title[0].isupper() and not clause.title.endswith(".") for clause in listed.values())


def test_clauses_have_the_numbers_of_their_standard() -> None:
    assert list(clauses_of(Framework.GDPR).clauses) == [str(number) for number in range(1, 100)]
    assert list(clauses_of(Framework.LGPD).clauses) == [str(number) for number in range(1, 66)]
    chapters = {"5": 37, "6": 8, "7": 14, "8": 34}
    assert list(clauses_of(Framework.ISO27001).clauses) == [f"{one}.{two}" for one, last in chapters.items() for two in range(1, last + 1)]
    common = {"CC1": 5, "CC2": 3, "CC3": 4, "CC4": 2, "CC5": 3, "CC6": 8, "CC7": 5, "CC8": 1, "CC9": 2}
    special = {"A1": 3, "C1": 2, "PI1": 5, "P1": 1, "P2": 1, "P3": 2, "P4": 3, "P5": 2, "P6": 7, "P7": 1, "P8": 1}
    expected = [f"{one}.{two}" for one, last in (common | special).items() for two in range(1, last + 1)]
    assert list(clauses_of(Framework.SOC2).clauses) == expected
    sections: dict[str, list[int]] = {}
    for name in clauses_of(Framework.PCI_DSS).clauses:
        assert re.fullmatch(r"(\d+\.){2,4}\d+", name)
        section, _, number = name.rpartition(".")
        sections.setdefault(section, []).append(int(number))
    assert {section.split(".")[0] for section in sections} == {str(number) for number in range(1, 13)}
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in sections.values())


@pytest.mark.parametrize(
    ("framework", "names"),
    [
        (Framework.ISO27001, "5.2 5.4 5.20 5.24 5.27 5.35 5.37 8.30 8.33 8.34"),
        (Framework.ISO27001, " ".join([*(f"6.{number}" for number in range(1, 9)), *(f"7.{number}" for number in range(1, 15))])),
        (Framework.SOC2, "CC1.1 CC1.2 CC1.4 CC1.5 CC2.2 CC2.3 CC5.1 CC5.3 CC9.1 CC9.2"),
        (Framework.GDPR, "6 7 8 9 12 13 14 15 16 18 19 20 21 22 24 26 27 28 34 35 36 37 38 39"),
        (Framework.LGPD, "7 8 9 10 11 19 20 23 24 25 26 27 28 29 30 31 32 38 39 40 41"),
        (Framework.PCI_DSS, "9.1.1 9.4.5.1 12.1.1 12.4.1 12.6.3 12.8.2 12.9.1 3.3.1 6.2.2"),
    ],
)
def test_what_people_do_is_not_said_to_be_provable(framework: Framework, names: str) -> None:
    assert all(clauses_of(framework).clauses[name].proof is Proof.NONE for name in names.split())


def test_a_paragraph_is_listed_by_its_article() -> None:
    assert [whole(Clause(Framework.GDPR, name, Strength.MAPPED)) for name in ("5(1)(e)", "32", "33")] == ["5", "32", "33"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{ground: hope, title: Some clause}", "names the grounds hope: allowed are part"),
        ("{ground: part}", "title"),
        ("{ground: part, title: Some clause, more: 1}", "more"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, entry: str, said: str) -> None:
    (tmp_path / "grounds.yaml").write_text("part: {proof: supported, why: Resources carry a part of it.}\n")
    (tmp_path / "gdpr.yaml").write_text(f'title: GDPR\nscope: some\nclauses:\n  "1": {entry}\n')
    with pytest.raises(ValueError, match=said):
        clauses_of(Framework.GDPR, tmp_path)


def test_every_file_of_the_folder_is_read() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {"grounds", *Framework}
