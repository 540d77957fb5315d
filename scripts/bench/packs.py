"""What it costs a preview to be judged: the same previews with every control and with none, by turns, of stacks that are up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from scripts.bench.measure import Measured

PACK = Path("policies", "packs", "all")
"""Every control of every framework, each once, in one process: what pipelines and the sandbox run."""
RATIO_BOUND = 1.3
"""What previews of the whole estate may take with controls, against those without."""
SECONDS_BOUND = 10.0
"""What controls may add to a preview for every 500 resources."""
RUNS = 5
_RESOURCES = 500


class Previews(Protocol):
    """What can be asked of a sandbox in which stacks are up."""

    @property
    def project(self) -> Path:
        """The folder of the program's copy."""

    def pulumi(self, stack: str, *arguments: str, **environment: str) -> Measured:
        """One run of the engine on a stack."""

    def registered(self, stack: str) -> Sequence[Any]:
        """What stands in a stack's state."""


def measure(bench: Previews, stacks: Sequence[str], say: Callable[[str], None], runs: int = RUNS) -> dict[str, Any]:
    """Return seconds with and without controls of each stack, and what they come to for the whole estate.

    Raises RuntimeError when a preview says nothing of the pack: what did not run took no time.
    """
    judged = ("--policy-pack", str(bench.project / PACK))
    found = {}
    for stack in stacks:
        say(f"packs: previews of {stack} without and with every control, {runs} times by turns")
        pairs = [(bench.pulumi(stack, "preview"), bench.pulumi(stack, "preview", *judged)) for _ in range(runs)]
        for _, each in pairs:
            if f"local: {judged[1]}" not in each.output:
                raise RuntimeError(f"a preview of {stack} was judged by nothing:\n{each.output[-2000:]}")
        # The fastest of each: what else goes on on the machine only ever adds, and by turns it adds to both.
        without, with_packs = (min(each.seconds for each in side) for side in zip(*pairs, strict=True))
        found[stack] = {"resources": len(bench.registered(stack)), "without": without, "with": with_packs}
    return {
        "stacks": {stack: {**row, **added([row])} for stack, row in found.items()},
        "estate": added(list(found.values())),
        "bounds": {"ratio": RATIO_BOUND, "seconds_per_500": SECONDS_BOUND},
    }


def added(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return what controls add over some stacks together: previews with them by those without, and seconds for 500 resources."""
    without, judged, resources = (sum(row[key] for row in rows) for key in ("without", "with", "resources"))
    return {"ratio": round(judged / without, 2), "seconds_per_500": round((judged - without) / resources * _RESOURCES, 2)}
