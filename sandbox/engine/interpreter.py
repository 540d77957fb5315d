"""Which Python runs a project's program."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class InterpreterError(Exception):
    """The project asks for a Python that is not there."""


def interpreter(root: str, options: Mapping[str, Any]) -> str:
    """The Python named by `runtime.options.virtualenv` of Pulumi.yaml (relative to its folder), else the one of this process."""
    named = options["virtualenv"] if "virtualenv" in options else None  # noqa: SIM401 - a protobuf Struct has no get
    if not named:
        return sys.executable
    folder = Path(root, str(named))
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        raise InterpreterError(
            f"Pulumi.yaml names the virtual environment {named!r}, but {python} does not exist. "
            "Run `make up` (or `make .venv/installed`) once: it installs the environment from requirements.lock."
        )
    return str(python)
