"""The score counts what controls miss and mind, and is not rounded up."""

import importlib
from dataclasses import replace

import pytest

from scripts.mutation_score.score import Score, perfect, score, summary, table
from tests.kit.mutations import CONTROLS, Tried, tried
from tests.kit.policies import Mutation

INSTANCE = "aws:rds/instance:Instance"
HARMLESS = Mutation("a database is larger", lambda draft: draft.one(INSTANCE).set("allocatedStorage", 2000))
PUBLIC = Mutation("a database is public", lambda draft: draft.one(INSTANCE).set("publiclyAccessible", True))


@pytest.fixture(scope="module")
def private_databases() -> Tried:
    return tried(next(path for path in CONTROLS if path.stem == "private_databases"))


def test_a_control_that_its_own_test_holds_has_a_full_score(private_databases: Tried) -> None:
    found = score(private_databases)
    assert (found.control, found.mutations, found.near_misses) == ("NET-01", len(private_databases.caught), len(private_databases.spared))
    assert perfect([found])


def test_what_is_missed_and_minded_is_named_and_counted(private_databases: Tried) -> None:
    found = score(replace(private_databases, caught=(PUBLIC, HARMLESS), spared=(HARMLESS, PUBLIC, HARMLESS)))
    assert (found.missed, found.minded) == (("a database is larger",), ("a database is public",))
    assert not perfect([found])
    assert table([found])[2:] == ["  missed: a database is larger", "  minded: a database is public"]
    assert summary([found]) == "mutations 2, caught 1 (50 %), near misses 3, spared 2 (66 %)"


def test_a_control_that_throws_has_seen_nothing(private_databases: Tried, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = importlib.import_module("policies.catalogue").catalogue()
    broken = replace(private_databases.control, check=lambda graph: [None.urn])  # type: ignore[attr-defined]
    monkeypatch.setitem(catalogue, "NET-01", broken)
    assert score(replace(private_databases, caught=(PUBLIC,), spared=())).missed == ("a database is public",)


def test_all_but_one_are_not_all() -> None:
    whole = Score(control="A-01", mutations=999, near_misses=1)
    part = Score(control="B-01", mutations=1, missed=("x",), near_misses=1)
    assert summary([whole, part]) == "mutations 1000, caught 999 (99 %), near misses 2, spared 2 (100 %)"
    assert perfect([whole]) and not perfect([whole, part])
