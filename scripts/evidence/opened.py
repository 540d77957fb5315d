"""States of the sandbox with their secrets opened: a sealed one would leave open what its text decides."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from sandbox.engine import home as engine_home
from sandbox.engine import stacks
from sandbox.engine.stack_files import stacks_with_files
from sandbox.paths import Home


def states(home: Home) -> list[str]:
    """Return the stacks that are up; raises ValueError when none is."""
    up = [name for name in stacks_with_files(home.project) if _holds(home, name)]
    if not up:
        raise ValueError("no stack is up: run `make up`, or give --graph STACK=FILE with a state's export")
    return up


def export(home: Home, stack: str) -> dict[str, Any]:
    """Return `pulumi stack export --show-secrets`. It is judged in memory and never written: no verdict tells a value.

    Raises ValueError for a stack that is not up, and with the engine's words when it cannot be opened.
    """
    if not _holds(home, stack):
        raise ValueError(f"there is no state of {stack} in {stacks.state_path(home, stack)}: run `make up`, or give --graph {stack}=FILE")
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
