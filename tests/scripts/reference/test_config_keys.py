"""Keys are told as their models check them."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, BeforeValidator, Field

from config.errors import refuse
from config.estate import EstateFacts
from config.integrations import Catalogue
from config.models import RegionPlan
from config.people import People
from config.transfers import Transfer, TransferRegister
from config.vocabulary import Environment, Region
from scripts.reference.config_keys import Key, keys_of, long_enumerations, models_in


def _even(value: Any) -> Any:
    if value not in (2, 4):
        raise refuse("2 or 4", "choose one")
    return value


class Inner(BaseModel):
    size: Annotated[int, Field(ge=1, description="how much")]
    names: Annotated[tuple[Annotated[str, Field(pattern="^a")], ...], Field(min_length=1, max_length=3)] = ("a",)


class Outer(BaseModel):
    named: dict[str, Inner]
    even: Annotated[int, BeforeValidator(_even)]
    inner: Inner
    rows: tuple[Inner, ...]
    where: Annotated[Region | None, Field(alias="to")] = None
    stage: Environment


KEYS = {key.path: key for key in keys_of(Outer)}


def test_models_within_models_rows_of_lists_and_named_ones_are_unfolded() -> None:
    assert list(KEYS) == [
        "named.<name>.size",
        "named.<name>.names",
        "even",
        "inner.size",
        "inner.names",
        "rows[].size",
        "rows[].names",
        "to",
        "stage",
    ]
    assert [prefix for prefix, _ in models_in(Outer)] == ["", "named.<name>.", "inner.", "rows[]."]


def test_a_key_has_its_type_bounds_default_and_meaning() -> None:
    assert KEYS["inner.size"] == Key("inner.size", "integer", "at least 1", True, None, "how much")
    assert KEYS["inner.names"] == Key("inner.names", "list of text", "length 1 to 3; `^a`", False, ("a",), "")


def test_what_a_validator_of_ours_allows_is_asked_of_it() -> None:
    assert KEYS["even"].allowed == "2 or 4"
    plan = {key.path: key for key in keys_of(RegionPlan)}
    assert plan["cluster.version"].allowed == "EKS 1.35 or 1.36"
    assert plan["database.backup_window"].allowed.startswith("a daily window")


def test_short_choices_are_listed_and_long_ones_linked() -> None:
    assert KEYS["stage"].allowed == "production, staging"
    assert KEYS["to"].allowed == "one of [Region](#region)" and not KEYS["to"].required
    assert long_enumerations(Outer) == {Region}


@pytest.mark.parametrize("model", [RegionPlan, EstateFacts, Catalogue, People, TransferRegister])
def test_every_key_of_ours_is_told_with_type_and_meaning(model: type[BaseModel]) -> None:
    assert not [key.path for key in keys_of(model) if not key.type or not key.meaning]


def test_rows_are_told_under_the_names_that_the_file_uses() -> None:
    assert {"from", "to"} < {key.path for key in keys_of(Transfer)}
