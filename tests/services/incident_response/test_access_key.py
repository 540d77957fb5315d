"""A stolen key is disabled once, and what is gone is told of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.incident_response.access_key import disable
from tests.services.incident_response.scene import Scene, scene


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with scene(monkeypatch) as made:
        yield made


def test_the_key_is_disabled_and_a_second_time_does_nothing(found: Scene) -> None:
    assert disable(found.connect, "robot", found.key, dry_run=False) == [f"access key {found.key} of user robot is disabled"]
    assert found.key_state() == "Inactive"
    assert disable(found.connect, "robot", found.key, dry_run=False) == []


def test_a_rehearsal_leaves_the_key_as_it_is(found: Scene) -> None:
    assert disable(found.connect, "robot", found.key, dry_run=True)
    assert found.key_state() == "Active"


def test_a_user_or_key_that_is_gone_is_told_of(found: Scene) -> None:
    assert "gone" in disable(found.connect, "nobody", found.key, dry_run=False)[0]
    assert "any more" in disable(found.connect, "robot", "AKIAGONE", dry_run=False)[0]
    assert found.key_state() == "Active"
