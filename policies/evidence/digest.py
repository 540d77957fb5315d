"""What judged, as digests: whoever has the repository at a commit can compute them again."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_JUDGES = (
    "policies/*.py",
    "policies/controls/**/*.py",
    "policies/packs/*/*.py",
    "policies/packs/*/PulumiPolicy.yaml",
    "policies/clauses/*.yaml",
)
_CONFIGURES = ("policies/*.yaml", "config/**/*.yaml", "config/*.py", "Pulumi.yaml", "Pulumi.*.yaml")


@cache
def of_controls(root: Path = ROOT) -> str:
    """Return the SHA-256 of all that judges: controls, packs and the clauses they are read against; 64 hexadecimal digits."""
    return _digest(root, _JUDGES)


@cache
def of_configuration(root: Path = ROOT) -> str:
    """Return the SHA-256 of what says how to judge, and what: settings, exceptions, registers and the stacks' configuration."""
    return _digest(root, _CONFIGURES)


def _digest(root: Path, patterns: Iterable[str]) -> str:
    found = {path.relative_to(root).as_posix(): path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    digest = hashlib.sha256()
    for name, path in sorted(found.items()):
        # Lengths before texts: two files cannot pass for one, nor a name for a text.
        content = path.read_bytes()
        digest.update(f"{len(name)} {name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()
