"""Running Go's own tool on a module that is pinned here, told line by line."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PLAIN = {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""}
"""What a person's own settings of Go must not change about a build."""


class GoError(Exception):
    """Go ended with an error; its last words."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a build is."""

    doing: str
    done: int
    of: int
    """0 when not known yet."""


Report = Callable[[Step], None]


def least_version(module: Path) -> str:
    """The Go that the module in this folder asks for, as "1.26"."""
    found = re.search(r"^go (\d+\.\d+)", (module / "go.mod").read_text(), re.MULTILINE)
    return found[1] if found else "1.25"


def lines(command: Sequence[str], module: Path) -> Iterator[str]:
    """What the command prints, line by line. GoError with its last words when it fails."""
    child = subprocess.Popen(command, cwd=module, env=os.environ | PLAIN, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    last: list[str] = []
    try:
        for line in child.stdout or ():
            last = [*last[-9:], line.rstrip()]
            yield line.rstrip()
    finally:
        if child.poll() is None:
            # Left early (Ctrl-C), or the output ended: `go` is about to end, or has to.
            timer = threading.Timer(5, child.kill)
            timer.start()
            child.wait()
            timer.cancel()
    if child.returncode != 0:
        raise GoError("\n  ".join(last))
