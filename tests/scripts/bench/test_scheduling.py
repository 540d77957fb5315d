"""The bench of the scheduling functions measures what it says it does."""

from __future__ import annotations

from pathlib import Path

from components.serverless.bundle import bundled
from scripts.bench.scheduling import measure
from stacks.function_sources import scheduling_files
from tests.kit.functions import node


def test_bookings_are_made_and_held_against_bare_puts(tmp_path: Path) -> None:
    node()
    told: list[str] = []
    found = measure(tmp_path, told.append, cold=1, warm=3)
    assert set(found) == {"handler_ms", "a_second", "ratio", "release_bytes"}
    # A process starts before it answers, and a booking is more than one put.
    assert found["handler_ms"]["cold"] > found["handler_ms"]["warm"] > 0
    assert found["a_second"]["bare_puts"] > found["a_second"]["bookings"] > 0
    assert found["ratio"] > 1
    assert found["release_bytes"] == len(bundled(scheduling_files()))
    assert told == ["scheduling: 1 cold starts", "scheduling: 3 bookings and 3 bare puts, by turns"]
