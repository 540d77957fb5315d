"""`make bench`: one JSON line with each region's seconds and memory beside the floor's, measured in the same run.

The floor is the same resources with the same inputs, registered flat on a provider that echoes, by the same SDK and engine: what no
program of that size can be faster than. Ratios within one run are comparable; seconds of different runs on shared machines are not.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.bench import projects
from scripts.bench.measure import Measured

STACKS = ("us-east-1", "eu-west-1", "sa-east-1")
BOUNDS = {"preview": 1.25, "first_up": 2.0, "second_up": 1.25}
SIZES = (100, 1000, 2000)
MARGINAL_BOUND = 1.3


def main() -> int:
    """Exit code 0 whether or not the bounds hold: a bench tells, it does not judge."""
    with tempfile.TemporaryDirectory(prefix="morefocus-bench-") as name:
        root = Path(name)
        for folder in ("estate", "floor", "many"):
            (root / folder).mkdir()
        regions = _regions(root)
        growth = _growth(root)
    print(json.dumps({"regions": regions, "bounds": BOUNDS, "preview_growth": growth}))
    return 0


def _regions(root: Path) -> dict[str, Any]:
    regions: dict[str, Any] = {}
    with projects.estate(root / "estate") as bench, projects.flat(root / "floor") as floor:
        for stack in STACKS:
            _say(f"{stack}: preview, first up, second up")
            measured = bench.life(stack)
            registered = bench.registered(stack)
            listed = root / f"{stack}.json"
            listed.write_text(json.dumps(registered))
            _say(f"{stack}: the same for its {len(registered)} resources, flat")
            least = floor.life("flat", FLOOR_RESOURCES=str(listed))
            least["destroy"] = floor.destroy("flat", FLOOR_RESOURCES=str(listed))
            regions[stack] = {"resources": len(registered), "estate": measured, "floor": least}
        for stack in reversed(STACKS):
            _say(f"{stack}: destroy")
            regions[stack]["estate"]["destroy"] = bench.destroy(stack)
    return {stack: _figures(entry) for stack, entry in regions.items()}


def _figures(entry: dict[str, Any]) -> dict[str, Any]:
    measured: dict[str, Measured] = entry["estate"]
    floor: dict[str, Measured] = entry["floor"]
    return {
        "resources": entry["resources"],
        **{step: {"seconds": item.seconds, "peak_mib": item.peak_mib} for step, item in measured.items()},
        "floor": {step: {"seconds": item.seconds, "peak_mib": item.peak_mib} for step, item in floor.items()},
        "ratio": {step: round(item.seconds / floor[step].seconds, 2) for step, item in measured.items()},
    }


def _growth(root: Path) -> dict[str, Any]:
    with projects.many(root / "many") as bench:
        seconds = {}
        for size in SIZES:
            _say(f"preview of {size} resources")
            seconds[size] = min(bench.pulumi("flat", "preview", MANY_RESOURCES=str(size)).seconds for _ in range(2))
    small, middle, large = SIZES
    lower = (seconds[middle] - seconds[small]) / (middle - small)
    upper = (seconds[large] - seconds[middle]) / (large - middle)
    return {
        "seconds": {str(size): value for size, value in seconds.items()},
        "marginal_ms": [round(1000 * lower, 2), round(1000 * upper, 2)],
        "ratio": round(upper / lower, 2),
        "bound": MARGINAL_BOUND,
    }


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
