"""`make bench`: one JSON line with each region's seconds and memory beside the floor's, measured in the same run.

The floor is the same resources with the same inputs, registered flat by the SDK's own classes on a provider that echoes, with the same
engine: what SDK and engine alone take. Ratios within one run are comparable; seconds of different runs on shared machines are not.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from scripts.bench import packs, projects, review, scheduling, tenants
from scripts.bench.measure import Measured

STACKS = ("us-east-1", "eu-west-1", "sa-east-1")
BOUNDS = {"preview": 1.25, "first_up": 2.0, "second_up": 1.25}
STEPS = ("preview", "first_up", "second_up", "destroy")
RUNS = 5
SIZES = (100, 1000, 2000)
MARGINAL_BOUND = 1.3


def main() -> int:
    """Exit code 0 whether or not the bounds hold: a bench tells, it does not judge."""
    with tempfile.TemporaryDirectory(prefix="morefocus-bench-") as name:
        root = Path(name)
        for folder in ("estate", "floor", "many"):
            (root / folder).mkdir()
        regions, judged = _regions(root)
        growth = _growth(root)
        (root / "tenants").mkdir()
        many = tenants.measure(root / "tenants", _say)
        (root / "scheduling").mkdir()
        functions = scheduling.measure(root / "scheduling", _say)
        (root / "review").mkdir()
        reviewed = review.measure(root / "review", _say)
    found = {
        "regions": regions,
        "bounds": BOUNDS,
        "packs": judged,
        "preview_growth": growth,
        "tenants": many,
        "scheduling": functions,
        "review": reviewed,
    }
    print(json.dumps(found))
    return 0


def _regions(root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures of each region, and what controls add to the previews of all of them."""
    regions: dict[str, Any] = {}
    with projects.estate(root / "estate") as estate, projects.flat(root / "floor") as floor:
        for stack in STACKS:
            _say(f"{stack}: first up")
            measured = {"first_up": estate.pulumi(stack, "up", "--yes")}
            registered = estate.registered(stack)
            listed = root / f"{stack}.json"
            listed.write_text(json.dumps(registered))
            _say(f"{stack}: the same for its {len(registered)} resources, flat; then each again, by turns")
            resources = {"FLOOR_RESOURCES": str(listed)}
            least = {"first_up": floor.pulumi("flat", "up", "--yes", **resources)}
            measured["second_up"], least["second_up"] = _by_turns(
                partial(estate.pulumi, stack, "up", "--yes"), partial(floor.pulumi, "flat", "up", "--yes", **resources)
            )
            if not projects.unchanged(measured["second_up"]):
                raise RuntimeError(f"the second up of {stack} changed something:\n{measured['second_up'].output[-2000:]}")
            least["destroy"] = floor.destroy("flat", **resources)
            regions[stack] = {"resources": len(registered), "estate": measured, "floor": least, "listed": resources}
        judged = packs.measure(estate, STACKS, _say)
        for stack in reversed(STACKS):
            _say(f"{stack}: destroy; then previews from nothing, by turns")
            measured, least, resources = (regions[stack][key] for key in ("estate", "floor", "listed"))
            measured["destroy"] = estate.destroy(stack)
            measured["preview"], least["preview"] = _by_turns(
                partial(estate.pulumi, stack, "preview"), partial(floor.pulumi, "flat", "preview", **resources)
            )
    return {stack: _figures(entry) for stack, entry in regions.items()}, judged


def _by_turns(measure: Callable[[], Measured], least: Callable[[], Measured]) -> tuple[Measured, Measured]:
    """The fastest of each: what else goes on on the machine only ever adds, and by turns it adds to both."""
    pairs = [(measure(), least()) for _ in range(RUNS)]
    first, second = zip(*pairs, strict=True)
    return min(first, key=_seconds), min(second, key=_seconds)


def _seconds(measured: Measured) -> float:
    return measured.seconds


def _figures(entry: dict[str, Any]) -> dict[str, Any]:
    measured: dict[str, Measured] = entry["estate"]
    floor: dict[str, Measured] = entry["floor"]
    return {
        "resources": entry["resources"],
        **{step: _figure(measured[step]) for step in STEPS},
        "floor": {step: _figure(floor[step]) for step in STEPS},
        "ratio": {step: round(measured[step].seconds / floor[step].seconds, 2) for step in STEPS},
    }


def _figure(measured: Measured) -> dict[str, float]:
    return {"seconds": measured.seconds, "peak_mib": measured.peak_mib}


def _growth(root: Path) -> dict[str, Any]:
    with projects.many(root / "many") as bench:
        rounds = []
        for number in range(1, RUNS + 1):
            _say(f"previews of {', '.join(map(str, SIZES))} resources, round {number} of {RUNS}")
            rounds.append([bench.pulumi("flat", "preview", MANY_RESOURCES=str(size)).seconds for size in SIZES])
    seconds = dict(zip(SIZES, map(min, zip(*rounds, strict=True)), strict=True))
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
