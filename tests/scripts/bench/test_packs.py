"""The bench of policy packs compares previews that differ in nothing but that they are judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.engine.policies import policies
from sandbox.paths import Home
from scripts.bench.measure import Measured
from scripts.bench.packs import PACK, added, measure
from scripts.program import ROOT

JUDGED = "Policies:\n    ✅ all@v1.0.0 (local: /copy/policies/packs/all)\n"


@dataclass
class Previews:
    """A sandbox whose previews take as long as they are told to."""

    seconds: list[float]
    said: str = JUDGED
    project: Path = Path("/copy")
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def pulumi(self, stack: str, *arguments: str, **environment: str) -> Measured:
        self.asked.append((stack, *arguments))
        assert not environment
        return Measured(self.seconds.pop(0), 100.0, self.said if "--policy-pack" in arguments else "")

    def registered(self, stack: str) -> list[str]:
        return ["resource"] * (1000 if stack == "big" else 250)


def test_what_is_measured_is_the_pack_that_runs_in_earnest() -> None:
    assert policies(Home(ROOT)).packs == (ROOT / PACK,)


def test_previews_are_compared_by_turns_and_the_fastest_of_each_counts() -> None:
    bench, told = Previews([10.0, 14.0, 8.0, 11.0, 2.0, 3.0, 4.0, 2.5]), list[str]()
    found = measure(bench, ["big", "small"], told.append, runs=2)
    plain, judged = ("preview",), ("preview", "--policy-pack", "/copy/policies/packs/all")
    assert bench.asked == [(stack, *arguments) for stack in ("big", "small") for arguments in (plain, judged) * 2]
    assert found["stacks"]["big"] == {"resources": 1000, "without": 8.0, "with": 11.0, "ratio": 1.38, "seconds_per_500": 1.5}
    assert found["stacks"]["small"] == {"resources": 250, "without": 2.0, "with": 2.5, "ratio": 1.25, "seconds_per_500": 1.0}
    assert found["estate"] == {"ratio": 1.35, "seconds_per_500": 1.4}
    assert found["bounds"] == {"ratio": 1.3, "seconds_per_500": 10.0}
    assert told == [f"packs: previews of {stack} without and with every control, 2 times by turns" for stack in ("big", "small")]


def test_controls_that_add_nothing_are_told_as_such() -> None:
    assert added([{"without": 5.0, "with": 5.0, "resources": 500}]) == {"ratio": 1.0, "seconds_per_500": 0.0}


def test_a_preview_that_no_pack_judged_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="was judged by nothing"):
        measure(Previews([1.0, 1.0], said="Resources: 3 unchanged"), ["small"], lambda text: None, runs=1)
