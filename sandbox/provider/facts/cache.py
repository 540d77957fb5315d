"""Facts computed once and kept on disk as JSON, shared by every process of this user."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def directory() -> Path:
    """Where facts are kept: `${XDG_CACHE_HOME:-~/.cache}/morefocus-sandbox/facts`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "morefocus-sandbox" / "facts"


def fingerprint(*sources: str | Path) -> str:
    """A mark that changes when one of the program files that compute a fact changes."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(Path(source).read_bytes())
    return digest.hexdigest()[:16]


def remembered(name: str, mark: str, compute: Callable[[], Any]) -> Any:
    """The facts called `name` (a relative path without suffix) as `compute` gives them, from disk when already there.

    A file that is absent, damaged or marked otherwise is computed anew. Writing is atomic, so that processes may share
    the folder; a folder that cannot be written only costs the time of computing again. `compute` returns JSON data.
    """
    path = directory() / f"{name}.json"
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(path.read_bytes())
        if isinstance(kept, dict) and kept.get("mark") == mark and "facts" in kept:
            return kept["facts"]
    facts = compute()
    with contextlib.suppress(OSError):
        _write(path, json.dumps({"mark": mark, "facts": facts}, separators=(",", ":")))
    return facts


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
