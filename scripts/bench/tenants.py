"""How preview and second up grow with the number of tenants.

Bringing a thousand tenants up would take hours, most of it in writing the state at every step. So one is brought up for real, and its part
of the state is repeated under other names; what is measured is the engine's own work on that state, with the program as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.bench import projects
from scripts.bench.measure import Measured
from scripts.bench.projects import Bench

STACK = "us-east-1"
SIZES = (8, 48, 96, 200, 1000)
RUNS = 3
MARGINAL_BOUND = 1.3
"""What a tenant between 200 and 1,000 may take, against one between 8 and 200."""
_FILE = "name: {name}\nmarket: US\ntier: starter\nsold: false\nlicence: {{mode: internal-automation}}\nshard: main\n"


def measure(folder: Path, say: Callable[[str], None], sizes: Sequence[int] = SIZES, runs: int = RUNS) -> dict[str, Any]:
    """Return seconds and memory by size, and what each further tenant costs."""
    with projects.estate(folder) as bench:
        write_tenants(folder, [name_of(0)])
        say(f"tenants: {STACK} with one of them, for real")
        bench.pulumi(STACK, "up", "--yes", "--skip-preview")
        state = json.loads(bench.pulumi(STACK, "stack", "export").output)
        found = {}
        for size in sizes:
            say(f"tenants: {size} of them")
            found[size] = _measured(bench, folder, repeated(state, size), size, runs)
        # What is taken down afterwards is what stands.
        _import(bench, folder, state)
    return {
        "sizes": {str(size): {step: figure(each) for step, each in steps.items()} for size, steps in found.items()},
        "growth": {step: growth({size: steps[step].seconds for size, steps in found.items()}) for step in ("preview", "second_up")},
        "bound": MARGINAL_BOUND,
    }


def _measured(bench: Bench, folder: Path, state: dict[str, Any], size: int, runs: int) -> dict[str, Measured]:
    """The fastest of some runs: what else goes on on the machine only ever adds."""
    write_tenants(folder, map(name_of, range(size)))
    _import(bench, folder, state)
    # Of what is told of all tenants at once, this run makes the change; those measured find none.
    bench.pulumi(STACK, "up", "--yes", "--skip-preview")
    steps = {"preview": ("preview",), "second_up": ("up", "--yes", "--skip-preview")}
    return {step: min((bench.pulumi(STACK, *told) for _ in range(runs)), key=_seconds) for step, told in steps.items()}


def _import(bench: Bench, folder: Path, state: dict[str, Any]) -> None:
    file = folder / "state.json"
    file.write_text(json.dumps(state), encoding="utf-8")
    bench.pulumi(STACK, "stack", "import", "--file", str(file))


def _seconds(measured: Measured) -> float:
    return measured.seconds


def figure(measured: Measured) -> dict[str, float]:
    """Return what is told of one run."""
    return {"seconds": measured.seconds, "peak_mib": measured.peak_mib}


def growth(seconds: Mapping[int, float]) -> dict[str, float]:
    """Return milliseconds of a further tenant below and above the last size but one, and the second by the first."""
    first, *_, middle, last = sorted(seconds)
    lower = (seconds[middle] - seconds[first]) / (middle - first)
    upper = (seconds[last] - seconds[middle]) / (last - middle)
    return {
        "lower_ms": round(1000 * lower, 2),
        "upper_ms": round(1000 * upper, 2),
        "ratio": round(upper / lower, 2) if lower > 0 else float("inf"),
    }


def name_of(number: int) -> str:
    """Return a tenant's name, as long as every other's: one can stand in another's place in a text."""
    return f"bench{number:05}"


def write_tenants(folder: Path, names: Iterable[str]) -> None:
    """Write these tenants' files in place of all that are there."""
    place = folder / "config" / "tenants"
    place.mkdir(parents=True, exist_ok=True)
    for path in place.glob("*.yaml"):
        path.unlink()
    # What AWS would grant on request: a role for each of a thousand tenants is more than it lets an account have unasked.
    facts = folder / "config" / "estate.yaml"
    facts.write_text(re.sub(r"role_quota: \d+", "role_quota: 5000", facts.read_text(encoding="utf-8")), encoding="utf-8")
    for name in names:
        (place / f"{name}.yaml").write_text(_FILE.format(name=name), encoding="utf-8")


def repeated(state: dict[str, Any], size: int) -> dict[str, Any]:
    """Return a state in which what is the first tenant's stands `size` times; what merely speaks of it stands once."""
    first = name_of(0)
    resources = state["deployment"]["resources"]
    own = [json.dumps(each) for each in resources if first in each["urn"]]
    more = [json.loads(text.replace(first, name_of(number))) for number in range(1, size) for text in own]
    return {**state, "deployment": {**state["deployment"], "resources": [*resources, *more]}}
