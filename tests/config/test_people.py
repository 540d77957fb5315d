"""Rows of people that cannot be are refused, and who lost access by the calendar is said."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError, Problem
from config.load import Settings, load
from config.people import ROLES, PeopleGroup
from tests.kit.plans import shipped, write

TODAY = date(2026, 11, 22)
ROW = {"name": "first-last", "email": "first.last@example.com", "groups": ["operators"], "expires": date(2027, 6, 30)}


def loaded(root: Path, *rows: dict[str, Any], stack: str = "us-east-1") -> Settings:
    documents = shipped()
    documents["config/people.yaml"] = {"people": list(rows)}
    return load(stack, root=write(documents, root), today=TODAY)


def refused(root: Path, *rows: dict[str, Any]) -> Problem:
    with pytest.raises(ConfigError) as caught:
        loaded(root, *rows)
    (problem,) = caught.value.problems
    assert problem.file == "config/people.yaml" and problem.remedy
    return problem


def test_nobody_has_access_as_shipped() -> None:
    assert shipped()["config/people.yaml"] == {"people": []}
    assert load("us-east-1").admitted == {}


def test_a_person_is_admitted_to_the_last_day_and_not_beyond(tmp_path: Path) -> None:
    assert loaded(tmp_path, ROW | {"expires": TODAY}).admitted == {"first-last": ("operators",)}
    assert loaded(tmp_path, ROW | {"expires": date(2026, 11, 21)}).admitted == {}


def test_an_ended_access_is_said_and_stops_nobody_elses_work(tmp_path: Path) -> None:
    said = [notice for notice in loaded(tmp_path, ROW | {"expires": date(2026, 11, 21)}).notices if "first-last" in notice.text]
    assert [notice.urgent for notice in said] == [True]
    assert "ended on 2026-11-21" in said[0].text and "config/people.yaml" in said[0].text


def test_an_access_that_ends_soon_is_said_with_the_address_to_ask(tmp_path: Path) -> None:
    (said,) = [notice for notice in loaded(tmp_path, ROW | {"expires": date(2026, 12, 1)}).notices if "first-last" in notice.text]
    assert not said.urgent and "first.last@example.com" in said.text


def test_people_are_said_only_where_they_are_made(tmp_path: Path) -> None:
    row = ROW | {"expires": date(2026, 11, 21)}
    assert not [notice for notice in loaded(tmp_path, row, stack="eu-west-1").notices if "first-last" in notice.text]


def test_an_unknown_group_is_refused_with_those_there_are(tmp_path: Path) -> None:
    problem = refused(tmp_path, ROW | {"groups": ["owners"]})
    assert (problem.key, problem.given) == ("people[0].groups[0]", "owners")
    assert "administrators" in problem.allowed


def test_a_date_more_than_a_year_ahead_is_refused(tmp_path: Path) -> None:
    problem = refused(tmp_path, ROW | {"expires": date(2028, 1, 1)})
    assert (problem.key, problem.given) == ("people[0].expires", "2028-01-01")
    assert "2027-11-23" in problem.allowed


def test_a_person_written_twice_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, ROW, ROW | {"email": "other@example.com"}).key == "people[1].name"
    assert refused(tmp_path, ROW, ROW | {"name": "other", "email": "First.Last@example.com"}).key == "people[1].email"


@pytest.mark.parametrize(
    ("key", "value"),
    [("name", "First Last"), ("email", "nowhere"), ("groups", []), ("expires", "soon"), ("groups", ["billing", "billing"])],
)
def test_a_malformed_row_is_refused_at_its_key(key: str, value: object, tmp_path: Path) -> None:
    assert refused(tmp_path, ROW | {key: value}).key == f"people[0].{key}"


@pytest.mark.parametrize("key", ["email", "groups", "expires"])
def test_nothing_of_a_row_can_be_left_out(key: str, tmp_path: Path) -> None:
    row = {name: value for name, value in ROW.items() if name != key}
    problem = refused(tmp_path, row)
    assert (problem.key, problem.given) == (f"people[0].{key}", "nothing")


def test_every_group_opens_one_role() -> None:
    assert set(ROLES) == set(PeopleGroup) and len(set(ROLES.values())) == len(ROLES)
