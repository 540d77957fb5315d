"""Programs that tests run and the lock cannot bring: found on PATH, under SANDBOX_TOOLS, or in the cache of `make tools`."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from sandbox.paths import tools_cache


def find(program: str) -> str | None:
    """Return the program's path, or None where the machine has it nowhere."""
    places = [os.environ.get("PATH", ""), os.environ.get("SANDBOX_TOOLS", ""), str(tools_cache() / "bin")]
    return shutil.which(program, path=os.pathsep.join(place for place in places if place))


def needs(program: str) -> str:
    """Return the program's path; where there is none, skip the test and say what would run it."""
    found = find(program)
    if found is None:
        pytest.skip(f"{program} is not on this machine, so NOTHING was checked: `make tools` brings it")
    return found


def run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder and return what it said."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
