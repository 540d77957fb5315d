"""Mistakes are told with file, key, what was given, what is allowed and what to do."""

from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from config.errors import ConfigError, Problem, nearest, problems_of, refuse, show


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: Annotated[int, Field(ge=1, description="a size from 1")]
    label: Annotated[str, Field(description="a label")]


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    inner: Inner
    many: tuple[Inner, ...] = ()


def found(values: object) -> list[Problem]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(values)
    return problems_of(caught.value, Outer, {("inner",): "shared.yaml", ("inner", "size"): "own.yaml"}, "own.yaml", "x:")


def test_an_unknown_key_is_named_with_the_nearest_known_one() -> None:
    (problem,) = found({"inner": {"size": 1, "label": "a", "sise": 2}})
    assert (problem.key, problem.given) == ("x:inner.sise", "2")
    assert "label, size" in problem.allowed and "'size'" in problem.remedy


def test_a_key_like_no_other_is_to_be_removed() -> None:
    (problem,) = found({"inner": {"size": 1, "label": "a", "zzz": 2}})
    assert problem.remedy == "remove it"


def test_a_wrong_value_is_attributed_to_the_file_it_came_from() -> None:
    size, label = sorted(found({"inner": {"size": 0, "label": 5}}), key=lambda problem: problem.key, reverse=True)
    assert (size.file, size.key, size.given) == ("own.yaml", "x:inner.size", "0") and "a size from 1" in size.allowed
    assert (label.file, label.remedy) == ("shared.yaml", "put it in quotes")


def test_a_missing_key_says_what_belongs_there() -> None:
    (problem,) = found({"inner": {"size": 1}})
    assert (problem.given, problem.allowed, problem.remedy) == ("nothing", "a label", "add the key")


def test_places_in_lists_are_shown() -> None:
    (problem,) = found({"inner": {"size": 1, "label": "a"}, "many": [{"size": "much", "label": "b"}]})
    assert problem.key == "x:many[0].size"


def test_every_mistake_is_told_once_in_one_message() -> None:
    one, two = Problem("a.yaml", "k", "g", "al", "do"), Problem("b.yaml", "k", "g", "al", "do")
    error = ConfigError([two, one, two])
    assert error.problems == (one, two)
    assert str(error).startswith("2 mistakes in the configuration; nothing was changed")
    assert str(error).index("a.yaml: k") < str(error).index("b.yaml: k")


def test_a_validators_refusal_keeps_its_own_words() -> None:
    assert refuse("this", "do that").message() == "this; do that"


@pytest.mark.parametrize(
    ("written", "meant"), [("newtork", "network"), ("Network", "network"), ("cost-centre", "cost_centre"), ("qqq", None)]
)
def test_the_nearest_key_forgives_spelling(written: str, meant: str | None) -> None:
    assert nearest(written, ["network", "cost_centre", "cluster"]) == meant


def test_long_values_are_cut() -> None:
    assert len(show("x" * 1000)) < 200 and show("") == '""'
