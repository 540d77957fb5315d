"""The bench of the review times a whole one, of the size that it says."""

import json
from pathlib import Path

from scripts.bench.review import BOUND, SIZE, events, measure
from scripts.review.preview import Action
from scripts.review.reading import parse


def test_report_and_cost_are_timed_apart_from_controls(tmp_path: Path) -> None:
    told: list[str] = []
    found = measure(tmp_path, told.append, size=100)
    assert found["resources"] == 100 and found["bound"] == BOUND == 2.0 and SIZE == 2000
    assert found["seconds"]["report_and_cost"] > 0 and found["seconds"]["controls_before_and_after"] >= 0
    assert {path.name for path in (tmp_path / "review").iterdir()} >= {"note.md", "index.html", "us-east-1.tfplan.json"}
    assert told == ["review: 100 resources, 3 times"]


def test_what_is_timed_holds_every_kind_of_change() -> None:
    counts = parse("\n".join(map(json.dumps, events(200)))).counts
    assert counts.total() == 200 and all(counts[action] for action in Action if action is not Action.IMPORT)
