"""States of the sandbox with their secrets opened: a sealed one would leave open what its text decides."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from sandbox.engine import home as engine_home
from sandbox.engine import stacks
from sandbox.paths import Home


def states(home: Home, wanted: list[str]) -> list[str]:
    """Return the stacks that are up, of all there are or of those wanted; raises ValueError for one that is not, or when none is."""
    up = [path.stem for path in sorted(stacks.state_path(home, "any").parent.glob("*.json")) if _holds(home, path.stem)]
    for name in wanted:
        if name not in up:
            raise ValueError(f"there is no state of {name} in {stacks.state_path(home, name)}: run `make up`, or give --graph {name}=FILE")
    if not up:
        raise ValueError("no stack is up: run `make up`, or give --graph STACK=FILE with a state's export")
    return wanted or up


def export(home: Home, stack: str) -> dict[str, Any]:
    """Return `pulumi stack export --show-secrets`. It is judged in memory and never written: no verdict tells a value.

    Raises ValueError with the engine's words when it cannot.
    """
    command = [str(home.bin / "pulumi"), "stack", "export", "--stack", stack, "--show-secrets", "--non-interactive"]
    environment = engine_home.for_process(engine_home.environment(home, None, stacks.account(home.project, stack)))
    try:
        done = subprocess.run(command, cwd=home.project, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ValueError(f"the engine that opens the state of {stack} cannot be run ({error}): run `make up`") from error
    if done.returncode != 0:
        raise ValueError(f"the state of {stack} cannot be opened: {done.stderr.strip()}")
    exported: dict[str, Any] = json.loads(done.stdout)
    return exported


def _holds(home: Home, stack: str) -> bool:
    state = stacks.state(home, stack)
    return state is not None and bool(state.resources)
