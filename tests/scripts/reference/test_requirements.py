"""Each requirement is listed with the files that name it, and an id that does not exist is found."""

from pathlib import Path

import pytest

from config.load import ROOT
from scripts.reference import requirements


def project(root: Path, docstring: str) -> Path:
    for path, text in {
        "components/network/gateway.py": f'"""{docstring}"""\n',
        "tests/components/network/test_gateway.py": '"""A gateway routes."""\n',
        "tests/test_roads.py": 'def test_all_roads_lead_there():\n    """NET-2 as a whole."""\n',
    }.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def test_a_row_names_the_files_that_satisfy_it_and_their_tests(tmp_path: Path) -> None:
    page = requirements.render(project(tmp_path, "A gateway (NET-2)."))
    row = next(line for line in page.splitlines() if line.startswith("| NET-2 "))
    assert "`components/network/gateway.py`" in row
    assert "`tests/components/network/test_gateway.py`, `tests/test_roads.py`" in row
    assert next(line for line in page.splitlines() if line.startswith("| NET-3 ")).count("not built yet") == 1


def test_a_range_names_every_row_between() -> None:
    assert list(requirements.ids_in("NET-1 to NET-3, and REG-1 to 2, not AES-256 alone")) == [
        *("NET-1", "NET-2", "NET-3", "REG-1", "REG-2", "AES-256"),
    ]


def test_an_id_without_a_row_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(requirements.UnknownRequirementError, match=r"components/network/gateway\.py names NET-77"):
        requirements.render(project(tmp_path, "A gateway (NET-77)."))


def test_what_is_no_requirement_is_left_alone(tmp_path: Path) -> None:
    assert requirements.rows(project(tmp_path, "Encrypted with AES-256 and SHA-256."))["NET-2"].built == []


def test_whatever_is_built_is_proven() -> None:
    unproven = [each for each, row in requirements.rows(ROOT).items() if row.built and not row.proven]
    assert not unproven
