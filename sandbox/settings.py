"""What a project tells the sandbox: `[tool.sandbox]` of its pyproject.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def settings(project: Path) -> dict[str, Any]:
    """The table, empty for a project without it."""
    path = project / "pyproject.toml"
    content = tomllib.loads(path.read_text()) if path.exists() else {}
    found: dict[str, Any] = content.get("tool", {}).get("sandbox", {})
    return found
