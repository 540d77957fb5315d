"""The transfer register allows what has a ground in force, and names the row that is missing otherwise."""

from datetime import date
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from config.errors import ConfigError
from config.transfers import TransferRegister
from config.vocabulary import DataClass, Region

TODAY = date(2026, 11, 22)


def register(*rows: dict[str, Any]) -> TransferRegister:
    return TransferRegister.model_validate({"transfers": rows})


def row(**changes: Any) -> dict[str, Any]:
    return {"data": "personal", "from": "eu-west-1", "to": "us-east-1", "mechanism": "scc", "document": "SCC-7", **changes}


def test_a_copy_within_the_region_needs_no_row() -> None:
    assert register().missing(DataClass.PERSONAL, Region.EU_WEST_1, Region.EU_WEST_1, TODAY) is None


def test_a_copy_with_a_row_in_force_is_allowed() -> None:
    assert register(row()).missing(DataClass.PERSONAL, Region.EU_WEST_1, Region.US_EAST_1, TODAY) is None


@pytest.mark.parametrize(
    ("data", "source", "destination"),
    [
        (DataClass.PERSONAL, Region.US_EAST_1, Region.EU_WEST_1),
        (DataClass.CREDENTIALS, Region.EU_WEST_1, Region.US_EAST_1),
        (DataClass.PERSONAL, Region.EU_WEST_1, Region.US_WEST_2),
    ],
)
def test_a_row_allows_its_own_data_and_direction_only(data: DataClass, source: Region, destination: Region) -> None:
    problem = register(row()).missing(data, source, destination, TODAY)
    assert problem is not None
    assert f"data: {data}, from: {source}, to: {destination}" in problem.allowed


def test_the_last_day_of_a_ground_still_counts() -> None:
    kept = register(row(expires=TODAY))
    assert kept.missing(DataClass.PERSONAL, Region.EU_WEST_1, Region.US_EAST_1, TODAY) is None


def test_an_expired_row_is_told_with_its_date() -> None:
    problem = register(row(expires=date(2026, 11, 21))).missing(DataClass.PERSONAL, Region.EU_WEST_1, Region.US_EAST_1, TODAY)
    assert problem is not None and "expired on 2026-11-21" in problem.given


def test_a_copy_that_must_be_allowed_passes_with_its_row_and_else_names_the_row_to_write() -> None:
    register(row()).require(DataClass.PERSONAL, Region.EU_WEST_1, Region.US_EAST_1, TODAY)
    with pytest.raises(ConfigError) as error:
        register().require(DataClass.PERSONAL, Region.EU_WEST_1, Region.US_EAST_1, TODAY)
    [problem] = error.value.problems
    assert problem.file == "config/transfers.yaml"
    assert "- {data: personal, from: eu-west-1, to: us-east-1, mechanism: ..., document: ...}" in problem.remedy


def test_the_row_for_data_without_persons_can_be_copied_as_it_is_told() -> None:
    problem = register().missing(DataClass.OPERATIONAL, Region.EU_WEST_1, Region.US_EAST_1, TODAY)
    assert problem is not None
    [told] = yaml.safe_load(problem.remedy.split("`")[1])
    assert register(told).missing(DataClass.OPERATIONAL, Region.EU_WEST_1, Region.US_EAST_1, TODAY) is None


@pytest.mark.parametrize("mechanism", ["adequacy", "dpf", "scc"])
def test_a_ground_without_its_document_is_refused(mechanism: str) -> None:
    with pytest.raises(ValidationError, match="document"):
        register(row(mechanism=mechanism, document=None))


@pytest.mark.parametrize("data", ["personal", "credentials", "logs"])
def test_data_about_persons_cannot_be_declared_free_of_them(data: str) -> None:
    with pytest.raises(ValidationError, match="no-personal-data"):
        register(row(data=data, mechanism="no-personal-data"))


def test_a_row_from_a_region_to_itself_is_refused() -> None:
    with pytest.raises(ValidationError, match="two different regions"):
        register(row(to="eu-west-1"))


def test_the_same_flow_on_the_same_ground_twice_is_a_problem() -> None:
    assert len(register(row(), row()).problems()) == 1
    assert not register(row(), row(mechanism="dpf", document="DPF-9")).problems()
