"""What the emulated cloud is made of: to tell one that was started before its code changed from one that was started since."""

from __future__ import annotations

import hashlib
import importlib.metadata
from pathlib import Path

_FOLDER = Path(__file__).parent


def fingerprint(folder: Path = _FOLDER) -> str:
    """Changes with any source file of the emulated cloud, and with the version of moto."""
    digest = hashlib.sha256(importlib.metadata.version("moto").encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
