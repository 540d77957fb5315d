"""Node.js with the SDK that the scheduling functions import, for tests that run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.scheduling_programs import COMMAND, SERVICE, find

__all__ = ["SERVICE", "node"]


def node() -> Path:
    """Return Node.js, with the packages in place; where it or they are missing, skip the test and say what would run it."""
    found = find()
    if found is None:
        pytest.skip(f"Node.js or the functions' packages are not on this machine, so NOTHING was checked: `{COMMAND}` brings them")
    return found.program
