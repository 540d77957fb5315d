import json
import multiprocessing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.provider.facts import cache


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "morefocus-sandbox" / "facts"


def never() -> object:
    raise AssertionError("computed again")


def test_facts_are_computed_once_and_read_from_disk_afterwards(folder: Path) -> None:
    assert cache.remembered("7.51.1/vpc", "a", lambda: {"inputs": [1]}) == {"inputs": [1]}
    assert cache.remembered("7.51.1/vpc", "a", never) == {"inputs": [1]}
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()] == ["7.51.1/vpc.json"]


def test_facts_of_another_mark_are_computed_anew(folder: Path) -> None:
    cache.remembered("vpc", "a", lambda: 1)
    assert cache.remembered("vpc", "b", lambda: 2) == 2
    assert cache.remembered("vpc", "b", never) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(damage=st.binary(max_size=60))
def test_a_damaged_file_is_computed_anew(folder: Path, damage: bytes) -> None:
    cache.remembered("vpc", "a", lambda: {"right": True})
    (folder / "vpc.json").write_bytes(damage)
    assert cache.remembered("vpc", "a", lambda: {"right": True}) == {"right": True}
    assert json.loads((folder / "vpc.json").read_bytes())["facts"] == {"right": True}


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert cache.remembered("vpc", "a", lambda: [1]) == [1]


def test_without_the_variable_facts_are_kept_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.directory() == tmp_path / ".cache" / "morefocus-sandbox" / "facts"


def compute_often(seed: int) -> int:
    large = {"facts": list(range(20_000))}
    return sum(cache.remembered("shared", str(turn % 3), lambda: large) == large for turn in range(seed, seed + 30))


def test_processes_that_write_at_once_never_see_half_a_file(folder: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(compute_often, range(3)) == [30, 30, 30]
    assert [path.name for path in folder.iterdir()] == ["shared.json"]


def test_a_mark_changes_with_the_program(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text("one")
    before = cache.fingerprint(file)
    assert cache.fingerprint(file) == before
    file.write_text("two")
    assert cache.fingerprint(file) != before
