"""Facts are computed once for a whole test run, in a folder of its own."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def facts_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _facts_in_a_folder_of_their_own(facts_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # For each test alone: other tests of the session would build an engine into that cache.
    monkeypatch.setenv("XDG_CACHE_HOME", str(facts_folder))
